/** Oura's collections: by which scope they are served, how documents are named, dated and announced. */
import { isDate } from "../kit/clock.ts";

export type Json = Record<string, unknown>;

export const scopeNames = [
  "email",
  "personal",
  "daily",
  "heartrate",
  "workout",
  "tag",
  "session",
  "spo2Daily",
] as const;
export type Scope = (typeof scopeNames)[number];

export interface Collection {
  /** The last segment of the path. */
  readonly name: string;
  readonly scope: Scope;
  /** The name in webhooks; null where nothing is announced. */
  readonly dataType: string | null;
  /** `days` takes start_date and end_date, `times` start_datetime and end_datetime, `none` neither. */
  readonly query: "days" | "times" | "none";
  /** Returns the identity of a document: a later one with the same replaces it. */
  idOf(body: Json): string;
  /** Returns the local time by which a query finds the document: "2025-05-11T04:00:00". */
  timeOf(body: Json): string;
}

function text(body: Json, key: string): string {
  const value = body[key];
  if (typeof value !== "string" || value === "") throw new Error(`"${key}" is missing or not a text`);
  return value;
}

/** Returns the wall clock of a time, to the second. */
function wallClock(body: Json, key: string): string {
  const time = text(body, key);
  if (Number.isNaN(Date.parse(time))) throw new Error(`"${key}" is not a time`);
  return time.slice(0, 19);
}

function dayOf(body: Json, key = "day"): string {
  const day = text(body, key);
  if (!isDate(day)) throw new Error(`"${key}" is not a date YYYY-MM-DD`);
  return day;
}

/** A day of Oura's begins at four in the morning; documents say so in `timestamp`, where they have one. */
const timeOfDay = (body: Json): string =>
  typeof body.timestamp === "string" ? wallClock(body, "timestamp") : `${dayOf(body)}T04:00:00`;

const idOf = (body: Json): string => text(body, "id");

const daily = (name: string, dataType = name, scope: Scope = "daily"): Collection => ({
  name,
  scope,
  dataType,
  query: "days",
  idOf,
  timeOf(body) {
    dayOf(body);
    return timeOfDay(body);
  },
});

const timed = (name: string, scope: Scope, field: string): Collection => ({
  name,
  scope,
  dataType: name,
  query: "days",
  idOf,
  timeOf: (body) => wallClock(body, field),
});

const utcTime = (body: Json): string => {
  const time = Date.parse(text(body, "timestamp"));
  if (Number.isNaN(time)) throw new Error('"timestamp" is not a time');
  return new Date(time).toISOString().slice(0, 19);
};

const series = (name: string): Collection => ({
  name,
  scope: "heartrate",
  dataType: null,
  query: "times",
  idOf: utcTime,
  timeOf: utcTime,
});

const all: readonly Collection[] = [
  daily("daily_activity"),
  daily("daily_sleep"),
  daily("daily_readiness"),
  daily("daily_spo2", "daily_spo2", "spo2Daily"),
  daily("daily_stress"),
  daily("daily_resilience"),
  {
    ...daily("daily_cardiovascular_age"),
    // Documents of 2024 have no id.
    idOf: (body) => (typeof body.id === "string" ? body.id : dayOf(body)),
  },
  daily("vO2_max", "vo2_max"),
  daily("sleep_time"),
  timed("sleep", "daily", "bedtime_start"),
  timed("workout", "workout", "start_datetime"),
  timed("session", "session", "start_datetime"),
  timed("enhanced_tag", "tag", "start_time"),
  timed("tag", "tag", "timestamp"),
  { ...daily("rest_mode_period"), timeOf: (body) => `${dayOf(body, "start_day")}T04:00:00` },
  { ...daily("ring_configuration"), query: "none", timeOf: () => "" },
  series("heartrate"),
  series("ring_battery_level"),
];

export const collections: ReadonlyMap<string, Collection> = new Map(all.map((one) => [one.name, one]));

/** The types that a subscription can name. `meal` has no route. */
export const dataTypes: ReadonlySet<string> = new Set([
  ...all.flatMap(({ dataType }) => dataType ?? []),
  "meal",
]);
