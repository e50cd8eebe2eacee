/**
 * Newest wins. A document is put under its `_id` by an upsert that looks for the record's identity in an older
 * revision. When that finds nothing it inserts, which fails when the record stands in a newer revision (the
 * index on the identity) or when another document has this `_id`. The next step depends on what is there:
 *
 * - The record itself, newer, or under another `_id` because it began at another time in an earlier revision:
 *   it is replaced where it stands if it is older. That is the last step: what it does not find is newer.
 * - Another record of the same person that began at the same time: the natural key is added to the `_id`.
 *
 * Each step is one operation that looks and writes, so that writers in other processes cannot come in between.
 */
import type { Db } from "mongodb";
import { DeliveryError } from "../destination.ts";
import { chunksOf, sendSplitting } from "../kit/chunks.ts";
import type { NewestStore, WriteResult } from "../kit/documents/newest.ts";
import { encodeFields, type Id, idsOf, type MongoDocument, mostBytes } from "./document.ts";
import { isDocumentsFault, rejection, thrownFailure } from "./failure.ts";
import type { Indexes } from "./indexes.ts";
import { runStatements, type Statement, type StatementResult, type Step } from "./statements.ts";

const chunkLimits = { count: 500, bytes: mostBytes, sizeOf: ({ document }: Statement) => document.bytes };

type CollectionName = Parameters<Indexes["ensure"]>[0];

export function collectionStore(
  db: Db,
  collection: CollectionName,
  indexes: Indexes,
): NewestStore<MongoDocument, Step> {
  const run = async (statements: readonly Statement[], signal: AbortSignal) => {
    const ran = await runStatements(db, collection, statements, signal);
    if (ran === "split") return ran;
    const taken = statements.filter((_, index) => ran[index] === "id taken");
    const owners = await ownersOf(db, collection, taken, signal);
    return statements.map((each, index) => resultOf(each, ran[index] as StatementResult, owners));
  };
  return {
    encode: encodeFields,
    firstStep: (entry) => ({ put: idsOf(entry)[0] }),
    failureOf: (thrown) => thrownFailure(thrown, "update"),
    async attempt(pending, signal) {
      await indexes.ensure(collection);
      const results: WriteResult<Step>[] = [];
      for (const chunk of chunksOf(pending, chunkLimits)) {
        results.push(...(await sendSplitting(chunk, (some) => run(some, signal))));
      }
      return results;
    },
  };
}

/** Identities by id, undefined for a document that is not ours; or why they could not be asked for. */
type Owners = ReadonlyMap<string, string | undefined> | DeliveryError;

/** Finds out which records have the ids that were taken. */
async function ownersOf(
  db: Db,
  collection: string,
  taken: readonly Statement[],
  signal: AbortSignal,
): Promise<Owners> {
  if (taken.length === 0) return new Map();
  const ids = taken.map(putId);
  const command = {
    find: collection,
    filter: { _id: { $in: ids } },
    projection: { "systole.identity": 1 },
    batchSize: ids.length,
    singleBatch: true,
  };
  try {
    const { cursor } = await db.command(command, { signal });
    const found = cursor.firstBatch as { _id: Id; systole?: { identity?: string } }[];
    return new Map(found.map(({ _id, systole }) => [keyOf(_id), systole?.identity]));
  } catch (thrown) {
    return thrownFailure(thrown, "find");
  }
}

function resultOf(statement: Statement, result: StatementResult, owners: Owners): WriteResult<Step> {
  if (result === "written" || result instanceof DeliveryError) return result;
  if (result === "stands") return { next: "replace" };
  if (result === "id taken") {
    return owners instanceof DeliveryError ? owners : { next: stepAfterTaken(statement, owners) };
  }
  const refused = rejection(result.refused);
  return isDocumentsFault(result.refused) ? { refused } : refused;
}

/** An id that was taken and is free again is tried again. */
function stepAfterTaken(statement: Statement, owners: ReadonlyMap<string, string | undefined>): Step {
  const { entry, step } = statement;
  const taken = keyOf(putId(statement));
  if (!owners.has(taken)) return step;
  const [, second] = idsOf(entry);
  const isOurs = owners.get(taken) === entry.identity || taken === keyOf(second);
  return isOurs ? "replace" : { put: second };
}

/** Only a `put` can find its id taken. */
const putId = ({ entry, step }: Statement): Id => (step === "replace" ? idsOf(entry)[0] : step.put);

const keyOf = (id: Id): string => JSON.stringify(id);
