/** What an event comes to in a store of documents: a document for each record, or one for the event itself. */
import { type DataType, dataTypes } from "../../../models/index.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { digestOf } from "../identity.ts";
import { type DataRecord, dataRecords } from "../records.ts";

/** Terra's: one for each data type, and one for all that is no data. */
export type Collection = DataType | "user_events";

export const collections: readonly Collection[] = ["user_events", ...dataTypes];

/** One document to be. */
export interface Entry {
  readonly event: OutgoingEvent;
  readonly collection: Collection;
  /** The same for every revision of one record, and for nothing else. */
  readonly identity: string;
  /** What tells it from others that claim the same key: a record's natural key, or the event's id. */
  readonly distinction: string;
  /** Higher is newer; null for an event, which never changes. */
  readonly revision: number | null;
  /** What Terra's key has beside the user: the record's start, or when the event came to be. Null without any. */
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
