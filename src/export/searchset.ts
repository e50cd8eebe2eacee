/** Records as a searchset Bundle of FHIR: the answer to a read, where a transaction would tell a server to write. */
import type { ExportableRecord, ExportSettings, LeftOut } from "./contract.ts";
import { type Served, servedRecord } from "./fhir/served.ts";

export interface Searchset {
  readonly bytes: Buffer;
  /** Of each record in their order. */
  readonly leftOut: readonly (readonly LeftOut[])[];
}

export interface SearchsetAddresses {
  /** Of our FHIR server. */
  readonly serverUrl: string;
  /** What was asked for. */
  readonly selfUrl: string;
}

/**
 * Returns the Observations of the records as matches, and the Patients and Devices that they name beside them, each
 * with the address and the id by which our FHIR server answers it. A resource that several records have occurs once.
 * Without Observations (an athlete) the Patient is the match. What could not be expressed is in an OperationOutcome.
 */
export function searchsetOf(
  records: readonly ExportableRecord[],
  settings: ExportSettings,
  { serverUrl, selfUrl }: SearchsetAddresses,
): Searchset {
  const served = records.map((record) => servedRecord(record, settings));
  const unique = new Map(served.flatMap(({ resources }) => resources.map((one) => [one.id, one] as const)));
  const hasObservations = [...unique.values()].some(isObservation);
  const entry = [...unique.values()].map((resource) => ({
    fullUrl: `${serverUrl}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode: !hasObservations || isObservation(resource) ? "match" : "include" },
  }));
  const total = entry.filter(({ search }) => search.mode === "match").length;
  const leftOut = served.map(({ leftOut: fields }) => fields);
  const entries = [...entry, ...outcomeOf(records, leftOut)];
  // FHIR has no empty lists.
  const bundle = {
    resourceType: "Bundle",
    type: "searchset",
    total,
    link: [{ relation: "self", url: selfUrl }],
    ...(entries.length > 0 && { entry: entries }),
  };
  return { bytes: Buffer.from(JSON.stringify(bundle)), leftOut };
}

/** A record has a few at the most; many records may have very many. */
const mostIssues = 100;

/** FHIR's own way to say something about an answer; nothing where nothing is left out. */
function outcomeOf(records: readonly ExportableRecord[], leftOut: Searchset["leftOut"]) {
  const issue = leftOut
    .flatMap((fields, index) => fields.map((one) => ({ ...one, record: records[index]?.naturalKey })))
    .slice(0, mostIssues)
    .map(({ record, field, reason }) => ({
      severity: "warning",
      code: "value",
      diagnostics: `${field} of ${record} is left out: ${reason}`,
    }));
  if (issue.length === 0) return [];
  return [{ resource: { resourceType: "OperationOutcome", issue }, search: { mode: "outcome" } }];
}

const isObservation = ({ resourceType }: Served): boolean => resourceType === "Observation";
