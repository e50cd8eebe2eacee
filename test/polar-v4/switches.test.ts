/**
 * Every answer that Polar may give where nobody knows it (POLAR-V4 §9): each value of each of the sandbox's switches is
 * read by the plugin itself, over HTTP, and gives what is expected. A switch or a value without an expectation fails.
 */
import { lookup } from "node:dns";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Activity, Daily, Sleep } from "../../src/models/index.ts";
import { providerHttp } from "../../src/providers/kit/http.ts";
import { accesslink, dynamic as dynamicName } from "../../src/providers/polar/names.ts";
import { polarSettings } from "../../src/providers/polar/settings.ts";
import { recordsOf } from "../../src/providers/polar/testing/bodies.ts";
import { dynamicApi } from "../../src/providers/polar/v4/api.ts";
import { dynamicConsent } from "../../src/providers/polar/v4/oauth.ts";
import { v4Resources } from "../../src/providers/polar/v4/resources.ts";
import type { Grant, Part, ProviderAccess, ProviderResponse } from "../../src/providers/provider.ts";
import { REDIRECT } from "../../src/sandbox/polar/testing/world.ts";
import { type Switches, switchDocs } from "../../src/sandbox/polar/v4/switches.ts";
import {
  codeFor,
  type DynamicWorld,
  everyScope,
  startDynamic,
} from "../../src/sandbox/polar/v4/testing/world.ts";

const night = "2025-10-01";
const runDay = "2025-09-28";
const dayWithout = "2024-01-01";
const signal = AbortSignal.timeout(600_000);

let world: DynamicWorld;
let access: ProviderAccess<ReturnType<typeof polarSettings.parse>>;
let grant: Grant;
beforeAll(async () => {
  world = await startDynamic();
  const { url, clientId, clientSecret } = world.world.sandbox;
  const settings = polarSettings.parse({
    client_id: clientId,
    client_secret: clientSecret,
    authorize_url: `${url}/oauth2/authorization`,
    token_url: `${url}/v2/oauth2/token`,
    api_url: url,
  });
  access = { settings, http: providerHttp({ lookup, assertUrlAllowed: () => {} }) };
  grant = {
    consent: dynamicName,
    accessToken: world.tokens.access,
    expiresAt: null,
    renewal: null,
    providerUserId: String(world.id),
    scopes: everyScope.split(" "),
  };
  await generated(world.id, 29);
});
afterAll(() => world.close());

const generated = (id: number, days: number) =>
  world.world.call(`/_sandbox/users/${id}/generate`, { method: "POST", body: { days, seed: 7 } });

function resourceOf(name: string) {
  const found = v4Resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

/** Asks as the hub does. */
const asked = (name: string, key: string, by: Grant = grant): Promise<ProviderResponse> =>
  dynamicApi.send(access, resourceOf(name).request(key, by.providerUserId), by, signal);

async function partsOf(name: string, key: string, by: Grant = grant): Promise<readonly Part[]> {
  const { body } = await asked(name, key, by);
  const resource = resourceOf(name);
  return resource.parts(key, resource.decode(body));
}

/** Returns the record that these parts make. */
function recordOf<Type>(type: string, key: string, parts: readonly Part[]): Type {
  const record = recordsOf(parts).get(`${type} ${key}`);
  expect(record, `${type} ${key}`).toBeDefined();
  return record as Type;
}

const polarOf = (record: unknown) =>
  (record as { provider_data: { polar: Record<string, Record<string, unknown>> } }).provider_data.polar;

interface Run {
  readonly key: string;
  readonly record: Activity;
  readonly exercise: Record<string, unknown>;
}

async function run(): Promise<Run> {
  const parts = await partsOf("v4-training-session", runDay);
  const [part] = parts;
  const record = recordOf<Activity>("activity", part?.key ?? "", parts);
  const { exercises } = polarOf(record)["v4-training-session"] as { exercises: Record<string, unknown>[] };
  return { key: part?.key ?? "", record, exercise: exercises[0] ?? {} };
}

/** Returns the run as it is under the usual switches. */
async function usualRun(changes: Partial<Switches> = {}): Promise<Run> {
  await world.turn({});
  const usual = await run();
  await world.turn(changes);
  return usual;
}

/** Consents as a new person. */
async function consented(scope = everyScope): Promise<{ readonly id: number; readonly grant: Grant }> {
  const id = await world.world.person();
  const code = await codeFor(world.world, id, scope);
  const asked = { code, redirectUri: REDIRECT, scopes: everyScope.split(" "), codeVerifier: null, signal };
  return { id, grant: await dynamicConsent.exchange(access, asked) };
}

const renewed = async (held: Grant): Promise<Grant> => {
  const next = await dynamicConsent.refresh?.(access, held, signal);
  if (next === undefined) throw new Error("v4 renews");
  return next;
};
const tokenOf = ({ renewal }: Grant): string => (renewal?.kind === "refresh-token" ? renewal.token : "");
const isGood = async (held: Grant): Promise<boolean> => (await asked("v4-sleep", night, held)).status === 200;

/** Finds out what a new person's grant opens, and how often v3 was asked to register them. */
async function opened(): Promise<{ readonly id: number; readonly grant: Grant; readonly posts: number }> {
  const { id, grant: given } = await consented();
  await world.world.call("/_sandbox/requests", { method: "DELETE" });
  const registering = { memberId: `member-${id}`, opened: [], knownAs: [], signal };
  const found = await dynamicConsent.register?.(access, given, registering);
  if (found === undefined || found === null) throw new Error("v4 registers");
  const { requests } = (await world.world.call("/_sandbox/requests")).json() as {
    requests: { method: string; path: string }[];
  };
  const posts = requests.filter(({ method, path }) => method === "POST" && path === "/v3/users").length;
  return { id, grant: found, posts };
}
const both = [dynamicName, accesslink];

/** Whether the hub finds v3's id of the person, whatever v4's reply says. */
async function isFoundAs(before: (id: number, grant: Grant) => void): Promise<void> {
  const first = await consented();
  before(first.id, first.grant);
  const { id, grant: found } = await opened();
  expect(found).toMatchObject({ providerUserId: String(id), apis: both });
}

const lists = [
  ["v4-sleep", night],
  ["v4-sleep-wake", `${night}..${night}`],
  ["v4-nightly-recharge", `2025-09-20..${night}`],
  ["v4-nightly-recharge-samples", night],
  ["v4-continuous-samples", `2025-09-27..${night}`],
  ["v4-ppi-samples", night],
  ["v4-activity", night],
  ["v4-training-session", runDay],
  ["v4-temperature", `2025-09-20..${night}`],
  ["v4-test", `2025-09-08..${night}`],
] as const;

const keysIn = async (name: string, key: string) => (await partsOf(name, key)).map((part) => part.key);
const allKeys = async () => Promise.all(lists.map(async ([name, key]) => [name, await keysIn(name, key)]));
const isRefused = async () => {
  for (const [name, key] of lists) {
    await expect(partsOf(name, key), name).rejects.toMatchObject({ code: "PROVIDER_BODY_INVALID" });
  }
};

/** A day without data, of every kind of call. */
async function isNothing(): Promise<void> {
  for (const [name] of lists) {
    const isRanged = name === "v4-nightly-recharge" || name === "v4-continuous-samples";
    expect(await partsOf(name, isRanged ? `${dayWithout}..${dayWithout}` : dayWithout), name).toEqual([]);
  }
  const { grant: newcomer } = await consented();
  for (const name of ["v4-account", "v4-user-devices"]) {
    expect(await partsOf(name, "current", newcomer), name).toEqual([]);
  }
}

/** The sport that only the catalogue can name. */
async function namesSports(): Promise<void> {
  const catalogue = await partsOf("v4-sports", "current");
  const session = {
    identifier: { id: "own-sport" },
    startTime: "2025-09-02T12:00:00",
    durationMillis: 60_000,
    timezoneOffsetMinutes: 60,
    sport: { id: "900" },
    exercises: [],
  };
  await world.world.put(world.id, "v4-training-sessions", session);
  const sessions = await partsOf("v4-training-session", "2025-09-02");
  const made = recordOf<Activity>("activity", "own-sport", [...sessions, ...catalogue]);
  expect(made.metadata?.name).toBe("SANDBOX_SPORT");
  expect(recordOf<Activity>("activity", "own-sport", sessions).metadata?.name).not.toBe("SANDBOX_SPORT");
}

async function refusedScope(): Promise<void> {
  const { grant: few } = await consented("sleep:read");
  await expect(asked("v4-sports", "current", few)).rejects.toMatchObject({
    code: "PROVIDER_FORBIDDEN",
    details: { reason: "missing scope sports:read" },
  });
}

async function ppiOf(): Promise<number> {
  const { body } = await asked("v4-ppi-samples", night);
  const [day] = (
    JSON.parse(body.toString()) as { dailyPpiSamples: { ppiSamplesPerDevice: { ppiSamples: unknown[] }[] }[] }
  ).dailyPpiSamples;
  const sent = day?.ppiSamplesPerDevice[0]?.ppiSamples.length ?? 0;
  const parts = resourceOf("v4-ppi-samples").parts(night, JSON.parse(body.toString()));
  const made = recordOf<{ heart_data: { rr_interval_samples: unknown[] } }>("body", night, parts);
  expect(made.heart_data.rr_interval_samples).toHaveLength(sent);
  return sent;
}

async function sleepOf(): Promise<Sleep> {
  const parts = [
    ...(await partsOf("v4-sleep", night)),
    ...(await partsOf("v4-nightly-recharge", night)),
    ...(await partsOf("v4-nightly-recharge-samples", night)),
  ];
  return recordOf<Sleep>("sleep", night, parts);
}

async function limited(): Promise<{ readonly retryAfterMs: number | null }> {
  const { world: sandbox } = world;
  const fault = { kind: "rate-limit", path: "/v4/data/sleeps", times: 1, reset_seconds: 77 };
  await sandbox.call("/_sandbox/faults", { method: "POST", body: fault });
  const error = await asked("v4-sleep", night).catch((refused: unknown) => refused);
  expect(error).toMatchObject({ code: "PROVIDER_RATE_LIMITED", retry: "later" });
  return error as { retryAfterMs: number | null };
}

type Expected = () => unknown;
const lives = (lifeMs: number) => async () => {
  const before = Date.now();
  const ends = (await consented()).grant.expiresAt?.getTime() ?? 0;
  expect(ends).toBeGreaterThanOrEqual(before + lifeMs);
  expect(ends).toBeLessThanOrEqual(Date.now() + lifeMs);
};

const hasNoEnd = async () => expect((await consented()).grant.expiresAt).toBeNull();

/** Renews three times. Returns which renewals brought another refresh token; every access token works. */
async function renewals(): Promise<boolean[]> {
  let { grant: held } = await consented();
  const changed: boolean[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const next = await renewed(held);
    changed.push(tokenOf(next) !== tokenOf(held));
    expect(next.accessToken).not.toBe(held.accessToken);
    expect(await isGood(next)).toBe(true);
    held = next;
  }
  return changed;
}

async function lapsAreRead(value: Switches["lap_split_time"]): Promise<void> {
  const usual = await usualRun({ lap_split_time: value });
  const { record } = await run();
  const laps = record.lap_data?.laps ?? [];
  expect(laps.length).toBeGreaterThan(2);
  expect(laps).toEqual(usual.record.lap_data?.laps);
  expect(laps[0]?.start_time).toBe(record.metadata?.start_time);
  expect(laps.every(({ start_time, end_time }) => (start_time ?? "") < (end_time ?? ""))).toBe(true);
}

async function gapsAreLeftOut(value: Switches["sample_gaps"]): Promise<void> {
  const usual = await usualRun({ sample_gaps: value });
  const { record } = await run();
  const all = usual.record.heart_rate_data?.detailed?.hr_samples ?? [];
  const left = record.heart_rate_data?.detailed?.hr_samples;
  const isGap = (index: number) => value !== "none" && index % 97 === 50;
  expect(left).toEqual(all.filter((_, index) => !isGap(index)));
  expect(left?.length).toBeGreaterThan(100);
}

async function oldToken(): Promise<{ readonly again: Promise<Grant>; readonly next: Grant }> {
  const { grant: held } = await consented();
  const next = await renewed(held);
  const again = renewed(held);
  await again.catch(() => {});
  return { again, next };
}
const unauthorized = { code: "PROVIDER_UNAUTHORIZED" };

/** What is expected, by switch and value. */
const expected: { readonly [Name in keyof Switches]: Readonly<Record<string, Expected>> } = {
  expires_in: { 1: lives(1_000), 3599: lives(3_599_000), 43199: lives(43_199_000) },
  expires_in_reply: {
    true: lives(3_599_000),
    text: lives(3_599_000),
    // Nothing that can be believed: the token is used until it is refused.
    absent: hasNoEnd,
    zero: hasNoEnd,
    negative: hasNoEnd,
    huge: async () => expect((await consented()).grant.expiresAt?.getTime()).toBe(8.64e15),
  },
  scope_in_reply: {
    granted: async () => expect((await consented("sleep:read")).grant.scopes).toEqual(["sleep:read"]),
    absent: async () =>
      expect((await consented("sleep:read")).grant.scopes).toEqual([...everyScope.split(" ")].sort()),
  },
  x_user_id: {
    same: () => isFoundAs((id, { providerUserId }) => expect(providerUserId).toBe(String(id))),
    other: () =>
      isFoundAs((id, { providerUserId, isUnnamed }) => {
        expect([providerUserId, isUnnamed]).not.toEqual([String(id), undefined]);
      }),
    absent: () => isFoundAs((_, { isUnnamed }) => expect(isUnnamed).toBe(true)),
  },
  refresh_rotation: {
    always: async () => expect(await renewals()).toEqual([true, true, true]),
    sometimes: async () => expect(await renewals()).toEqual([false, true, false]),
    never: async () => expect(await renewals()).toEqual([false, false, false]),
    repeated: async () => expect(await renewals()).toEqual([false, false, false]),
  },
  old_refresh_token: {
    refused: async () => {
      const { again, next } = await oldToken();
      await expect(again).rejects.toMatchObject(unauthorized);
      expect(await isGood(await renewed(next))).toBe(true);
    },
    works: async () => {
      const { again, next } = await oldToken();
      expect([await isGood(await again), await isGood(await renewed(next))]).toEqual([true, true]);
    },
    "ends-grant": async () => {
      const { again, next } = await oldToken();
      await expect(again).rejects.toMatchObject(unauthorized);
      await expect(renewed(next)).rejects.toMatchObject(unauthorized);
    },
  },
  v3_accepts_v4_token: {
    "after-registration": async () => {
      const { grant: found, posts } = await opened();
      expect([found.apis, posts]).toEqual([both, 1]);
    },
    always: async () => expect((await opened()).grant.apis).toEqual(both),
    never: async () => {
      const { grant: found } = await opened();
      expect([found.apis, await isGood(found)]).toEqual([undefined, true]);
    },
  },
  v3_registers_v4_token: {
    true: async () => expect((await opened()).grant.apis).toEqual(both),
    false: async () => {
      const { grant: found } = await opened();
      expect([found.apis, await isGood(found)]).toEqual([undefined, true]);
    },
  },
  v3_delete_ends_v4_grant: {
    false: async () => {
      const { grant: found } = await opened();
      await dynamicConsent.revoke?.(access, found, signal);
      expect(await isGood(found)).toBe(true);
    },
    true: async () => {
      const { grant: found } = await opened();
      await dynamicConsent.revoke?.(access, found, signal);
      await expect(isGood(found)).rejects.toMatchObject(unauthorized);
    },
  },
  v3_webhooks_for_v4_consent: {
    // What the hub does then is tested in one-record.test.ts; that nothing is announced is seen by asking alone.
    true: async () => expect((await opened()).grant.apis).toEqual(both),
    false: async () => expect((await opened()).grant.apis).toEqual(both),
  },
  wrapper: {
    live: async () => {
      for (const [name, keys] of await allKeys()) expect(keys, String(name)).not.toEqual([]);
    },
    swagger: async () => {
      const found = await allKeys();
      await world.turn({});
      expect(found).toEqual(await allKeys());
    },
    unknown: isRefused,
    object: isRefused,
  },
  sports_list: { array: namesSports, object: namesSports },
  sports_id: { object: namesSports, identifier: namesSports, number: namesSports, string: namesSports },
  sports_empty: {
    false: namesSports,
    true: async () => {
      const parts = [
        ...(await partsOf("v4-training-session", runDay)),
        ...(await partsOf("v4-sports", "current")),
      ];
      const usual = await usualRun();
      const { record } = usual;
      expect(recordOf<Activity>("activity", usual.key, parts).metadata).toEqual(record.metadata);
      expect(record.metadata?.name).toMatch(/RUNNING/);
    },
  },
  empty: {
    "empty-list": isNothing,
    "empty-object": isNothing,
    "no-content": isNothing,
    "not-found": isNothing,
  },
  lap_split_time: { end: () => lapsAreRead("end"), start: () => lapsAreRead("start") },
  training_load_report: Object.fromEntries(
    (["session", "exercise"] as const).map((value) => [
      value,
      async () => {
        const usual = await usualRun({ training_load_report: value });
        const { record } = await run();
        expect(record.strain_data?.strain_level).toBeGreaterThan(0);
        expect(record.strain_data).toEqual(usual.record.strain_data);
      },
    ]),
  ),
  sample_gaps: {
    none: () => gapsAreLeftOut("none"),
    null: () => gapsAreLeftOut("null"),
    nan: () => gapsAreLeftOut("nan"),
  },
  exercise_stop: {
    earlier: async () => {
      const { record, exercise } = await run();
      expect(record.metadata?.end_time).not.toContain(String(exercise.stopTime));
    },
    same: async () => {
      const usual = await usualRun({ exercise_stop: "same" });
      const { record, exercise } = await run();
      expect(record.metadata?.end_time).toContain(String(exercise.stopTime));
      expect(record.metadata).toEqual(usual.record.metadata);
    },
  },
  rr_offline: Object.fromEntries(
    (["absent", "present"] as const).map((value) => [
      value,
      async () => {
        const { rrSamples } = (await run()).exercise.samples as { rrSamples: { offline?: boolean }[] };
        expect(rrSamples.length).toBeGreaterThan(100);
        expect(rrSamples[0]).toMatchObject({ durationMillis: expect.any(Number) });
        expect(rrSamples[0]?.offline).toBe(value === "present" ? false : undefined);
      },
    ]),
  ),
  history: {
    all: async () => expect(await oldNight()).toEqual(["2025-05-01"]),
    "90-days": async () => expect(await oldNight()).toEqual([]),
  },
  rate_headers: {
    pair: async () =>
      expect((await asked("v4-sleep", night)).rateLimit).toMatchObject([
        { limit: 3_000 },
        { limit: 100_000 },
      ]),
    // Half a reading could be taken for the other window's: the hub counts by itself then.
    single: async () => expect((await asked("v4-sleep", night)).rateLimit).toBeNull(),
    none: async () => expect((await asked("v4-sleep", night)).rateLimit).toBeNull(),
  },
  retry_after: {
    true: async () => expect((await limited()).retryAfterMs).toBe(77_000),
    false: async () => expect((await limited()).retryAfterMs).toBeGreaterThan(0),
  },
  refusal_body: { errorMessage: refusedScope, error: refusedScope },
  broken_days: {
    none: async () => expect(await keysIn("v4-nightly-recharge-samples", night)).toEqual([night]),
    [night]: async () => {
      await expect(asked("v4-nightly-recharge-samples", night)).rejects.toMatchObject({
        code: "PROVIDER_UNAVAILABLE",
        retry: "later",
        details: { status: 500 },
      });
      expect(await keysIn("v4-nightly-recharge-samples", "2025-09-30")).toEqual(["2025-09-30"]);
      expect(await keysIn("v4-nightly-recharge", `2025-09-20..${night}`)).toContain(night);
    },
  },
  ppi_spill: Object.fromEntries(
    [false, true].map((spills) => [
      String(spills),
      async () => {
        const day = "2025-09-30";
        const { body } = await asked("v4-ppi-samples", day);
        const sent = JSON.parse(body.toString()) as { dailyPpiSamples: unknown[] };
        expect(sent.dailyPpiSamples).toHaveLength(spills ? 2 : 1);
        expect(await keysIn("v4-ppi-samples", day)).toEqual([day]);
      },
    ]),
  ),
  ppi_hours: {
    hour: async () => expect(await ppiOf()).toBeGreaterThan(2_000),
    night: async () => expect(await ppiOf()).toBeGreaterThan(10_000),
    day: async () => expect(await ppiOf()).toBeGreaterThan(50_000),
  },
  recharge_zeros: {
    true: async () => {
      const made = await sleepOf();
      expect(made.respiration_data?.breaths_data?.avg_breaths_per_min ?? null).toBeNull();
      expect(made.respiration_data?.breaths_data?.samples?.length).toBeGreaterThan(10);
      expect(polarOf(made)["v4-nightly-recharge"]).toMatchObject({
        meanNightlyRecoveryRespirationInterval: null,
        meanBaselineRri: null,
        meanBaselineRmssd: null,
      });
    },
    false: async () => {
      expect(polarOf(await sleepOf())["v4-nightly-recharge"]).toMatchObject({
        meanNightlyRecoveryRespirationInterval: expect.any(Number),
        meanBaselineRri: expect.any(Number),
        meanBaselineRmssd: expect.any(Number),
      });
    },
  },
  devices: {
    one: async () => {
      const { steps } = polarOf(await dailyOf());
      expect(steps).toEqual({ basis: "sum", device: expect.any(String) });
    },
    two: async () => {
      const two = await dailyOf();
      await world.turn({});
      const one = await dailyOf();
      expect(two.distance_data).toEqual(one.distance_data);
      expect(polarOf(two).steps?.devices).toHaveLength(2);
    },
  },
};

async function oldNight(): Promise<string[]> {
  const [part] = await partsOf("v4-sleep", night);
  await world.world.put(world.id, "v4-sleeps", { ...(part?.value as object), sleepDate: "2025-05-01" });
  return keysIn("v4-sleep", "2025-05-01");
}

const dailyOf = async (): Promise<Daily> =>
  recordOf<Daily>("daily", night, await partsOf("v4-activity", night));

/** Returns a switch's value by the word it has in the table. */
function valueNamed({ values }: { readonly values: string }, word: string): unknown {
  if (values === "true, false") return word === "true";
  if (values === "a number") return Number(word);
  if (values === "a list of dates") return word === "none" ? [] : [word];
  return word;
}

const cases = switchDocs().flatMap((docs) =>
  Object.entries(expected[docs.name as keyof Switches] ?? {}).map(([word, expectation]) => ({
    name: docs.name,
    word,
    value: valueNamed(docs, word),
    expectation,
  })),
);

describe("a switch", () => {
  it("has an expectation for each of its values", () => {
    const docs = switchDocs();
    expect(Object.keys(expected).sort()).toEqual(docs.map(({ name }) => name).sort());
    for (const { name, values } of docs) {
      const words = Object.keys(expected[name as keyof Switches]).sort();
      if (values.startsWith("a ")) expect(words.length, name).toBeGreaterThanOrEqual(2);
      else expect(words, name).toEqual(values.split(", ").sort());
    }
  });

  it.each(cases)("$name may be $word", async ({ name, value, expectation }) => {
    expect((await world.turn({ [name]: value })).status).toBe(200);
    await expectation();
  });
});
