/**
 * Newest wins, for objects. An object is first put on condition that nothing has its key: one request, and the
 * usual case. Where an object is there, its metadata decide: an older revision of the same record is overwritten,
 * on condition that it is unchanged; a newer one stays; another record's object is left alone, and the next of our
 * keys is tried. Every write has a condition, so that writers in other processes cannot come in between.
 */
import { failure } from "../failure.ts";
import type { FoundObject, NewObject, ObjectStore, PutCondition } from "./store.ts";

/** The outcome of a write. "kept": the same or something newer was found, and nothing was written. */
export type Outcome = { readonly key: string; readonly result: "written" | "kept" };

/** Tries while other writers come in between, before the delivery is put off. */
const rounds = 50;

/**
 * Puts the object under the first key that is free or its own. `objects` differ in their keys alone.
 * @throws DeliveryError
 */
export async function putNewest(
  store: ObjectStore,
  objects: readonly NewObject[],
  conditions: boolean,
  signal: AbortSignal,
): Promise<Outcome> {
  for (const object of objects) {
    const write = conditions ? putOnCondition : putAfterLook;
    // No other item has the last key: an object there is ours even if it has lost its metadata.
    const result = await write(store, object, object === objects.at(-1), signal);
    if (result !== "foreign") return { key: object.key, result };
  }
  throw failure("DELIVERY_FAILED", "every key for the object is taken");
}

type Result = Outcome["result"] | "foreign";

async function putOnCondition(
  store: ObjectStore,
  object: NewObject,
  ours: boolean,
  signal: AbortSignal,
): Promise<Result> {
  let condition: PutCondition = "absent";
  for (let round = 0; round < rounds; round++) {
    if ((await store.put(object, condition, signal)) === "written") return "written";
    const found = await store.head(object.key, signal);
    const standing = found === null ? "older" : judge(found, object, ours);
    if (standing !== "older") return standing;
    condition = found === null ? "absent" : { over: found.version };
  }
  throw failure("DELIVERY_FAILED", "others kept writing the same object");
}

/** The writer for stores that ignore conditions: an older revision written at the same instant may win. */
async function putAfterLook(
  store: ObjectStore,
  object: NewObject,
  ours: boolean,
  signal: AbortSignal,
): Promise<Result> {
  const found = await store.head(object.key, signal);
  const standing = found === null ? "older" : judge(found, object, ours);
  if (standing !== "older") return standing;
  await store.put(object, "always", signal);
  return "written";
}

function judge(
  { metadata: found }: FoundObject,
  { metadata: own }: NewObject,
  ours: boolean,
): Result | "older" {
  if (found.identity !== own.identity) return ours ? "older" : "foreign";
  const [there, here] = [Number(found.revision ?? 0), Number(own.revision ?? 0)];
  if (there > here) return "kept";
  const delivered = there === here && found.sha256 === own.sha256 && found.eventid === own.eventid;
  return delivered ? "kept" : "older";
}
