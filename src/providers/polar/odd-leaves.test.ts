/**
 * Proves that an odd leaf costs nothing but itself. Every leaf of every captured body, and of our own bodies of every
 * other resource, is made wrong in each of these ways, one at a time. Of a long list only the first, the second and the
 * last item are changed, and a leaf only in the first two bodies of the resource that have it: the others are like them.
 */
import { describe, expect, it } from "vitest";
import { Edits, type Steps } from "../kit/edits.ts";
import { fatesOf, ledgerPath } from "../ledger-leaves.ts";
import { type Part, ProviderError } from "../provider.ts";
import { snakeKeys } from "./keys.ts";
import { resources } from "./resources.ts";
import { givenBodies, partsOf, recordsOf } from "./testing/bodies.ts";
import { type V4Body, v4Bodies, v4PartsOf } from "./testing/v4-bodies.ts";

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const wrongValues: readonly unknown[] = [
  "",
  "  ",
  "abc",
  "NaN",
  "0x64",
  "-",
  "null",
  "1,NaN,x",
  "P1Y",
  "2026-02-30T10:00:00",
  "24:61",
  "x".repeat(10_000),
  true,
  false,
  [],
  {},
  [1, "x", null],
  { a: { b: 1 } },
  [[[]]],
  nested(100),
  -1,
  0.5,
  1e300,
  -1e300,
  Number.POSITIVE_INFINITY,
  Number.MAX_SAFE_INTEGER,
];

const wrongKeys = ["", "0:30", "25:00", "abc", "-1:00", "constructor", "12:00:00.5"];

/** The leaves without which there is no record, or another one. */
const identities: Readonly<Record<string, readonly string[]>> = {
  exercise: ["id", "start_time"],
  "continuous-heart-rate": ["date"],
  "cardio-load": ["date"],
  sleep: ["date", "sleep_start_time", "sleep_end_time"],
  "nightly-recharge": ["date"],
  "body-temperature": ["start_time"],
  "skin-contacts": ["start_time"],
  "skin-temperature": ["sleep_date"],
  ecg: ["test_time"],
  spo2: ["test_time"],
  "sleepwise-alertness": ["sleep_period_end_time"],
  "sleepwise-circadian-bedtime": ["period_end_time"],
  "v4-sleep": ["sleepDate", "sleepResult.hypnogram.sleepStart", "sleepResult.hypnogram.sleepEnd"],
  "v4-nightly-recharge": ["sleepResultDate"],
  "v4-nightly-recharge-samples": ["sleepResultDate"],
  "v4-sleep-wake": ["date"],
  "v4-continuous-samples": ["date"],
  // A day of which no interval can be read is no measurement.
  "v4-ppi-samples": ["date", "ppiSamplesPerDevice[].ppiSamples"],
  "v4-activity": ["date"],
  "v4-training-session": ["identifier.id", "startTime"],
  "v4-temperature": ["startTime"],
  "v4-skin-contacts": ["startTime"],
  "v4-test": ["startTime"],
  // An entry without a weight is no measurement.
  "v4-calendar": ["date", "weight"],
};

/** The time of the measurement. The record of the person does not need it. */
const measuredAt = ["modified"];

/** Shortens series, so that thousands of readings do not take minutes. */
function shortened(body: unknown): unknown {
  if (typeof body === "string") return body.split(",").slice(0, 6).join(",");
  if (typeof body !== "object" || body === null) return body;
  if (Array.isArray(body)) return body.map(shortened);
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, shortened(value)]));
}

function* leavesIn(value: unknown, at: Steps = []): Generator<Steps> {
  if (typeof value !== "object" || value === null) {
    yield at;
    return;
  }
  if (at.length > 0) yield at;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const chosen =
    keys.length > 30 || Array.isArray(value) ? new Set([...keys.slice(0, 2), ...keys.slice(-1)]) : keys;
  for (const key of chosen) yield* leavesIn(Reflect.get(value, key), [...at, key]);
}

function changed(body: unknown, at: Steps, value: unknown): unknown {
  const edits = new Edits();
  edits.put(at, value);
  return edits.appliedTo(body);
}

/** One item of each body of v3, with its keys in snake_case. */
const subjectsOfV3 = givenBodies().flatMap((given): V4Body[] => {
  if (given.resource.startsWith("v4-")) return [];
  const envelope = Array.isArray(given.body) ? given.body[0] : Object.values(given.body as object)[0]?.[0];
  const item = Array.isArray(given.body) || typeof envelope === "object" ? envelope : given.body;
  if (item === undefined) return [];
  // Fetched by its day, as a notification names it.
  const key = given.resource === "activity" ? String(item.start_time).slice(0, 10) : given.key;
  return [{ ...given, key, body: shortened(snakeKeys(item)), wrap: (one) => one }];
});

/** The night that v4's recharge belongs to: alone it makes no record. */
const night = v4Bodies.find(({ resource }) => resource === "v4-sleep");
const beside = ({ resource }: V4Body): readonly Part[] =>
  night !== undefined && resource.startsWith("v4-nightly-recharge") ? v4PartsOf(night, night.body) : [];

const subjects = [...subjectsOfV3, ...v4Bodies];

const ledgerOf = (name: string) => {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new RangeError(name);
  return found.ledger;
};

const partsWith = (given: V4Body, body: unknown): readonly Part[] =>
  partsOf(given.resource, given.key, given.wrap(body));

function recordsWith(given: V4Body, body: unknown) {
  try {
    return recordsOf([...beside(given), ...partsWith(given, body)]);
  } catch (error) {
    if (error instanceof ProviderError && error.code === "PROVIDER_BODY_INVALID") return "refused";
    throw error;
  }
}

/** In how many bodies a resource's leaf was, by resource and path. */
const bodiesWith = new Map<string, number>();

/** Returns the leaves that fewer than two earlier bodies of the resource have. */
function newLeavesOf({ resource, body }: V4Body): readonly Steps[] {
  const leaves = [...leavesIn(body)];
  const idOf = (at: Steps): string => `${resource} ${ledgerPath(ledgerOf(resource), at)}`;
  const isNew = new Map(leaves.map((at) => [idOf(at), (bodiesWith.get(idOf(at)) ?? 0) < 2]));
  for (const id of isNew.keys()) bodiesWith.set(id, (bodiesWith.get(id) ?? 0) + 1);
  return leaves.filter((at) => isNew.get(idOf(at)) === true);
}

describe.each(subjects)("$resource $name", (given) => {
  const { resource, body } = given;
  const ledger = ledgerOf(resource);
  const whole = recordsOf([...beside(given), ...partsWith(given, body)]);
  const leaves = newLeavesOf(given);
  /** What contains such a leaf is as necessary. */
  const isIdentity = (at: Steps) => {
    const path = ledgerPath(ledger, at);
    const around = (leaf: string) => leaf === path || /^[.[]/.test(leaf.slice(path.length));
    return (identities[resource] ?? []).some((leaf) => leaf.startsWith(path) && around(leaf));
  };
  const places = (at: Steps) => resource === "physical-info" && measuredAt.includes(String(at[0]));

  it("is made whatever is wrong with one of its leaves", () => {
    for (const at of leaves) {
      for (const value of wrongValues) {
        const found = recordsWith(given, changed(body, at, value));
        if (isIdentity(at)) continue;
        const message = `${at.join(".")} = ${JSON.stringify(value)?.slice(0, 60)}`;
        const wanted = [...whole.keys()].filter((name) => !(places(at) && name.startsWith("body")));
        expect(found === "refused" ? [found] : [...found.keys()], message).toEqual(
          expect.arrayContaining(wanted),
        );
      }
    }
  });

  it("is as without the leaf where an object replaces a mapped leaf, and reports it", () => {
    for (const at of leaves) {
      const path = ledgerPath(ledger, at);
      const isMapped = fatesOf(ledger, path).some(({ fate }) => fate === "mapped");
      if (isIdentity(at) || places(at) || !isMapped) continue;
      const odd = changed(body, at, { a: { b: 1 } });
      expect(partsWith(given, odd)[0]?.unreadable, path).toEqual([path]);
      expect(recordsWith(given, odd), path).toEqual(recordsWith(given, changed(body, at, null)));
    }
  });

  it("is made whatever is wrong with one key of a map", () => {
    for (const at of leaves.filter((steps) => ledgerPath(ledger, steps).endsWith("{}"))) {
      const [map, old] = [at.slice(0, -1), String(at.at(-1))];
      for (const wrong of wrongKeys) {
        const series = Object.entries(
          map.reduce<unknown>((value, step) => Reflect.get(Object(value), step), body) as object,
        );
        const renamed = Object.fromEntries(
          series.map(([name, value]) => [name === old ? wrong : name, value]),
        );
        const found = recordsWith(given, changed(body, map, renamed));
        expect(found === "refused" ? [found] : [...found.keys()], wrong).toEqual([...whole.keys()]);
      }
    }
  });
});
