/**
 * The collections' indexes: Terra's, and the one on the identity that newest-wins needs. They are made before a
 * sender's first write to a collection, and again after a minute, since a dropped collection loses them. Making an
 * index that exists changes nothing.
 */
import type { Db, Document } from "mongodb";
import type { Collection } from "../kit/documents/entries.ts";
import { thrownFailure } from "./failure.ts";
import { identityIndex } from "./statements.ts";

const againAfterMs = 60_000;
/** Several deliveries may wait for the command: it is not aborted together with one of them. */
const timeoutMs = 8_000;

/**
 * An index with other options or another name exists (IndexOptionsConflict, IndexKeySpecsConflict), the collection
 * cannot have it (CannotCreateIndex: a collection that is sharded by another key), or holds documents that
 * contradict it. Documents are written all the same.
 */
const tolerable = new Set<unknown>([85, 86, 67, 11_000]);

const ofUser = [ascending("user.user_id"), ascending("user.reference_id")];
const ofData = [...ofUser, descending("metadata.start_time"), descending("metadata.end_time")];
const ofIdentity = { ...ascending("systole.identity"), name: identityIndex, unique: true, sparse: true };

const ofResources = [
  ...ofUser,
  ascending("resourceType"),
  ascending("systole.patient_id"),
  ascending("systole.record"),
];

export const indexesOf = (collection: Collection): Document[] => [ofIdentity, ...othersOf(collection)];

function othersOf(collection: Collection): readonly Document[] {
  if (collection === "fhir_resources") return ofResources;
  return collection in { athlete: 1, user_events: 1, fhir_records: 1 } ? ofUser : ofData;
}

export class Indexes {
  readonly #db: Db;
  readonly #made = new Map<Collection, { readonly at: number; readonly done: Promise<void> }>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** @throws DeliveryError */
  async ensure(collection: Collection): Promise<void> {
    const known = this.#made.get(collection);
    if (known !== undefined && Date.now() - known.at < againAfterMs) return known.done;
    const done = make(this.#db, collection);
    this.#made.set(collection, { at: Date.now(), done });
    try {
      await done;
    } catch (thrown) {
      this.#made.delete(collection);
      throw thrownFailure(thrown, "createIndex");
    }
  }
}

/** Makes the indexes together, or one by one: an index that is impossible must not prevent the others. */
async function make(db: Db, collection: Collection): Promise<void> {
  const indexes = indexesOf(collection);
  if (await create(db, collection, indexes)) return;
  for (const index of indexes) await create(db, collection, [index]);
}

/** Returns whether the indexes exist now. @throws the driver's error */
async function create(db: Db, collection: Collection, indexes: Document[]): Promise<boolean> {
  const command = { createIndexes: collection, indexes, writeConcern: { w: "majority" } };
  try {
    await db.command(command, { signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch (thrown) {
    if (tolerable.has((thrown as { code?: unknown }).code)) return false;
    throw thrown;
  }
}

function ascending(field: string): Document {
  return { key: { [field]: 1 }, name: field };
}

function descending(field: string): Document {
  return { key: { [field]: -1 }, name: `${field}_desc` };
}
