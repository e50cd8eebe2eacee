/**
 * Resources as a server or a file has them: each with an id of its own, and references of the form `Type/id`. The id of
 * a Patient is the user_id; all others keep the UUID by which a Bundle names them.
 */
import type { ExportableRecord, ExportSettings } from "../contract.ts";
import { resourcesOf } from "./bundle.ts";
import type { Device, Observation, Patient, Reference, Resource } from "./types.ts";

interface WithId {
  readonly id: string;
}
export type Served = (Patient & WithId) | (Device & WithId) | (Observation & WithId);

/** Returns a record's resources: the Patient first, then the Device if there is one, then the Observations. */
export function servedResources(record: ExportableRecord, settings: ExportSettings): Served[] {
  const { resources } = resourcesOf(record, settings);
  const plainId = (id: string, { resourceType }: Resource): string =>
    resourceType === "Patient" ? record.userId : id;
  const links = new Map(
    resources.map(({ id, resource }) => [
      `urn:uuid:${id}`,
      { reference: `${resource.resourceType}/${plainId(id, resource)}` },
    ]),
  );
  const link = (reference: Reference): Reference => links.get(reference.reference) ?? reference;
  return resources.map(({ id, resource }) => withId(plainId(id, resource), linked(resource, link)));
}

/** `resourceType` and `id` come first, as readers of a line expect them. */
function withId(id: string, resource: Resource): Served {
  const { resourceType, ...rest } = resource;
  return { resourceType, id, ...rest } as Served;
}

function linked(resource: Resource, link: (reference: Reference) => Reference): Resource {
  switch (resource.resourceType) {
    case "Patient":
      return resource;
    case "Device":
      return { ...resource, patient: link(resource.patient) };
    case "Observation": {
      const { subject, performer, device, hasMember } = resource;
      return {
        ...resource,
        subject: link(subject),
        performer: performer.map(link),
        ...(device && { device: link(device) }),
        ...(hasMember && { hasMember: hasMember.map(link) }),
      };
    }
  }
}
