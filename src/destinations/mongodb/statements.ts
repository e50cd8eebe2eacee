/** Runs one `update` command with a statement for each document, and returns the result of each. */
import { BSON, type Db, type Document, MongoServerError } from "mongodb";
import { attemptMs, batchTime } from "../attempt-time.ts";
import type { DeliveryError } from "../destination.ts";
import type { Pending } from "../kit/documents/newest.ts";
import type { Id, MongoDocument } from "./document.ts";
import {
  isDocumentsFault,
  refusal,
  rejection,
  type ServerError,
  serverError,
  thrownFailure,
} from "./failure.ts";

/**
 * `put` writes under the id unless a newer revision stands; `replace` overwrites the record, whatever its id. Both
 * compare identity and revision in the same operation.
 */
export type Step = { readonly put: Id } | "replace";
export type Statement = Pending<MongoDocument, Step>;

/**
 * "written": also where a `replace` found something newer. "id taken": another document has the id. "stands": the
 * record is there, under another id or newer. `refused`: the server refused the document itself.
 */
export type StatementResult = "written" | "id taken" | "stands" | Refused | DeliveryError;

export interface Refused {
  readonly refused: ServerError;
}

export const identityIndex = "systole_identity";

const writeConcern = { w: "majority" };
const action = "update";
const duplicateKey = 11_000;
/** ImmutableField: the record stands under another `_id`. */
const otherId = 66;

/**
 * Returns results in the order given; "split" where the command failed and one document may be the cause. The driver
 * throws a write that the majority has not confirmed, like the refusal of the whole command.
 */
export async function runStatements(
  db: Db,
  collection: string,
  statements: readonly Statement[],
  signal: AbortSignal,
): Promise<readonly StatementResult[] | "split"> {
  const updates = statements.map(updateOf);
  const maxTimeMS = attemptMs(batchTime, statements.length, 0);
  const command = { update: collection, updates, ordered: false, writeConcern, maxTimeMS };
  try {
    return resultsOf(await db.command(command, { signal }), statements);
  } catch (thrown) {
    const refused = refusedCommand(thrown);
    if (refused === null) return statements.map(() => thrownFailure(thrown, action));
    return statements.length === 1 ? [{ refused }] : "split";
  }
}

function updateOf({ entry: { identity, revision }, document: { fields }, step }: Statement): Document {
  const q = {
    "systole.identity": identity,
    ...(revision !== null && { "systole.revision": { $lte: revision } }),
  };
  if (step === "replace") return { q, u: fields };
  return { q, u: { _id: step.put, ...fields }, upsert: true };
}

/** Returns the error if the written documents are its cause; null for the network, permissions or the server's state. */
function refusedCommand(thrown: unknown): ServerError | null {
  if (thrown instanceof BSON.BSONError) return { errmsg: thrown.message };
  if (!(thrown instanceof MongoServerError)) return null;
  const error = serverError(thrown);
  return error.code !== undefined && isDocumentsFault(error) ? error : null;
}

function resultsOf(answer: Document, statements: readonly Statement[]): readonly StatementResult[] {
  const all: StatementResult[] = statements.map(() => "written");
  for (const error of answer.writeErrors ?? []) all[error.index] = resultOf(error);
  return all;
}

function resultOf(error: ServerError): StatementResult {
  if (error.code === otherId) return "stands";
  if (error.code !== duplicateKey)
    return isDocumentsFault(error) ? { refused: error } : refusal(error, action);
  const index = /\bindex: (\S+)/.exec(error.errmsg ?? "")?.[1];
  if (index === "_id_") return "id taken";
  if (index === identityIndex) return "stands";
  // An index of the developer's own, over another field that has to be unique.
  return rejection(error);
}
