/** The FHIR resources of a record, for targets that keep each of them as a row or a document. */
import type { DataRecord } from "./records.ts";

/**
 * "record": it belongs to this record alone and is deleted when a later revision has it no more. "shared": other
 * records of the person have it too, and the latest one stands. "default": it is written where there is none.
 */
export type Ownership = "record" | "shared" | "default";

export interface FhirResource {
  readonly id: string;
  /** "Observation" */
  readonly resourceType: string;
  readonly ownership: Ownership;
  /** Of an Observation its first code, as `system|code`; null for others. */
  readonly code: string | null;
  /** When it was measured, as it is written: an instant with its offset, or a date. For one instant both are the same. */
  readonly effective: { readonly start: string | null; readonly end: string | null };
  /** The resource with its `id`; its references name the other resources by type and id. */
  readonly json: Buffer;
}

interface Resource {
  readonly resourceType: string;
  readonly code?: { readonly coding?: readonly { readonly system?: string; readonly code?: string }[] };
  readonly effectiveDateTime?: string;
  readonly effectivePeriod?: { readonly start?: string; readonly end?: string };
}

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Resource;
  readonly request: { readonly method: string };
}

const prefix = "urn:uuid:";

/** Whether the record is in the format `fhir`: a transaction Bundle. */
export const isFhir = ({ formed }: Pick<DataRecord, "formed">): boolean =>
  formed?.contentType === "application/fhir+json";

/**
 * Returns what the record's Bundle writes. What the Bundle deletes is not needed: a target that knows the resources of
 * each record deletes those that are not written again, also where it has missed revisions.
 */
export function fhirResources({ type, formed }: Pick<DataRecord, "type" | "formed">): FhirResource[] {
  const { entry } = JSON.parse(formed?.bytes.toString("utf8") ?? '{"entry":[]}') as { entry: Entry[] };
  const written = entry.flatMap(({ fullUrl, resource, request }) =>
    fullUrl === undefined || resource === undefined
      ? []
      : [{ id: fullUrl.slice(prefix.length), resource, method: request.method }],
  );
  const references = new Map(
    written.map(({ id, resource }) => [`${prefix}${id}`, `${resource.resourceType}/${id}`]),
  );
  return written.map(({ id, resource, method }) => {
    const { resourceType, ...rest } = resource;
    const ownership = method === "POST" ? "default" : ownershipOf(resourceType, type);
    const json = JSON.stringify({ resourceType, id, ...rest }, (name, value: unknown) =>
      name === "reference" && typeof value === "string" ? (references.get(value) ?? value) : value,
    );
    const { effectiveDateTime, effectivePeriod } = resource;
    const effective = {
      start: effectiveDateTime ?? effectivePeriod?.start ?? null,
      end: effectiveDateTime ?? effectivePeriod?.end ?? null,
    };
    return { id, resourceType, ownership, code: codeOf(resource), effective, json: Buffer.from(json) };
  });
}

function codeOf({ code }: Resource): string | null {
  const [first] = code?.coding ?? [];
  return first === undefined ? null : `${first.system ?? ""}|${first.code ?? ""}`;
}

/** A profile is a record of its own: its Patient is written by no other record but as a default. */
const ownershipOf = (resourceType: string, type: DataRecord["type"]): Ownership =>
  resourceType === "Observation" && type !== "athlete" ? "record" : "shared";

/**
 * The number by which the newest of two versions of a resource is known. Records have revisions of their own, so those
 * of a Device are compared by the time of the event; a profile's Patient has the profile's revision. A default is
 * older than any other, and the first one stands.
 */
export function versionOf(
  { ownership, resourceType }: Pick<FhirResource, "ownership" | "resourceType">,
  revision: number,
  orderingTimestamp: number,
): number {
  if (ownership === "default") return -orderingTimestamp;
  return resourceType === "Device" ? orderingTimestamp : revision;
}
