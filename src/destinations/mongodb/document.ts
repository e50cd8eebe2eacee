/** An entry as BSON: its possible ids, and its document, which must not be larger than MongoDB takes. */
import { BSON, type Document } from "mongodb";
import type { Entry } from "../kit/documents/entries.ts";
import type { Fields } from "../kit/documents/exact-json.ts";
import { Unfit } from "../kit/documents/unfit.ts";

/** An `_id`. */
export type Id = string | Readonly<Record<string, string | null>>;

export interface MongoDocument {
  /** Without an `_id`. */
  readonly fields: Document;
  /** No more than this, in BSON. */
  readonly bytes: number;
}

/** 16 MiB, less the rest of the command around a document. */
export const mostBytes = 16 * 1_024 * 1_024 - 64 * 1_024;
/** A list of one-digit numbers has two bytes for each in JSON, and up to fourteen in BSON. */
const mostGrowth = 8;

/** @throws Unfit */
export function encodeFields(fields: Fields, { json }: Entry): MongoDocument {
  const operator = Object.keys(fields).find((name) => name.startsWith("$"));
  if (operator !== undefined) throw new Unfit("shape", `a field ${operator}, which would be an operator`);
  const atMost = (json.length + 4_096) * mostGrowth;
  const bytes = atMost > mostBytes ? BSON.calculateObjectSize(fields) : atMost;
  if (bytes > mostBytes) throw new Unfit("size", `${bytes} bytes`);
  return { fields: fields as Document, bytes };
}

/**
 * Returns Terra's key, and the key to use when another record has that one: with the entry's distinction, which no
 * other entry has.
 */
export function idsOf({ event, collection, identity, time, distinction }: Entry): readonly [Id, Id] {
  const { userId, id: eventId } = event;
  switch (collection) {
    case "athlete":
      return [userId ?? distinction, { user_id: userId, natural_key: distinction }];
    case "user_events": {
      const id = { user_id: userId, event_time: time };
      return [id, { ...id, event_id: distinction }];
    }
    case "fhir_records":
    case "fhir_resources":
      return [identity, { identity, event_id: eventId }];
    default: {
      const id = { user_id: userId, start_time: time };
      return [id, { ...id, natural_key: distinction }];
    }
  }
}
