/**
 * The manifest: which key the present object of each record has. The start of a record is part of its object's key,
 * so that a revision with another start is put at another key. An entry for each record names its present object
 * and the revision. It is written after the object, on condition that it is unchanged; a writer that finds a newer
 * entry takes back its own object.
 *
 * An object at a former key is first overwritten, on condition, by a body without records, which no reader takes
 * for data, and then removed where that is allowed.
 */
import { DeliveryError } from "../../destination.ts";
import { failure } from "../failure.ts";
import { objectsOf } from "./content.ts";
import type { Item } from "./layout.ts";
import { type Outcome, putNewest } from "./newest.ts";
import type { Compression, FoundObject, NewObject, ObjectStore, PutCondition } from "./store.ts";

/** Tries while other writers come in between, before the delivery is put off. */
const rounds = 20;

export interface Writing {
  readonly store: ObjectStore;
  readonly compression: Compression;
  /** Whether the store obeys conditions. */
  readonly conditions: boolean;
  readonly signal: AbortSignal;
}

/** Puts the item's object, if it is the newest, and leaves no other object of the same record. @throws DeliveryError */
export async function putItem(writing: Writing, item: Item): Promise<Outcome> {
  const { store, compression, conditions, signal } = writing;
  const objects = await objectsOf(item, compression);
  const { manifestKey, revision } = item;
  if (manifestKey === null || revision === null) return putNewest(store, objects, conditions, signal);
  let written: Outcome | null = null;
  for (let round = 0; round < rounds; round++) {
    const found = await lookUp(writing, { manifestKey, mayBeNew: round === 0 && revision === 1 });
    const entry = found === "refused" ? null : found;
    if (entry !== null && revisionOf(entry) > revision) return overtaken(writing, objects, entry);
    const outcome = await putNewest(store, objects, conditions, signal);
    await retireFormer(writing, item, entry?.metadata.at, outcome.key);
    const condition = entry === null ? "absent" : { over: entry.version };
    const entered = await putEntry(writing, item, outcome.key, condition);
    // A later round finds the object of an earlier one and reports it as kept.
    written = writtenAt(outcome, written);
    // Credentials that may not read cannot keep a manifest; new records arrive all the same.
    if (entered === "written" || found === "refused") return written ?? outcome;
  }
  throw failure("DELIVERY_FAILED", "others kept writing the same record");
}

const writtenAt = ({ key, result }: Outcome, before: Outcome | null): Outcome | null =>
  result === "written" || before !== null ? { key, result: "written" } : null;

/** A first revision has no entry as a rule, and is not looked up: if there is one, writing the entry is refused. */
async function lookUp(
  writing: Writing,
  { manifestKey, mayBeNew }: { manifestKey: string; mayBeNew: boolean },
): Promise<FoundObject | null | "refused"> {
  return mayBeNew && writing.conditions ? null : headIfAllowed(writing, manifestKey);
}

async function retireFormer(
  writing: Writing,
  item: Item,
  former: string | undefined,
  at: string,
): Promise<void> {
  if (former === undefined || former === at) return;
  await retire(writing, former, { identity: item.identity, revision: item.revision ?? 0, at });
}

/** "refused" is also S3's answer for a missing object to credentials that may not list. */
async function headIfAllowed(
  { store, signal }: Writing,
  key: string,
): Promise<FoundObject | null | "refused"> {
  return store.head(key, signal).catch((failure: unknown) => {
    if (isNotAllowed(failure)) return "refused";
    throw failure;
  });
}

const isNotAllowed = (failure: unknown): boolean =>
  failure instanceof DeliveryError && failure.code === "DESTINATION_PERMISSION_MISSING";

const revisionOf = ({ metadata }: FoundObject): number => Number(metadata.revision ?? 0);

/** Takes back the objects of this revision: a newer one stands, maybe at another key. */
async function overtaken(
  writing: Writing,
  objects: readonly NewObject[],
  { metadata }: FoundObject,
): Promise<Outcome> {
  const { identity = "", revision, at = "" } = metadata;
  const keys = objects.map(({ key }) => key);
  if (!keys.includes(at)) {
    for (const key of keys) await retire(writing, key, { identity, revision: Number(revision), at });
  }
  return { key: at, result: "kept" };
}

function putEntry(
  { store, conditions, signal }: Writing,
  { identity, revision, manifestKey, facts, described }: Item,
  at: string,
  condition: PutCondition,
): ReturnType<ObjectStore["put"]> {
  const body = Buffer.from(JSON.stringify({ ...described, identity, revision, key: at }));
  const metadata = { ...facts, identity, revision: String(revision), at };
  const entry: NewObject = {
    key: String(manifestKey),
    body,
    contentType: "application/json",
    encoding: null,
    metadata,
  };
  return store.put(entry, conditions ? condition : "always", signal);
}

interface Present {
  readonly identity: string;
  readonly revision: number;
  /** The key of the record's present object. */
  readonly at: string;
}

/** Empties and removes the record's object at a former key, unless another record or a newer revision has the key. */
async function retire(writing: Writing, key: string, present: Present): Promise<void> {
  const { store, conditions, signal } = writing;
  const moved = await emptied(key, present);
  for (let round = 0; round < rounds; round++) {
    const found = await headIfAllowed(writing, key);
    if (found === null || found === "refused") return;
    if (found.metadata.identity !== present.identity) return;
    // An emptied object is removed whatever its revision: the writer that emptied it may have ended before removing it.
    if (found.metadata.at !== undefined) return removeIfAllowed(writing, key, found.version);
    if (revisionOf(found) > present.revision) return;
    await store.put(moved, conditions ? { over: found.version } : "always", signal);
  }
}

/** The body without records: compressed as the key says, with an empty `data`. */
async function emptied(key: string, { identity, revision, at }: Present): Promise<NewObject> {
  const compression = key.endsWith(".gz") ? "gzip" : key.endsWith(".zst") ? "zstd" : "none";
  const moved: Item = {
    keys: [""],
    extension: "",
    contentType: "application/json",
    identity,
    revision,
    manifestKey: null,
    described: {},
    facts: { at },
    body: () => Buffer.from(JSON.stringify({ type: "moved", key: at, revision, data: [] })),
  };
  const [object] = await objectsOf(moved, compression);
  return { ...(object as NewObject), key };
}

/** Credentials that may not remove leave the body without records. */
async function removeIfAllowed({ store, signal }: Writing, key: string, version: string): Promise<void> {
  try {
    await store.remove(key, signal, version);
  } catch (failure) {
    if (!isNotAllowed(failure)) throw failure;
  }
}
