/** Records as a searchset Bundle of FHIR: the answer to a read, where a transaction would tell a server to write. */
import type { ExportableRecord, ExportSettings } from "./contract.ts";
import { resourcesOf } from "./fhir/bundle.ts";

/**
 * Returns the Observations of the records as matches, and the Patients and Devices that they name beside them. A
 * resource that several records have occurs once. Without Observations (an athlete) the Patient is the match.
 */
export function searchsetOf(records: readonly ExportableRecord[], settings: ExportSettings): Buffer {
  const resources = records.flatMap((record) => resourcesOf(record, settings).resources);
  const unique = new Map(resources.map((one) => [one.id, one.resource]));
  const matched = [...unique.values()].filter(({ resourceType }) => resourceType === "Observation");
  const isMatch = (resourceType: string): boolean => matched.length === 0 || resourceType === "Observation";
  const entry = [...unique].map(([id, resource]) => ({
    fullUrl: `urn:uuid:${id}`,
    resource: { ...resource, id },
    search: { mode: isMatch(resource.resourceType) ? "match" : "include" },
  }));
  const total = entry.filter(({ search }) => search.mode === "match").length;
  // FHIR has no empty lists.
  const bundle = { resourceType: "Bundle", type: "searchset", total, ...(entry.length > 0 && { entry }) };
  return Buffer.from(JSON.stringify(bundle));
}
