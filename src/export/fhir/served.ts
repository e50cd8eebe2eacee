/**
 * Resources as our own server and its files have them: each with an id of its own, and references of the form `Type/id`.
 * The id of a Patient is the user_id; those of the others are in served-id.ts.
 */
import type { ExportableRecord, ExportSettings, LeftOut } from "../contract.ts";
import { resourcesOf } from "./bundle.ts";
import { deviceOf } from "./device.ts";
import { deviceId, observationId } from "./served-id.ts";
import { systemsOf } from "./systems.ts";
import type { Device, Observation, Patient, Reference, Resource } from "./types.ts";

interface WithId {
  readonly id: string;
}
export type ServedDevice = Device & WithId;
export type Served = (Patient & WithId) | ServedDevice | (Observation & WithId);

export interface ServedRecord {
  /** The Patient first, then the Device if there is one, then the Observations. */
  readonly resources: readonly Served[];
  readonly leftOut: readonly LeftOut[];
}

export function servedRecord(record: ExportableRecord, settings: ExportSettings): ServedRecord {
  const { resources, leftOut } = resourcesOf(record, settings);
  const named = resources.map(({ id, resource }) => ({
    name: `urn:uuid:${id}`,
    id: idOf(record, id, resource),
    resource,
  }));
  const links = new Map(
    named.map(({ name, id, resource }) => [name, { reference: `${resource.resourceType}/${id}` }]),
  );
  const link = (reference: Reference): Reference => links.get(reference.reference) ?? reference;
  return { resources: named.map(({ id, resource }) => withId(id, linked(resource, link))), leftOut };
}

/** Returns the Device that the data of a record names, whatever else is in them; null where they name none. */
export function servedDevice(
  userId: string,
  data: unknown,
  { fhirBase }: ExportSettings,
): ServedDevice | null {
  const patient = { reference: `Patient/${userId}` };
  const device = deviceOf(userId, data, patient, systemsOf(fhirBase), () => {});
  return device && (withId(deviceId(userId, device.id), device.resource) as ServedDevice);
}

function idOf(record: ExportableRecord, uuid: string, { resourceType }: Resource): string {
  switch (resourceType) {
    case "Patient":
      return record.userId;
    case "Device":
      return deviceId(record.userId, uuid);
    case "Observation":
      return observationId(record, uuid);
  }
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
