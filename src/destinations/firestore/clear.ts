/** Deletes the FHIR resources that a record lost. */
import { chunksOf } from "../kit/chunks.ts";
import type { Entry } from "../kit/documents/entries.ts";
import { rpcCode, type Status, writeFailure } from "./answer.ts";
import { type Api, type Found, permissions } from "./api.ts";
import { parent } from "./document.ts";

/** The most values that one query may ask for, and the most writes of one request. */
const queryLimits = { count: 30 };
const writeLimits = { count: 500 };

/**
 * Compares with the revision that stands now, which may be newer than the one just written. A resource that another
 * writer changes meanwhile stays. @throws DeliveryError
 */
export async function clearResources(
  api: Api,
  records: readonly Entry[],
  signal: AbortSignal,
): Promise<void> {
  for (const some of chunksOf(records, queryLimits)) {
    const identities = some.map(({ identity }) => identity);
    const newest = new Map(
      (await find(api, "fhir_records", "identity", identities, signal)).map((one) => [one.of, one.revision]),
    );
    const found = await find(api, "fhir_resources", "record", identities, signal);
    const stale = found.filter(({ of, revision }) => revision < (newest.get(of) ?? 0));
    for (const chunk of chunksOf(stale, writeLimits)) {
      for (const status of await api.batchDelete(chunk, signal)) assertDone(status);
    }
  }
}

interface Revised extends Pick<Found, "path" | "updateTime"> {
  /** The identity of the record. */
  readonly of: string;
  readonly revision: number;
}

async function find(
  api: Api,
  collection: string,
  field: "identity" | "record",
  values: readonly string[],
  signal: AbortSignal,
): Promise<Revised[]> {
  const select = [`systole.${field}`, "systole.revision"];
  const query = { parent, collection, field: `systole.${field}`, values, select };
  return (await api.find(query, signal)).map(({ path, updateTime, fields }) => {
    const { mapValue } = fields.systole as { mapValue: { fields: Record<string, Record<string, string>> } };
    const { [field]: of, revision } = mapValue.fields;
    return { path, updateTime, of: of?.stringValue ?? "", revision: Number(revision?.integerValue ?? 0) };
  });
}

/** @throws DeliveryError */
function assertDone(status: Status): void {
  switch (status.code ?? rpcCode.ok) {
    case rpcCode.ok:
    case rpcCode.notFound:
    case rpcCode.failedPrecondition:
    case rpcCode.aborted:
      return;
    default:
      throw writeFailure(status, permissions.delete);
  }
}
