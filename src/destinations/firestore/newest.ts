/**
 * Newest wins. A query tells where the record's identity stands, in which revision and since when; a record stays
 * where it stands when its start changes. An older revision is overwritten on condition that it is unchanged since
 * the query, a record that stands nowhere is created where nothing is, and a newer revision is left alone. A writer
 * in another process that comes in between makes the write fail, and the query is repeated. A name that another
 * record has is left to it, and the next of ours is tried.
 */
import type { DeliveryError } from "../destination.ts";
import { chunksOf, sendSplitting } from "../kit/chunks.ts";
import type { NewestStore, Pending, WriteResult } from "../kit/documents/newest.ts";
import { asDeliveryError } from "../kit/failure.ts";
import { rejection, rpcCode, type Status, writeFailure } from "./answer.ts";
import { type Api, type Found, permissionOf, type Write } from "./api.ts";
import { encode, parent, pathsOf } from "./document.ts";

/** The most values that one query may ask for. */
const queryLimits = { count: 30 };
const chunkLimits = { count: 100, bytes: 8 * 1_024 * 1_024, sizeOf: ({ json }: Write) => json.length };

/** The number of the entry's names that were found taken. */
type NamesTaken = number;
type Open = Pending<string, NamesTaken>;

export function firestoreStore(api: Api): NewestStore<string, NamesTaken> {
  return {
    encode,
    firstStep: () => 0,
    failureOf: asDeliveryError,
    async attempt(open, signal) {
      const standing = await standingOf(api, open, signal);
      const writes = writesOf(open, standing);
      const statuses = await statusesOf(api, [...writes.values()], signal);
      return open.map((pending) => {
        const { entry, step } = pending;
        const write = writes.get(pending);
        if (write !== undefined) return resultOf(write, step, statuses.get(write) ?? {});
        const isSuperseded = (standing.get(entry.identity)?.revision ?? 0) > (entry.revision ?? 0);
        return isSuperseded ? "written" : { next: step };
      });
    },
  };
}

/** A record that is there. */
interface Standing extends Pick<Found, "path" | "updateTime"> {
  readonly identity: string;
  /** 0 for an event, which never changes. */
  readonly revision: number;
}

/** The documents of these records, by identity; of several documents the newest. */
async function standingOf(
  api: Api,
  open: readonly Open[],
  signal: AbortSignal,
): Promise<Map<string, Standing>> {
  const groups = [...Map.groupBy(open, ({ entry }) => entry.collection)];
  const queries = groups.flatMap(([collection, some]) =>
    chunksOf(some, queryLimits).map(async (piece) => {
      const values = piece.map(({ entry }) => entry.identity);
      const select = ["systole.identity", "systole.revision"];
      const query = { parent, collection, field: "systole.identity", values, select };
      return (await api.find(query, signal)).map(standing);
    }),
  );
  const found = (await Promise.all(queries)).flat();
  found.sort((one, other) => one.revision - other.revision);
  return new Map(found.map((each) => [each.identity, each]));
}

function standing({ path, updateTime, fields }: Found): Standing {
  const { mapValue } = fields.systole as { mapValue: { fields: Record<string, Record<string, string>> } };
  const { identity, revision } = mapValue.fields;
  return {
    path,
    updateTime,
    identity: identity?.stringValue ?? "",
    revision: Number(revision?.integerValue ?? 0),
  };
}

/**
 * The writes of this round; none where something newer stands. A request may write a document once: an entry that
 * shares its name with one before finds the name taken in the next round.
 */
function writesOf(open: readonly Open[], standing: ReadonlyMap<string, Standing>): Map<Open, Write> {
  const writes = new Map<Open, Write>();
  const paths = new Set<string>();
  for (const pending of open) {
    const write = writeOf(pending, standing.get(pending.entry.identity));
    if (write === null || paths.has(write.path)) continue;
    writes.set(pending, write);
    paths.add(write.path);
  }
  return writes;
}

function writeOf({ entry, document: json, step: taken }: Open, standing: Standing | undefined): Write | null {
  if (standing !== undefined) {
    const { path, updateTime, revision } = standing;
    return revision > (entry.revision ?? 0) ? null : { path, json, condition: { updateTime } };
  }
  const paths = pathsOf(entry);
  const path = paths[Math.min(taken, paths.length - 1)] as string;
  return { path, json, condition: { exists: false } };
}

/** The status of each write; a failure of their whole request is the failure of each. */
async function statusesOf(
  api: Api,
  writes: readonly Write[],
  signal: AbortSignal,
): Promise<Map<Write, Status | DeliveryError>> {
  const requests = chunksOf(writes, chunkLimits).map(async (chunk) => {
    const statuses = await sendSplitting<Write, Status | DeliveryError>(chunk, (some) =>
      api.batchWrite(some, signal).catch((thrown: unknown) => some.map(() => asDeliveryError(thrown))),
    );
    return chunk.map((write, index) => [write, statuses[index] ?? {}] as const);
  });
  return new Map((await Promise.all(requests)).flat());
}

function resultOf(write: Write, taken: NamesTaken, status: Status | DeliveryError): WriteResult<NamesTaken> {
  if (status instanceof Error) return status;
  switch (status.code ?? rpcCode.ok) {
    case rpcCode.ok:
      return "written";
    case rpcCode.alreadyExists:
      return { next: taken + 1 };
    case rpcCode.failedPrecondition:
    case rpcCode.notFound:
    case rpcCode.aborted:
      return { next: taken };
    case rpcCode.invalidArgument:
      return { refused: rejection(status) };
    default:
      return writeFailure(status, permissionOf([write]));
  }
}
