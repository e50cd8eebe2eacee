import { isDate } from "../../kit/clock.ts";
import type { Json } from "./data.ts";

/** The lists of the Dynamic API that take a range of days. */
export interface V4Resource {
  /** The name by which the control side stores bodies of it. */
  readonly name: string;
  readonly path: string;
  readonly scope: string;
  /** How `from` and `to` are written: as days, or as local moments without a zone. */
  readonly times: "date" | "datetime";
  readonly features: readonly string[];
  /** Set where features are allowed for longer than one day. */
  readonly featureDays?: number;
  /** The longest range without features, in days. */
  readonly longestDays: number;
  /** The key of the list. */
  readonly list: string;
  /** The object around it in the Swagger. */
  readonly outer?: string;
  identity(body: Json): string;
  /** Returns the local day, or the local moment, that decides whether a window contains the body. */
  at(body: Json): string;
  /** Returns the body without what belongs to features that were not asked for. */
  pruned(body: Json, features: ReadonlySet<string>): Json;
}

function text(body: Json, ...path: string[]): string {
  let value: unknown = body;
  for (const key of path) value = (value as Json | null | undefined)?.[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`"${path.join(".")}" is missing or not a text`);
}

function day(body: Json, key: string): string {
  const date = text(body, key).slice(0, 10);
  if (!isDate(date)) throw new Error(`"${key}" does not start with a date YYYY-MM-DD`);
  return date;
}

/** Returns a body without some keys. */
function without(body: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

/** Returns a body with some of its lists emptied, as calls without features were seen to do. */
function emptied(body: Json, ...keys: string[]): Json {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, keys.includes(key) ? [] : value]),
  );
}

const objects = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** What of a session belongs to which feature. */
const SESSION_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["test-results", ["testResults"]],
  ["training-load-report", ["trainingLoadReport"]],
  ["laps", ["laps"]],
  ["hill-splits", ["hillSplits"]],
  ["routes", ["routes"]],
  ["samples", ["samples"]],
  ["statistics", ["statistics"]],
  ["zones", ["zones"]],
  ["pause-times", ["pauseTimes"]],
  ["strength-training-results", ["strengthTrainingResults"]],
  ["comments", ["comments"]],
  ["physical-info", ["physicalInformation"]],
]);

function prunedSession(session: Json, features: ReadonlySet<string>): Json {
  const left = [...SESSION_KEYS].flatMap(([feature, keys]) => (features.has(feature) ? [] : keys));
  const { exercises, ...rest } = session;
  return {
    ...without(rest, ...left),
    ...(exercises !== undefined && {
      exercises: objects(exercises).map((exercise) => without(exercise, ...left)),
    }),
  };
}

const SLEEP_KEYS: ReadonlyMap<string, string> = new Map([
  ["sleep-result", "sleepResult"],
  ["original-sleep-result", "originalSleepResult"],
  ["sleep-evaluation", "sleepEvaluation"],
  ["sleep-score", "sleepScore"],
]);

const CALENDAR_KEYS: ReadonlyMap<string, string> = new Map([
  ["notes", "notes"],
  ["feeling", "feeling"],
  ["feedback", "feedback"],
  ["perceived-recovery", "perceivedRecovery"],
  ["weight", "weight"],
  ["physical-information", "physicalInformation"],
]);

const prunedBy =
  (keys: ReadonlyMap<string, string>) =>
  (body: Json, features: ReadonlySet<string>): Json =>
    without(body, ...[...keys].flatMap(([feature, key]) => (features.has(feature) ? [] : [key])));

/** Without `samples` the devices of a day are not listed; the two other features are keys of the day. */
function prunedActivity(body: Json, features: ReadonlySet<string>): Json {
  const left = [
    ...(features.has("activity-target") ? [] : ["target"]),
    ...(features.has("physical-information") ? [] : ["physicalInformation"]),
  ];
  return emptied(without(body, ...left), ...(features.has("samples") ? [] : ["activitiesPerDevice"]));
}

const emptiedWithout =
  (feature: string, ...keys: string[]) =>
  (body: Json, features: ReadonlySet<string>): Json =>
    features.has(feature) ? body : emptied(body, ...keys);

const whole = (body: Json) => body;

/** Where the digest knows no longest range, the usual one. */
const USUAL_DAYS = 90;

export const v4Resources: readonly V4Resource[] = [
  {
    name: "v4-training-sessions",
    path: "/training-sessions/list",
    scope: "training_sessions:read",
    times: "datetime",
    features: [...SESSION_KEYS.keys()],
    longestDays: 90,
    list: "trainingSessions",
    identity: (body) => text(body, "identifier", "id"),
    at: (body) => `${day(body, "startTime")}${text(body, "startTime").slice(10, 19)}`,
    pruned: prunedSession,
  },
  {
    name: "v4-sleeps",
    path: "/sleeps",
    scope: "sleep:read",
    times: "date",
    features: [...SLEEP_KEYS.keys()],
    longestDays: 30,
    list: "nightSleeps",
    identity: (body) => day(body, "sleepDate"),
    at: (body) => day(body, "sleepDate"),
    pruned: prunedBy(SLEEP_KEYS),
  },
  {
    name: "v4-sleep-wake-vectors",
    path: "/sleep-wake-vectors",
    scope: "sleep:read",
    times: "date",
    features: [],
    longestDays: 7,
    list: "sleepWakeVectors",
    identity: (body) => day(body, "date"),
    at: (body) => day(body, "date"),
    pruned: whole,
  },
  {
    name: "v4-nightly-recharge-results",
    path: "/nightly-recharge-results",
    scope: "nightly_recharge:read",
    times: "date",
    features: ["samples"],
    longestDays: 28,
    list: "nightlyRechargeResults",
    outer: "nightlyRechargeResults",
    identity: (body) => day(body, "sleepResultDate"),
    at: (body) => day(body, "sleepResultDate"),
    pruned: emptiedWithout("samples", "hrvSamples", "breathingRateSamples"),
  },
  {
    name: "v4-continuous-samples",
    path: "/continuous-samples",
    scope: "continuous_samples:read",
    times: "date",
    features: ["heart-rate-samples"],
    featureDays: 30,
    longestDays: 30,
    list: "heartRateSamplesPerDay",
    outer: "continuousSamples",
    identity: (body) => day(body, "date"),
    at: (body) => day(body, "date"),
    pruned: emptiedWithout("heart-rate-samples", "samples"),
  },
  {
    name: "v4-ppi-samples",
    path: "/ppi-samples",
    scope: "ppi_data:read",
    times: "date",
    features: ["samples"],
    longestDays: 90,
    list: "dailyPpiSamples",
    identity: (body) => day(body, "date"),
    at: (body) => day(body, "date"),
    pruned: emptiedWithout("samples", "ppiSamplesPerDevice"),
  },
  {
    name: "v4-activity",
    path: "/activity/list",
    scope: "activity:read",
    times: "date",
    features: ["samples", "activity-target", "physical-information"],
    longestDays: 90,
    list: "activityDays",
    outer: "activities",
    identity: (body) => day(body, "date"),
    at: (body) => day(body, "date"),
    pruned: prunedActivity,
  },
  {
    name: "v4-temperature-measurements",
    path: "/temperature-measurements",
    scope: "temperature_measurement:read",
    times: "date",
    features: [],
    longestDays: USUAL_DAYS,
    list: "temperatureMeasurementPeriod",
    identity: (body) => text(body, "startTime"),
    at: (body) => day(body, "startTime"),
    pruned: whole,
  },
  {
    name: "v4-skin-contacts",
    path: "/skin-contacts",
    scope: "skin_contact:read",
    times: "date",
    features: [],
    longestDays: USUAL_DAYS,
    list: "skinContactPeriod",
    identity: (body) => text(body, "startTime"),
    at: (body) => day(body, "startTime"),
    pruned: whole,
  },
  {
    name: "v4-tests",
    path: "/tests/list",
    scope: "tests:read",
    times: "date",
    features: ["samples"],
    longestDays: USUAL_DAYS,
    list: "tests",
    identity: (body) => text(body, "startTime"),
    at: (body) => day(body, "startTime"),
    pruned: (body, features) => (features.has("samples") ? body : without(body, "samples")),
  },
  {
    name: "v4-calendar",
    path: "/calendar/list",
    scope: "calendar:read",
    times: "datetime",
    features: [...CALENDAR_KEYS.keys()],
    longestDays: 90,
    list: "calendarItems",
    identity: (body) => day(body, "date"),
    at: (body) => `${day(body, "date")}T00:00:00`,
    pruned: prunedBy(CALENDAR_KEYS),
  },
  {
    name: "v4-calendar-targets",
    path: "/training-target/calendar-targets",
    scope: "training_targets:read",
    times: "date",
    features: [],
    longestDays: USUAL_DAYS,
    list: "trainingTarget",
    identity: (body) => text(body, "identifier", "id"),
    at: (body) => day(body, "startTime"),
    pruned: whole,
  },
];

/** The paths of the Dynamic API that take no range. */
export interface V4Single {
  readonly name: string;
  readonly path: string;
  readonly scope: string;
  /** The key of the list, where the answer is one. */
  readonly list?: string;
  /** The object around the answer in the Swagger. */
  readonly outer?: string;
  identity(body: Json): string;
}

const byIdentifier = (body: Json) => text(body, "identifier", "id");
const one = () => "current";

export const v4Singles: readonly V4Single[] = [
  {
    name: "v4-favorite-targets",
    path: "/training-target/favorites",
    scope: "training_targets:read",
    list: "favoriteTarget",
    identity: byIdentifier,
  },
  {
    name: "v4-sport-profiles",
    path: "/sports/profiles",
    scope: "sports:read",
    list: "sportProfiles",
    identity: byIdentifier,
  },
  { name: "v4-user-devices", path: "/user-devices", scope: "devices:read", identity: one },
  {
    name: "v4-account-data",
    path: "/user/account-data",
    scope: "profile:read",
    outer: "accountData",
    identity: one,
  },
  {
    name: "v4-subscriptions",
    path: "/subscriptions",
    scope: "user_subscription:read",
    list: "subscriptions",
    identity: byIdentifier,
  },
  { name: "v4-routes", path: "/routes/:routeId", scope: "routes:read", identity: byIdentifier },
];

/** What the control side stores: how a body of each resource is identified and dated. */
export interface V4Kind {
  readonly name: string;
  readonly list?: string;
  readonly outer?: string;
  identity(body: Json): string;
  at(body: Json): string;
}

export const v4Kinds: ReadonlyMap<string, V4Kind> = new Map(
  [...v4Resources, ...v4Singles.map((single) => ({ ...single, at: () => "" }))].map((kind) => [
    kind.name,
    kind,
  ]),
);
