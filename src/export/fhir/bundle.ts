/**
 * A record as a transaction Bundle of FHIR R4 (4.0.1). Pure: the same record makes the same bytes on every machine.
 *
 * - Observations and Devices are written with `PUT …?identifier=`: the same record twice leaves one resource, a higher
 *   revision replaces a lower one. The revision is in meta.tag.
 * - The Patient is made when there is none (`ifNoneExist`), so that a workout does not remove what the profile said.
 *   The profile itself is written with PUT.
 * - What the former revision had and this one has not is deleted in the same transaction. Devices stay: other records
 *   name them too.
 */
import type { DataType } from "../../models/index.ts";
import type { ExportableRecord, ExportSettings, LeftOut } from "../contract.ts";
import { observationsOf, recordSpan } from "./build.ts";
import { ownCoding } from "./codes.ts";
import { type Context, type LeaveOut, valueAt } from "./context.ts";
import { deviceOf } from "./device.ts";
import { sleepUploadTypes, uploadTypes } from "./own-codes.ts";
import { patientId, patientOf, patientOfAthlete } from "./patient.ts";
import { plans } from "./plan.ts";
import { type Systems, systemsOf } from "./systems.ts";
import { timeReader } from "./time.ts";
import type { Bundle, Coding, Entry, Resource } from "./types.ts";
import { reasons } from "./value.ts";

/** A resource, and the id by which the Bundle's references name it. */
export interface IdentifiedResource {
  readonly id: string;
  readonly resource: Resource;
}

export interface Resources {
  /** The Patient first, then the Device if there is one, then the Observations. */
  readonly resources: readonly IdentifiedResource[];
  readonly leftOut: readonly LeftOut[];
}

/** Returns the record's resources. References among them are `urn:uuid:` and the id. */
export function resourcesOf(source: ExportableRecord, settings: ExportSettings): Resources {
  const leftOut = new Map<string, LeftOut>();
  const leaveOut: LeaveOut = (field, reason) => leftOut.set(`${field} ${reason}`, { field, reason });
  const systems = systemsOf(settings.fhirBase);
  const person = { id: patientId(source.userId), resource: patientOf(source, systems) };
  const rest =
    source.type === "athlete"
      ? [
          {
            ...person,
            resource: patientOfAthlete(person.resource, source.data, settings.birthDate, leaveOut),
          },
        ]
      : [person, ...recordResources(source, systems, person.id, leaveOut)];
  return { resources: rest, leftOut: [...leftOut.values()] };
}

const referenceTo = (id: string) => ({ reference: `urn:uuid:${id}` });

function recordResources(
  source: ExportableRecord,
  systems: Systems,
  personId: string,
  leaveOut: LeaveOut,
): IdentifiedResource[] {
  const { userId, type, naturalKey: key, data } = source;
  const patient = referenceTo(personId);
  const device = deviceOf(userId, data, patient, systems, leaveOut);
  const plan = plans[type];
  const base: Omit<Context, "span"> = {
    table: plan.table,
    systems,
    idParts: [userId, type, key],
    patient,
    device: device === null ? undefined : referenceTo(device.id),
    tags: tagsOf(source, systems, leaveOut),
    leaveOut,
    readTime: timeReader(systems.localTime),
  };
  const observations = observationsOf({ ...base, span: recordSpan(base, data) }, plan, data);
  return [...(device === null || observations.length === 0 ? [] : [device]), ...observations];
}

/** The revision, and how the data came to the provider. */
function tagsOf({ type, revision, data }: ExportableRecord, systems: Systems, leaveOut: LeaveOut): Coding[] {
  const tag = { system: systems.revision, code: String(revision) };
  const upload = valueAt(data, "metadata.upload_type");
  if (upload === undefined || upload === null) return [tag];
  const code = (type === "sleep" ? sleepUploadTypes : uploadTypes).get(upload);
  if (code === undefined) leaveOut("metadata.upload_type", reasons.noCode);
  return code === undefined ? [tag] : [tag, ownCoding(code, systems)];
}

export interface Transaction {
  readonly bundle: Bundle;
  readonly leftOut: readonly LeftOut[];
}

/** Returns the transaction that writes the record and deletes what it lost. */
export function transactionOf(source: ExportableRecord, settings: ExportSettings): Transaction {
  const { resources, leftOut } = resourcesOf(source, settings);
  const kept = new Set(resources.map(({ id }) => id));
  const lost = formerResources(source, settings).filter(
    ({ id, resource }) => resource.resourceType === "Observation" && !kept.has(id),
  );
  const systems = systemsOf(settings.fhirBase);
  const entry = [
    ...resources.map((one) => writeEntry(one, source.type)),
    ...lost.map(({ id }) => deleteEntry(id, systems)),
  ];
  return { bundle: { resourceType: "Bundle", type: "transaction", entry }, leftOut };
}

function formerResources(source: ExportableRecord, settings: ExportSettings): readonly IdentifiedResource[] {
  const { former, ...rest } = source;
  return former === undefined
    ? []
    : resourcesOf({ ...rest, data: former } as ExportableRecord, settings).resources;
}

const search = (system: string, value: string): string =>
  `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`;

function writeEntry({ id, resource }: IdentifiedResource, type: DataType): Entry {
  const { system, value } = resource.identifier[0] as { system: string; value: string };
  const { resourceType } = resource;
  const query = search(system, value);
  const request =
    resourceType === "Patient" && type !== "athlete"
      ? ({ method: "POST", url: resourceType, ifNoneExist: query } as const)
      : ({ method: "PUT", url: `${resourceType}?${query}` } as const);
  return { fullUrl: `urn:uuid:${id}`, resource, request };
}

const deleteEntry = (id: string, { resource }: Systems): Entry => ({
  request: { method: "DELETE", url: `Observation?${search(resource, id)}` },
});
