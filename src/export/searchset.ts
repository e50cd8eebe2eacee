/** Records as a searchset Bundle of FHIR: the answer to a read, where a transaction would tell a server to write. */
import type { ExportableRecord, ExportSettings, LeftOut } from "./contract.ts";
import { type Served, servedRecord } from "./fhir/served.ts";

export interface Searchset {
  readonly bytes: Buffer;
  /** Of each record in their order. */
  readonly leftOut: readonly (readonly LeftOut[])[];
}

/**
 * Returns the Observations of the records as matches, and the Patients and Devices that they name beside them, each
 * with the address and the id by which our FHIR server answers it. A resource that several records have occurs once.
 * Without Observations (an athlete) the Patient is the match.
 */
export function searchsetOf(
  records: readonly ExportableRecord[],
  settings: ExportSettings,
  serverUrl: string,
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
  // FHIR has no empty lists.
  const bundle = { resourceType: "Bundle", type: "searchset", total, ...(entry.length > 0 && { entry }) };
  return { bytes: Buffer.from(JSON.stringify(bundle)), leftOut: served.map(({ leftOut }) => leftOut) };
}

const isObservation = ({ resourceType }: Served): boolean => resourceType === "Observation";
