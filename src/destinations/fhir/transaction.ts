/** One transaction with the parts of several records, and what its answer means for each record. */
import type { DeliveryError } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { type Answer, jsonObject } from "../kit/http.ts";
import { entryRefusal, type Refusal, refusal } from "./outcome.ts";
import { isCreation, type PlannedEntry } from "./plan.ts";
import type { RecordBundle } from "./record-bundle.ts";
import type { FhirServer } from "./server.ts";

export interface PlannedRecord {
  readonly record: RecordBundle;
  readonly entries: readonly PlannedEntry[];
}

/** `again`: another writer came in between; what stands has to be read anew. The error is that of the last round. */
export type RecordResult = "written" | { readonly again: DeliveryError } | DeliveryError;

interface ResponseEntry {
  readonly response?: { readonly status?: string; readonly outcome?: Readonly<Record<string, unknown>> };
}

/**
 * Returns the result of each record; "split" where the transaction is refused and one record may be the cause.
 * @throws DeliveryError that all records have in common
 */
export async function sendTransaction(
  server: FhirServer,
  planned: readonly PlannedRecord[],
  signal: AbortSignal,
): Promise<readonly RecordResult[] | "split"> {
  const entries = merged(planned);
  const answer = await server.transact(transactionOf(entries), signal);
  if (answer.status >= 200 && answer.status < 300) return resultsOf(answer, planned, entries);
  const refused = refusal(answer, "transaction");
  if (refused.of === "all") throw refused.error;
  if (refused.of === "conflict") return planned.map(() => ({ again: refused.error }));
  const [only, another] = planned;
  return only === undefined || another !== undefined ? "split" : [named(refused, only, entries)];
}

export const transactionOf = (entry: readonly PlannedEntry[]): Buffer =>
  Buffer.from(JSON.stringify({ resourceType: "Bundle", type: "transaction", entry }));

/** The Patient and a Device occur once, whatever number of records names them. */
export function merged(planned: readonly PlannedRecord[]): PlannedEntry[] {
  const entries = planned.flatMap(({ entries }) => entries);
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

const keyOf = ({ fullUrl, request }: PlannedEntry): string => fullUrl ?? `${request.method} ${request.url}`;

/** A transaction is all or nothing, yet some servers carry it out as a batch and answer for each entry. */
function resultsOf(
  answer: Answer,
  planned: readonly PlannedRecord[],
  entries: readonly PlannedEntry[],
): RecordResult[] {
  const { resourceType, entry } = jsonObject(answer.text);
  if (resourceType !== "Bundle" || !Array.isArray(entry) || entry.length !== entries.length) {
    throw failure("DELIVERY_FAILED", "the answer is no transaction-response for the transaction", answer);
  }
  const responses = new Map(entries.map((one, index) => [keyOf(one), { response: entry[index], index }]));
  return planned.map(({ record, entries: own }) => {
    const results = own.map((one): RecordResult => {
      const { response = {}, index = 0 } = responses.get(keyOf(one)) ?? {};
      return resultOf(response, index, { one, record, entries });
    });
    return worstOf(results);
  });
}

interface Sent {
  readonly one: PlannedEntry;
  readonly record: RecordBundle;
  readonly entries: readonly PlannedEntry[];
}

function resultOf(given: ResponseEntry, index: number, { one, record, entries }: Sent): RecordResult {
  const { status = "", outcome = {} } = given.response ?? {};
  const code = Number.parseInt(status, 10);
  // What should be made was there already, and stayed as it was.
  if (code === 200 && isCreation(one, record)) return { again: metAnother };
  if (code >= 200 && code < 300) return "written";
  // What should be deleted is gone.
  if (one.request.method === "DELETE" && (code === 404 || code === 410)) return "written";
  if (Number.isNaN(code)) return failure("DELIVERY_FAILED", "an entry of the answer has no status");
  const refused = entryRefusal(code, outcome, index);
  if (refused.of === "conflict") return { again: refused.error };
  return named(refused, { record, entries: [one] }, entries);
}

const metAnother = failure("DELIVERY_FAILED", "another writer makes the same resources");

/** A record is written when each of its entries is; a failure that may pass comes before one that stays. */
function worstOf(results: readonly RecordResult[]): RecordResult {
  const rank = (result: RecordResult): number => {
    if (result === "written") return 0;
    if ("again" in result) return 2;
    return result.retry === "never" ? 1 : 3;
  };
  return results.reduce((worst, one) => (rank(one) > rank(worst) ? one : worst), "written" as RecordResult);
}

/** The refusal, with the record and the resources that the server named. */
function named(
  { error, entries: indexes }: Refusal,
  { record }: PlannedRecord,
  entries: readonly PlannedEntry[],
): DeliveryError {
  const resources = indexes.flatMap((index) => {
    const entry = entries[index];
    return entry === undefined ? [] : [describe(entry)];
  });
  const where = [record.name, ...resources].join(", ");
  const { status, response: text } = error.receipt;
  return failure(error.code as Parameters<typeof failure>[0], `${where}: ${String(error.details.reason)}`, {
    cause: error,
    ...(status !== undefined && { status }),
    ...(text !== undefined && { text }),
  });
}

/** "Observation 8867-4": the code is what a reader knows it by. */
function describe({ resource, request }: PlannedEntry): string {
  if (resource === undefined) return `${request.method} ${request.url}`;
  const code = resource.resourceType === "Observation" ? resource.code.coding?.[0]?.code : undefined;
  return [resource.resourceType, code].filter((word) => word !== undefined).join(" ");
}
