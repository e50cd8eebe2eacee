import { isDate } from "../kit/clock.ts";

/** The resources that Polar serves, and the fields by which the sandbox identifies and dates a body. */

export type Json = Record<string, unknown>;

export type WebhookEvent =
  | "EXERCISE"
  | "SLEEP"
  | "CONTINUOUS_HEART_RATE"
  | "SLEEP_WISE_CIRCADIAN_BEDTIME"
  | "SLEEP_WISE_ALERTNESS"
  | "ACTIVITY_SUMMARY"
  | "PHYSICAL_INFORMATION";

export interface ResourceKind {
  name: string;
  /** The name of the list in `{"nights": […]}`; without it lists are bare arrays. */
  wrapper?: string;
  /** Returns the identity: a later body with the same one replaces the earlier. */
  identity(body: Json): string;
  /** Returns the day that decides whether a window contains the body. */
  date(body: Json): string;
  /** The webhook event. Nightly recharge, cardio load and biosensing have none: clients must poll them. */
  event?: WebhookEvent;
}

function text(body: Json, key: string): string {
  const value = body[key];
  if (typeof value !== "string" || value === "") throw new Error(`"${key}" is missing or not a text`);
  return value;
}

function day(body: Json, key: string): string {
  const date = text(body, key).slice(0, 10);
  if (!isDate(date)) throw new Error(`"${key}" does not start with a date YYYY-MM-DD`);
  return date;
}

/** Returns the local day of a UTC time written without Z, by the offset in the body. */
function localDay(body: Json, ...keys: string[]): string {
  const key = keys.find((candidate) => typeof body[candidate] === "string") ?? keys[0] ?? "";
  day(body, key);
  const time = Date.parse(`${text(body, key).replace(/Z$/, "")}Z`);
  if (Number.isNaN(time)) throw new Error(`"${key}" is not a time`);
  const offset = body.sleep_timezone_offset_minutes;
  const minutes = typeof offset === "number" ? offset : 0;
  return new Date(time + minutes * 60_000).toISOString().slice(0, 10);
}

/**
 * Returns the day of a test. `test_time` is seconds in Polar's example, and milliseconds in what one reader saw; the
 * size tells which.
 */
function testDay(body: Json): string {
  const time = body.test_time;
  if (typeof time !== "number") throw new Error('"test_time" is missing or not a number');
  return new Date(time < 1e11 ? time * 1000 : time).toISOString().slice(0, 10);
}

const from = (body: Json, ...keys: string[]) => keys.map((key) => String(body[key] ?? "")).join(" ");

const byDate = (name: string, extra: Pick<ResourceKind, "wrapper" | "event"> = {}): ResourceKind => ({
  name,
  identity: (body) => day(body, "date"),
  date: (body) => day(body, "date"),
  ...extra,
});

const test = (name: string): ResourceKind => ({
  name,
  identity: (body) => from(body, "source_device_id", "test_time"),
  date: testDay,
});

export const PHYSICAL_INFO_ID = "current";

const KINDS: ResourceKind[] = [
  {
    name: "exercises",
    identity: (body) => text(body, "id"),
    date: (body) => day(body, "start_time"),
    event: "EXERCISE",
  },
  {
    name: "activities",
    identity: (body) => day(body, "start_time"),
    date: (body) => day(body, "start_time"),
    event: "ACTIVITY_SUMMARY",
  },
  byDate("sleep", { wrapper: "nights", event: "SLEEP" }),
  byDate("nightly-recharge", { wrapper: "recharges" }),
  byDate("continuous-heart-rate", { wrapper: "heart_rates", event: "CONTINUOUS_HEART_RATE" }),
  byDate("cardio-load"),
  {
    name: "physical-info",
    identity: () => PHYSICAL_INFO_ID,
    date: () => "",
    event: "PHYSICAL_INFORMATION",
  },
  {
    name: "sleepwise/alertness",
    identity: (body) => from(body, "sleep_period_end_time", "period_start_time"),
    date: (body) => localDay(body, "sleep_period_end_time", "period_end_time"),
    event: "SLEEP_WISE_ALERTNESS",
  },
  {
    name: "sleepwise/circadian-bedtime",
    identity: (body) => text(body, "period_start_time"),
    date: (body) => localDay(body, "period_end_time", "preferred_sleep_period_end_time"),
    event: "SLEEP_WISE_CIRCADIAN_BEDTIME",
  },
  {
    name: "biosensing/bodytemperature",
    identity: (body) => from(body, "source_device_id", "measurement_type", "start_time"),
    date: (body) => day(body, "start_time"),
  },
  {
    name: "biosensing/skintemperature",
    identity: (body) => day(body, "sleep_date"),
    date: (body) => day(body, "sleep_date"),
  },
  {
    name: "biosensing/skincontacts",
    identity: (body) => from(body, "source_device_id", "start_time"),
    date: (body) => day(body, "start_time"),
  },
  test("biosensing/ecg"),
  test("biosensing/spo2"),
];

export const RESOURCES: ReadonlyMap<string, ResourceKind> = new Map(KINDS.map((kind) => [kind.name, kind]));

export const WEBHOOK_EVENTS: readonly string[] = KINDS.flatMap((kind) => kind.event ?? []);
