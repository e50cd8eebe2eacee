/**
 * The objects that an event becomes, and their keys:
 * `2022-03-16/{data_type}/{user_id}-{start_time}.json` for each record,
 * `2022-03-16/{event_type}/{user_id}-{timestamp}.json` for an event without records,
 * `2022-03-16/manifest/{data_type}/{identity}.json` for the key of each record's object (manifest.ts).
 */
import { payloadVersion } from "../../../models/index.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { digestOf } from "../identity.ts";
import { bodyWithOnly, type DataRecord, dataRecords } from "../records.ts";
import { boundedName, instantInKey, safePart, timeInKey } from "./names.ts";

/** One object that is to be written. */
export interface Item {
  /**
   * The keys at which it may be put, without their extension. The first is Terra's; each next one is for when another
   * record has the one before. The last belongs to this item alone.
   */
  readonly keys: readonly string[];
  /** The end of its key before that of a compression: `.json`. */
  readonly extension: string;
  readonly contentType: string;
  /** The identity of its record, or of its event without records. */
  readonly identity: string;
  /** Higher is newer; null for events without records, which never change. */
  readonly revision: number | null;
  /** The key of the record's manifest entry; null for events without records. */
  readonly manifestKey: string | null;
  /** Further fields of the manifest entry. */
  readonly described: Readonly<Record<string, string | null>>;
  /** Metadata for people to read. */
  readonly facts: Readonly<Record<string, string>>;
  body(): Buffer;
}

/** The content of a record, or of an event without records, that is not in another format. */
const json = { extension: ".json", contentType: "application/json" };
/** The length of the longest end that a compression adds, `.zst`. */
const compressedLength = 4;
/** Stands for the user where an event has none (a person who refused to connect). */
const nobody = "no-user";

/** The folder of all our objects: below the prefix, Terra's version. */
export function root(prefix = ""): string {
  return [...prefix.split("/").filter(Boolean), payloadVersion].join("/");
}

export function itemsOf(event: OutgoingEvent, prefix?: string): Item[] {
  const folder = `${root(prefix)}/${boundedName(safePart(event.type), 0)}`;
  if (event.records.length === 0) return [eventItem(event, folder)];
  return dataRecords(event).map((record) => recordItem(event, record, root(prefix)));
}

function recordItem(event: OutgoingEvent, record: DataRecord, top: string): Item {
  const name = boundedName(safePart(event.type), 0);
  const [folder, manifest] = [`${top}/${name}`, `${top}/manifest/${name}`];
  const user = safePart(event.userId ?? nobody);
  const naturalKey = safePart(record.naturalKey);
  const identity = digestOf(event.userId, record.type, record.naturalKey);
  const { extension, contentType } = record.formed ?? json;
  return {
    keys: keysOf(folder, [recordName(user, record), naturalKey, identity], extension),
    extension,
    contentType,
    identity,
    revision: record.revision,
    manifestKey: `${manifest}/${identity}.json`,
    described: {
      type: record.type,
      user_id: event.userId,
      natural_key: record.naturalKey,
      event_id: event.id,
    },
    facts: { ...factsOf(event), naturalkey: boundedName(naturalKey, 0) },
    body: () => bodyWithOnly(event, record),
  };
}

/** An athlete record has no start; a person has one of them. */
function recordName(user: string, { type, startTime, naturalKey }: DataRecord): string {
  if (type === "athlete") return user;
  return `${user}-${startTime === null ? safePart(naturalKey) : timeInKey(startTime)}`;
}

function eventItem(event: OutgoingEvent, folder: string): Item {
  const name = `${safePart(event.userId ?? nobody)}-${instantInKey(event.orderingTimestamp)}`;
  const identity = digestOf(event.id);
  return {
    keys: keysOf(folder, [name, safePart(event.id), identity], json.extension),
    ...json,
    identity,
    revision: null,
    manifestKey: null,
    described: {},
    facts: factsOf(event),
    body: () => event.body,
  };
}

function keysOf(
  folder: string,
  [name, distinction, identity]: readonly [string, string, string],
  extension: string,
): string[] {
  const names = [name, `${name}-${distinction}`, `${name}~${identity}`];
  return names.map((each) => `${folder}/${boundedName(each, extension.length + compressedLength)}`);
}

function factsOf(event: OutgoingEvent): Record<string, string> {
  return {
    eventid: boundedName(safePart(event.id), 0),
    traceid: boundedName(safePart(event.traceId), 0),
    ...(event.userId === null ? {} : { userid: boundedName(safePart(event.userId), 0) }),
  };
}

/** The key of an event's whole body when it is fetched by a link. */
export function sharedKey(event: OutgoingEvent, prefix?: string): string {
  const { extension } = event.form ?? json;
  const name = boundedName(safePart(event.id), extension.length + compressedLength);
  return `${root(prefix)}/payloads/${name}${extension}`;
}
