/** The documents that an event becomes: one for each record, or one for the event itself. */
import { type DataType, dataTypes } from "../../../models/index.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { fhirResources, isFhir, versionOf } from "../fhir-resources.ts";
import { digestOf } from "../identity.ts";
import { type DataRecord, dataRecords } from "../records.ts";

/** Terra's collections: one for each data type, and one for all other events. */
export type Collection = DataType | "user_events" | FhirCollection;

/** In the format `fhir`: one for the resources, and one that tells which revision of a record they are of. */
export type FhirCollection = "fhir_records" | "fhir_resources";

export const collections: readonly Collection[] = ["user_events", ...dataTypes];
export const fhirCollections: readonly FhirCollection[] = ["fhir_records", "fhir_resources"];

/** One document that is to be written. */
export interface Entry {
  readonly event: OutgoingEvent;
  readonly collection: Collection;
  /** The same for every revision of one record, and for no other record. */
  readonly identity: string;
  /** Tells it apart from others with the same key: a record's natural key, or the event's id. */
  readonly distinction: string;
  /** Higher is newer; null for an event, which never changes. */
  readonly revision: number | null;
  /** The time in Terra's key: the record's start, or the time at which the event was made. Null without any. */
  readonly time: string | null;
  readonly endTime: string | null;
  /** The record's or the event's JSON. */
  readonly json: Buffer;
  /** Of a resource in FHIR, or of the record that it is from. */
  readonly fhir?: FhirOrigin;
}

/** The record that a resource came from, and the person that it is about. */
export interface FhirOrigin {
  /** The identity of the record that it is deleted with; null where other records have it too. */
  readonly record: string | null;
  readonly type: DataType;
  readonly revision: number;
  readonly patientId: string | null;
}

/** @throws SystoleError INTERNAL when an event and its records disagree */
export function entriesOf(event: OutgoingEvent): Entry[] {
  if (event.records.length === 0) return [eventEntry(event)];
  return dataRecords(event).flatMap((record) =>
    isFhir(record) ? fhirEntries(event, record) : [recordEntry(event, record)],
  );
}

export const isRecord = ({ revision }: Entry): boolean => revision !== null;

function recordEntry(event: OutgoingEvent, record: DataRecord): Entry {
  const { type, naturalKey, revision, startTime, endTime, json } = record;
  return {
    event,
    collection: type,
    identity: digestOf(event.userId, type, naturalKey),
    distinction: naturalKey,
    revision,
    time: startTime,
    endTime,
    json,
  };
}

/** The record's own document comes first: it is the one that tells which revision is the newest. */
function fhirEntries(event: OutgoingEvent, record: DataRecord): Entry[] {
  const { type, naturalKey, revision, startTime: time, endTime } = record;
  const identity = digestOf(event.userId, type, naturalKey);
  const resources = fhirResources(record);
  const patientId = resources.find(({ resourceType }) => resourceType === "Patient")?.id ?? null;
  const common = { event, distinction: naturalKey, time, endTime };
  const ofRecord: Entry = {
    ...common,
    collection: "fhir_records",
    identity,
    revision,
    json: Buffer.from("{}"),
    fhir: { record: null, type, revision, patientId },
  };
  const ofResources = resources.map(
    (resource): Entry => ({
      ...common,
      collection: "fhir_resources",
      identity: resource.id,
      revision: versionOf(resource, revision, event.orderingTimestamp),
      json: resource.json,
      fhir: { record: resource.ownership === "record" ? identity : null, type, revision, patientId },
    }),
  );
  return [ofRecord, ...ofResources];
}

function eventEntry(event: OutgoingEvent): Entry {
  return {
    event,
    collection: "user_events",
    identity: digestOf(event.id),
    distinction: event.id,
    revision: null,
    time: new Date(event.orderingTimestamp).toISOString().replace("Z", "000Z"),
    endTime: null,
    json: event.body,
  };
}
