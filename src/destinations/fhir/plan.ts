/**
 * The entries of a record's part of a transaction, decided by what stands. Each is on a condition, so that a writer
 * that comes in between makes it fail: what stands is overwritten in the version that was read (`ifMatch`), and what
 * does not stand is made where nothing is (`ifNoneExist`).
 */
import type { Entry, Request } from "../../export/fhir/types.ts";
import type { OwnEntry, RecordBundle } from "./record-bundle.ts";
import type { Standing } from "./standing.ts";

export interface PlannedEntry extends Omit<Entry, "request" | "resource"> {
  readonly resource?: (NonNullable<Entry["resource"]> | OwnEntry["resource"]) & { readonly id?: string };
  readonly request: Request & { readonly ifMatch?: string };
}

/** Returns none where nothing is to be done: a newer revision stands. */
export function plannedEntries(record: RecordBundle, standing: readonly Standing[]): PlannedEntry[] {
  const newest = Math.max(0, ...standing.map(({ revision }) => revision));
  if (newest > record.revision) return staleOf(standing, newest);
  // No older revision can come late.
  if (record.revision === 1 && standing.length === 0 && record.own.every(isWithdrawn)) return [];
  const kept = new Set<Standing>();
  const own = record.own.map((entry) => {
    const there = standing.find((one) => isThere(one, entry));
    if (there !== undefined) kept.add(there);
    return there === undefined ? creation(entry) : update(entry, there);
  });
  const lost = standing.filter((one) => !kept.has(one));
  return [...record.shared, ...own, ...lost.flatMap(deletion)];
}

/** A newer revision wrote all of its resources: older ones beside them came from a writer that lost the race. */
const staleOf = (standing: readonly Standing[], newest: number): PlannedEntry[] =>
  standing.filter(({ revision }) => revision < newest).flatMap(deletion);

const isWithdrawn = ({ resource }: OwnEntry): boolean =>
  resource.resourceType === "Observation" && resource.status === "entered-in-error";

const isThere = ({ resourceType, identifiers }: Standing, { resource, identifier }: OwnEntry): boolean =>
  resourceType === resource.resourceType && identifiers.has(`${identifier.system}|${identifier.value}`);

const creation = ({ fullUrl, resource, search }: OwnEntry): PlannedEntry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  resource,
  request: { method: "POST", url: resource.resourceType, ifNoneExist: search },
});

const update = ({ fullUrl, resource }: OwnEntry, { id, version }: Standing): PlannedEntry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  resource: { ...resource, id },
  request: {
    method: "PUT",
    url: `${resource.resourceType}/${id}`,
    ...(version !== null && { ifMatch: `W/"${version}"` }),
  },
});

/** A person is never deleted here: other records name them. */
const deletion = ({ resourceType, id }: Standing): PlannedEntry[] =>
  resourceType === "Observation" ? [{ request: { method: "DELETE", url: `Observation/${id}` } }] : [];

/** Whether the entry is ours alone to make: that it was there already means that another writer was quicker. */
export const isCreation = ({ resource, request }: PlannedEntry, record: RecordBundle): boolean =>
  request.method === "POST" && record.own.some((own) => own.identifier === resource?.identifier[0]);
