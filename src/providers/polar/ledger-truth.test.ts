/**
 * Proves that the ledgers describe what the normalisers do. A change of a mapped leaf changes the fields that it is
 * said to be in and no other; a change of a carried leaf changes its own place in provider_data; a change of an ignored
 * leaf changes nothing.
 */
import { describe, expect, it } from "vitest";
import type { DataType } from "../../models/index.ts";
import { generate } from "../../sandbox/polar/generate/index.ts";
import { DEFAULT_PROFILE } from "../../sandbox/polar/state.ts";
import type { Fate } from "../ledger.ts";
import type { Part } from "../provider.ts";
import polar from "./index.ts";
import { snakeKeys } from "./keys.ts";
import { fixture, make, partsOf } from "./testing/bodies.ts";
import { v4Bodies } from "./testing/v4-bodies.ts";

type Json = ReturnType<typeof JSON.parse>;

const bodies = new Map<string, Json>(
  Object.entries({
    exercise: "exercise-run",
    sleep: "sleep-midnight",
    "nightly-recharge": "recharge-midnight",
    activity: "activity-day",
    "continuous-heart-rate": "heart-rate-day",
    "cardio-load": "cardio-load-day",
    "physical-info": "physical-info",
    user: "user",
  }).map(([resource, name]) => [resource, snakeKeys(fixture(name))]),
);

/** Bodies made by the sandbox, for resources without a fixture. */
const generated = generate(
  { id: 1, profile: DEFAULT_PROFILE, consents: true, data: new Map(), files: new Map() },
  { days: 12, seed: 3, now: Date.UTC(2025, 4, 12, 10) },
);
for (const [resource, made] of [
  ["skin-temperature", "biosensing/skintemperature"],
  ["sleepwise-alertness", "sleepwise/alertness"],
  ["sleepwise-circadian-bedtime", "sleepwise/circadian-bedtime"],
  ["body-temperature", "biosensing/bodytemperature"],
  ["skin-contacts", "biosensing/skincontacts"],
  ["ecg", "biosensing/ecg"],
  ["spo2", "biosensing/spo2"],
] as const)
  bodies.set(resource, JSON.parse(JSON.stringify(generated.get(made)?.[0])));

const v4Of = new Map(v4Bodies.map((given) => [given.resource, given]));
for (const [resource, { body }] of v4Of) bodies.set(resource, body);

type MadeOf = Readonly<Partial<Record<DataType, readonly string[]>>>;

/** Each API's records, made of its own bodies: a leaf of the other API could hide a change. */
const madeOfV4: MadeOf = {
  activity: ["v4-training-session"],
  sleep: ["v4-sleep", "v4-sleep-wake", "v4-nightly-recharge", "v4-nightly-recharge-samples"],
  daily: ["v4-activity", "v4-continuous-samples"],
  body: ["v4-ppi-samples", "v4-temperature", "v4-skin-contacts", "v4-test", "v4-calendar"],
  athlete: ["v4-account", "v4-user-devices"],
};
const madeOf: MadeOf = {
  activity: ["exercise"],
  sleep: [
    "sleep",
    "nightly-recharge",
    "skin-temperature",
    "sleepwise-alertness",
    "sleepwise-circadian-bedtime",
  ],
  daily: ["activity", "continuous-heart-rate", "cardio-load"],
  body: ["physical-info", "body-temperature", "skin-contacts", "ecg", "spo2"],
  athlete: ["user", "physical-info"],
};

/** The records that the resource contributes to, with one of its bodies put in place of the usual one. */
function records(resource: string, body: Json): [DataType, Json][] {
  return Object.entries(v4Of.has(resource) ? madeOfV4 : madeOf)
    .filter(([, names]) => names.includes(resource))
    .map(([type, names]) => {
      const parts: Part[] = names.flatMap((name) =>
        partsIn(name, name === resource ? body : bodies.get(name)),
      );
      const own = parts.filter((part) => names.includes(part.resource));
      return [type as DataType, make(type as DataType, own, v4Of.get(resource)?.key)];
    });
}

function partsIn(name: string, body: Json): readonly Part[] {
  const given = v4Of.get(name);
  return given === undefined ? partsOf(name, "*", body) : partsOf(name, given.key, given.wrap(body));
}

/** The paths of the values that differ. All items of a list are one path. */
function differences(one: Json, other: Json, at = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return Object.is(one, other) ? [] : [at];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const inside = (key: string) => (Array.isArray(one) ? at : at === "" ? key : `${at}.${key}`);
  return [...keys].flatMap((key) => differences(one[key], other[key], inside(key)));
}

/** Another valid value for a leaf, by its present one. */
function changed(value: Json): Json {
  if (typeof value === "number") return value + 1;
  if (typeof value !== "string") return value === null ? 1 : !value;
  if (/^PT/.test(value)) return "PT4242S";
  if (/^[\d.]+s$/.test(value)) return `${Number(value.slice(0, -1)) + 7}s`;
  const clock = /T?(\d\d):(\d\d)/.exec(value);
  if (clock)
    return value.replace(/:(\d\d)/, (_, minute) => `:${String((Number(minute) + 1) % 60).padStart(2, "0")}`);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return "1999-09-09";
  if (/^[-\d.,nul ]+$/.test(value)) return value.replace(/[1-9]\d*/g, (digits) => String(Number(digits) + 7));
  return otherWords.get(value) ?? `${value}X`;
}

const otherWords = new Map(
  Object.entries({
    RUNNING: "CYCLING",
    TRAIL_RUNNING: "ROAD_BIKING",
    SLEEP: "LIGHT",
    SOURCE_USER: "SOURCE_DEFAULT",
  }),
);

/** The body with the leaf changed at its first place; null when the body has no such leaf. */
function withChanged(body: Json, leaf: string): Json {
  const copy = structuredClone(body);
  const steps = leaf.match(/[^.[\]{}]+|\[[^\]]*\]|\{\}/g) ?? [];
  const last = steps.at(-1) ?? "";
  const holder = steps.slice(0, -1).reduce<Json>((at, step) => child(at, step), copy);
  // Zero means no signal, and an item's kind is no value, so both are skipped.
  const key = last === "{}" ? Object.keys(holder ?? {}).find((name) => holder[name] > 0) : last;
  if (key === undefined || holder?.[key] === undefined || typeof holder[key] === "object") return null;
  holder[key] = changed(holder[key]);
  return copy;
}

function child(at: Json, step: string): Json {
  const [, field, value] = /^\[(\w+)=(.+)\]$/.exec(step) ?? [];
  if (field !== undefined) return at?.find((item: Json) => String(item[field]) === value);
  if (step === "[]") return at?.[0];
  return at?.[step];
}

/** The leaves that name the record. Their change gives another record, not another field. */
const keys = new Map([
  ["sleep", "date"],
  ["nightly-recharge", "date"],
  ["continuous-heart-rate", "date"],
  ["cardio-load", "date"],
  ["activity", "samples.date"],
  ["skin-temperature", "sleep_date"],
  ["v4-sleep", "sleepDate"],
  ["v4-sleep-wake", "date"],
  ["v4-nightly-recharge", "sleepResultDate"],
  ["v4-nightly-recharge-samples", "sleepResultDate"],
  ["v4-continuous-samples", "date"],
  ["v4-ppi-samples", "date"],
  ["v4-activity", "date"],
  ["v4-calendar", "date"],
]);
/**
 * Leaves that are read only where another leaf is missing, or only to choose. A change has no effect while the other is
 * there.
 */
const secondChoice = new Set([
  "exercise sport",
  "activity start_time",
  "activity samples.steps.total_steps",
  // The first item is a stretch without steps, and its sample stands at its end.
  "activity samples.steps.samples[].timestamp",
  "physical-info created",
  "physical-info birthday",
]);

/** Leaves that place an item in its list. A change moves the item, with all its fields. */
const placesItem = new Set(["exercise heart_rate_zones[].index", "exercise route[].time"]);

const beats = "v4-ppi-samples ppiSamplesPerDevice[].ppiSamples[]";
/** The places in provider_data that the normaliser itself adds, by leaf, besides those that its ledger names. */
const added = new Map([
  ["v4-activity activitiesPerDevice[].deviceReference.deviceId", "steps.device"],
  ["v4-ppi-samples ppiSamplesPerDevice[].recordingDevice.uuid", "ppi.device"],
  // Each beat has these, so that they are told in columns.
  [`${beats}.errorEstimateMillis`, "ppi.error_estimate_millis"],
  [`${beats}.skinContact`, "ppi.skin_contact"],
  [`${beats}.movement`, "ppi.movement"],
  [`${beats}.offline`, "ppi.offline"],
  // An unknown kind of series is carried with its values.
  [
    "v4-training-session exercises[].samples.samples[].type",
    "v4-training-session.exercises.samples.samples.values",
  ],
]);

const leaves = polar.resources
  .filter(({ name }) => bodies.has(name))
  .flatMap(({ name, ledger }) => Object.entries(ledger).map(([leaf, fate]) => ({ name, leaf, fate })))
  .filter(
    ({ name, leaf }) =>
      keys.get(name) !== leaf &&
      leaf !== "samples[].sample_type" &&
      withChanged(bodies.get(name), leaf) !== null,
  );

/** Fields that a normaliser adds beside the model itself. */
const isOffered = (path: string) => /^provider_data\.polar\.(limits|utc_offset)/.test(path);
/** A list that loses its items counts as a change of the items' fields. */
const isIn = (path: string, place: string) =>
  path === place || path.startsWith(`${place}.`) || place.startsWith(`${path}.`);

function placesOf(fate: Fate, name: string, leaf: string): string[] {
  const own = `provider_data.polar.${name}.${leaf.replaceAll(/\[[^\]]*\]/g, "").replaceAll("{}", "")}`;
  if (fate.fate === "ignored") return [];
  if (fate.fate === "carried") return [own, ...(fate.also ?? [])];
  return [...fate.to, ...(fate.identifies ? [own] : [])];
}

describe("every mapped and carried leaf of the fixtures", () => {
  it("is included", () => {
    expect(leaves.length).toBeGreaterThan(150);
  });

  it.each(leaves)("$name $leaf is where the ledger says, and nowhere else", ({ name, leaf, fate }) => {
    const before = records(name, bodies.get(name));
    const after = records(name, withChanged(bodies.get(name), leaf));
    const found = before.flatMap(([type, record], index) =>
      differences(record, after[index]?.[1]).map((path) =>
        path.startsWith("provider_data") ? path : `${type}.${path}`,
      ),
    );
    const alsoAt = added.get(`${name} ${leaf}`);
    const places = [
      ...placesOf(fate, name, leaf),
      ...(alsoAt === undefined ? [] : [`provider_data.polar.${alsoAt}`]),
    ];
    const elsewhere = found.filter((path) => !isOffered(path) && !places.some((place) => isIn(path, place)));
    if (!placesItem.has(`${name} ${leaf}`)) expect(elsewhere).toEqual([]);
    if (places.length > 0 && !secondChoice.has(`${name} ${leaf}`)) expect(found).not.toEqual([]);
    if (alsoAt !== undefined) expect(found).toContain(`provider_data.polar.${alsoAt}`);
  });
});
