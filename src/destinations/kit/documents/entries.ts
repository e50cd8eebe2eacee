/** The documents that an event becomes: one for each record, or one for the event itself. */
import { type DataType, dataTypes } from "../../../models/index.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { digestOf } from "../identity.ts";
import { type DataRecord, dataRecords } from "../records.ts";

/** Terra's collections: one for each data type, and one for all other events. */
export type Collection = DataType | "user_events";

export const collections: readonly Collection[] = ["user_events", ...dataTypes];

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
}

/** @throws SystoleError INTERNAL when an event and its records disagree */
export function entriesOf(event: OutgoingEvent): Entry[] {
  if (event.records.length === 0) return [eventEntry(event)];
  return dataRecords(event).map((record) => recordEntry(event, record));
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
