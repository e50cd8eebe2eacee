/**
 * The entries of a record's part of a transaction, decided by what stands. Each is on a condition, so that a writer
 * that comes in between makes it fail: what stands is overwritten in the version that was read (`ifMatch`), and what
 * does not stand is made where nothing is (`ifNoneExist`).
 */
import type { Entry, Request } from "../../export/fhir/types.ts";
import { type OwnEntry, type RecordBundle, type Withdrawn, withdrawnObservation } from "./record-bundle.ts";
import { isIdentifiedBy, type Standing } from "./standing.ts";

export interface PlannedEntry extends Omit<Entry, "request" | "resource"> {
  readonly resource?: (NonNullable<Entry["resource"]> | OwnEntry["resource"] | Withdrawn) & {
    readonly id?: string;
  };
  readonly request: Request & { readonly ifMatch?: string };
}

/** Returns none where nothing is to be done: a newer revision stands. */
export function plannedEntries(record: RecordBundle, standing: readonly Standing[]): PlannedEntry[] {
  const newest = Math.max(0, ...standing.map(({ revision }) => revision));
  if (newest > record.revision) return staleOf(record, standing, newest);
  // No older revision can come late.
  if (record.revision === 1 && standing.length === 0 && record.own.every(isWithdrawn)) return [];
  const kept = keptOf(record, standing);
  const own = record.own.map((entry) => {
    const there = kept.get(entry);
    return there === undefined ? creation(entry) : update(entry, there);
  });
  const written = new Set(kept.values());
  const lost = standing.filter((one) => !written.has(one));
  return [...record.shared, ...own, ...lost.flatMap(deletion)];
}

/**
 * What stands and is overwritten, by the entry. Where the record has nothing of what stands, its first Observation takes
 * the place of one that is lost: a deletion cannot depend on a version, so that a transaction with deletions alone would
 * also delete what a newer revision wrote in between.
 */
function keptOf(record: RecordBundle, standing: readonly Standing[]): Map<OwnEntry, Standing> {
  const kept = new Map<OwnEntry, Standing>();
  for (const entry of record.own) {
    const there = standing.find((one) => isThere(one, entry));
    if (there !== undefined) kept.set(entry, there);
  }
  const [first] = record.own.filter(({ resource }) => resource.resourceType === "Observation");
  const [lost] = standing.filter(({ resourceType }) => resourceType === "Observation");
  if (kept.size === 0 && first !== undefined && lost !== undefined) kept.set(first, lost);
  return kept;
}

/**
 * A newer revision wrote all of its resources: older ones beside them came from a writer that lost the race. They are
 * withdrawn and not deleted, since only an update depends on the version that was read: a revision that is still newer
 * may be writing them at this moment.
 */
const staleOf = (record: RecordBundle, standing: readonly Standing[], newest: number): PlannedEntry[] =>
  standing
    .filter(({ resourceType, revision, isWithdrawn: isGone }) => {
      return resourceType === "Observation" && revision < newest && !isGone;
    })
    .map((there) => {
      const tags = [record.tag, { system: record.revisionSystem, code: String(there.revision) }];
      return overwriting(there, withdrawnObservation(there.identifier, tags));
    });

const isWithdrawn = ({ resource }: OwnEntry): boolean =>
  resource.resourceType === "Observation" && resource.status === "entered-in-error";

const isThere = (there: Standing, { resource, identifier }: OwnEntry): boolean =>
  there.resourceType === resource.resourceType && isIdentifiedBy(there, identifier);

const creation = ({ fullUrl, resource, search }: OwnEntry): PlannedEntry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  resource,
  request: { method: "POST", url: resource.resourceType, ifNoneExist: search },
});

const update = ({ fullUrl, resource }: OwnEntry, there: Standing): PlannedEntry => ({
  ...(fullUrl !== undefined && { fullUrl }),
  ...overwriting(there, resource.resourceType === "Patient" ? withOthers(resource, there) : resource),
});

const overwriting = (
  { id, version }: Standing,
  resource: OwnEntry["resource"] | Withdrawn,
): Pick<PlannedEntry, "request" | "resource"> => ({
  resource: { ...resource, id },
  request: {
    method: "PUT",
    url: `${resource.resourceType}/${id}`,
    ...(version !== null && { ifMatch: `W/"${version}"` }),
  },
});

type OwnPatient = Extract<OwnEntry["resource"], { readonly resourceType: "Patient" }>;

/**
 * Returns the Patient with what others wrote into it: names, addresses, identifiers. A date of birth stays too where the
 * profile has none, since nobody can say whose it is.
 */
function withOthers(own: OwnPatient, { content, identifier }: Standing): OwnPatient {
  const foreign = identifier.filter((one) => !isIdentifiedBy(own, one));
  return {
    ...content,
    ...own,
    identifier: [...own.identifier, ...foreign],
    meta: { ...(content.meta as object), ...own.meta },
  };
}

/** A person is never deleted here: other records name them. */
const deletion = ({ resourceType, id }: Standing): PlannedEntry[] =>
  resourceType === "Observation" ? [{ request: { method: "DELETE", url: `Observation/${id}` } }] : [];

/** Whether the entry is ours alone to make: that it was there already means that another writer was quicker. */
export const isCreation = ({ resource, request }: PlannedEntry, record: RecordBundle): boolean =>
  request.method === "POST" && record.own.some((own) => own.identifier === resource?.identifier[0]);
