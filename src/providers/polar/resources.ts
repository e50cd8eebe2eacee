/** What AccessLink serves, under which keys, and how a body falls into parts (POLAR-API §2, §3). */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { decodeJson } from "../json-body.ts";
import type { Ledger } from "../ledger.ts";
import { type Discovery, type Part, PartlyReadableError, ProviderError, type Resource } from "../provider.ts";
import { activityDaySchema, heartRateDaySchema } from "./schema/day.ts";
import { exerciseSchema } from "./schema/exercise.ts";
import { exerciseIdPattern } from "./schema/fields.ts";
import { snakeKeys } from "./schema/keys.ts";
import { physicalInfoSchema, userSchema } from "./schema/person.ts";
import { nightSchema, rechargeSchema } from "./schema/sleep.ts";
import { isDate } from "./time.ts";

/** A list of everything Polar serves by default: 30 days of exercises, 28 of the others. No id looks like it. */
export const everything = "*";
/** The one of its kind. */
export const current = "current";

/** The API that all of these are of. */
const accesslink = "accesslink-v3";

const rangeSeparator = "..";

/** `2025-09-01..2025-09-28`, both days included. */
function parseRange(key: string): { from: string; to: string } | null {
  const [from = "", to = "", ...rest] = key.split(rangeSeparator);
  return isDate(from) && isDate(to) && from <= to && rest.length === 0 ? { from, to } : null;
}

const isExerciseId = (key: string) => exerciseIdPattern.test(key);

/** Lists come bare or in an envelope that Polar names after what is inside; a single item comes alone. */
function itemsOf(body: unknown, envelope: string): readonly unknown[] {
  if (body === null || body === undefined) return [];
  const inside = typeof body === "object" && envelope in body ? Reflect.get(body, envelope) : body;
  return Array.isArray(inside) ? inside : [inside];
}

interface Declaration<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  readonly ledger: Ledger;
  readonly discovery: Discovery | null;
  readonly envelope: string;
  /** The path that fetches a key; null when there is no such key. */
  path(key: string, providerUserId: string): string | null;
  /** The keys under which one item is kept, from the item and the key it was asked by. */
  keys(item: z.output<Schema>, askedKey: string): readonly string[];
}

function resource<Schema extends z.ZodType>(declaration: Declaration<Schema>): Resource {
  const { name, schema, envelope, ledger, discovery } = declaration;
  return {
    name,
    api: accesslink,
    ledger,
    discovery,
    decode: (body) => decodeJson(name, body),
    request(key, providerUserId) {
      const path = declaration.path(key, providerUserId);
      if (path === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
      return { method: "GET", path };
    },
    parts(key, body) {
      const parts: Part[] = [];
      const invalidItems: ProviderError[] = [];
      for (const [index, item] of itemsOf(body, envelope).entries()) {
        const { data: value, error } = schema.safeParse(snakeKeys(item));
        if (error) invalidItems.push(invalid(name, key, index, error));
        else
          for (const partKey of declaration.keys(value, key))
            parts.push({ resource: name, key: partKey, value });
      }
      const [first] = invalidItems;
      if (first === undefined) return parts;
      throw parts.length > 0 ? new PartlyReadableError(first, parts) : first;
    },
  };
}

/** Where and what, never the value: health data stays out of logs. */
function invalid(name: string, key: string, index: number, error: z.ZodError): ProviderError {
  const issues = error.issues.slice(0, 10).map(({ path, message }) => ({ path: path.join("."), message }));
  return new ProviderError("PROVIDER_BODY_INVALID", "later", { resource: name, key, index, issues });
}

/** A list that takes no dates: everything of so many days, in one call. */
const listed = (reachDays: number, announced: boolean): Discovery => ({
  announced,
  reachDays,
  daysPerCall: reachDays,
  key: () => everything,
  index: null,
});

/** Days from and to, at most 28 a call. */
const ranged = (reachDays: number, announced: boolean): Discovery => ({
  announced,
  reachDays,
  daysPerCall: 28,
  key: (from, to) => `${from}${rangeSeparator}${to}`,
  index: null,
});

/** One thing, as it is today. */
const alone: Discovery = { ...listed(1, true), key: () => current };

const exerciseQuery = "?samples=true&zones=true&route=true";

const exercise = resource({
  name: "exercise",
  schema: exerciseSchema,
  ledger: {},
  discovery: listed(30, true),
  envelope: "exercises",
  path: (key) => {
    if (key === everything) return `/v3/exercises${exerciseQuery}`;
    return isExerciseId(key) ? `/v3/exercises/${key}${exerciseQuery}` : null;
  },
  keys: ({ id }) => [id],
});

const activityQuery = "steps=true&activity_zones=true&inactivity_stamps=true";

const activity = resource({
  name: "activity",
  schema: activityDaySchema,
  ledger: {},
  discovery: ranged(365, true),
  envelope: "activities",
  path: (key) => {
    if (key === everything) return `/v3/users/activities?${activityQuery}`;
    const range = parseRange(key);
    if (range) return `/v3/users/activities?from=${range.from}&to=${range.to}&${activityQuery}`;
    return isDate(key) ? `/v3/users/activities/${key}?${activityQuery}` : null;
  },
  // The samples carry the date; without them a day is the one asked for, or the one it starts on.
  keys: ({ samples, start_time }, askedKey) => [
    samples?.date ?? (isDate(askedKey) ? askedKey : start_time.slice(0, 10)),
  ],
});

const continuousHeartRate = resource({
  name: "continuous-heart-rate",
  schema: heartRateDaySchema,
  ledger: {},
  discovery: ranged(28, true),
  envelope: "heart_rates",
  path: (key) => {
    const range = parseRange(key);
    if (range) return `/v3/users/continuous-heart-rate?from=${range.from}&to=${range.to}`;
    return isDate(key) ? `/v3/users/continuous-heart-rate/${key}` : null;
  },
  keys: ({ date }) => [date],
});

/** A list without parameters, or one day. */
function listOrDay(path: string, key: string): string | null {
  if (key === everything) return path;
  return isDate(key) ? `${path}/${key}` : null;
}

const sleep = resource({
  name: "sleep",
  schema: nightSchema,
  ledger: {},
  discovery: listed(28, true),
  envelope: "nights",
  path: (key) => listOrDay("/v3/users/sleep", key),
  keys: ({ date }) => [date],
});

const nightlyRecharge = resource({
  name: "nightly-recharge",
  schema: rechargeSchema,
  ledger: {},
  discovery: listed(28, false),
  envelope: "recharges",
  path: (key) => listOrDay("/v3/users/nightly-recharge", key),
  keys: ({ date }) => [date],
});

/** Kept as what holds now, and as what was measured on the day it was last changed. */
const physicalInfo = resource({
  name: "physical-info",
  schema: physicalInfoSchema,
  ledger: {},
  discovery: alone,
  envelope: "physical_info",
  path: (key) => (key === current ? "/v3/users/physical-info" : null),
  keys: ({ modified, created }) => {
    const changed = modified ?? created;
    return changed ? [current, changed.slice(0, 10)] : [current];
  },
});

const user = resource({
  name: "user",
  schema: userSchema,
  ledger: {},
  discovery: alone,
  envelope: "user",
  path: (key, providerUserId) =>
    key === current && /^\d{1,20}$/.test(providerUserId) ? `/v3/users/${providerUserId}` : null,
  keys: () => [current],
});

export const resources: readonly Resource[] = [
  exercise,
  activity,
  continuousHeartRate,
  sleep,
  nightlyRecharge,
  physicalInfo,
  user,
];
