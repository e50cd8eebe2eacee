/** How far back v4 is asked: until three windows are empty, over gaps, past days that fail, and after a kill. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "../../src/store/days.ts";
import { newSandboxUser } from "../support/consent.ts";
import { daysAgo } from "../support/polar-bodies.ts";
import {
  askedOf,
  connectV4,
  forgetAsked,
  look,
  nightInV4,
  onlyV4,
  put,
  recordsOf,
  stateOf,
  turn,
  type V4Person,
  wholeOf,
} from "../support/polar-v4.ts";
import { hurrySpread } from "../support/spread-tasks.ts";
import { type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());
afterEach(async () => {
  await system.control("DELETE", "/_sandbox/v4/switches");
  await system.control("DELETE", "/_sandbox/faults");
});

async function withNights(...days: number[]): Promise<V4Person> {
  const bodies = days.map((day) => nightInV4(daysAgo(day)));
  const person = await onlyV4(system, (id) => put(system, id, "v4-sleeps", bodies), "sleep:read");
  await wholeOf(system, person);
  return person;
}

const nights = async (person: V4Person) =>
  [...(await recordsOf(system, person, "sleep")).keys()].sort().reverse();

/** Returns the ranges of days for which the list of nights was asked, the oldest last; `to` is not in them. */
async function listed(person: V4Person): Promise<{ from: string; to: string }[]> {
  const lists = (await askedOf(system, person)).flatMap(({ path }) => {
    const found = /^\/v4\/data\/sleeps\?from=([\d-]+)&to=([\d-]+)$/.exec(path);
    return found === null ? [] : [{ from: found[1] ?? "", to: found[2] ?? "" }];
  });
  return lists.toSorted((one, other) => other.from.localeCompare(one.from));
}

/** Nights after a gap of two windows, and one after a gap of more than three. */
const [newest, behindGap, beyond] = [5, 75, 230];

describe("a person's older data", () => {
  it.each(["empty-list", "empty-object", "no-content", "not-found"])(
    "is asked for until three windows are empty, where empty is %s",
    async (empty) => {
      await forgetAsked(system);
      await turn(system, { empty });
      const person = await withNights(newest, behindGap, beyond);
      expect(await nights(person)).toEqual([newest, behindGap].map(daysAgo));
      const windows = await listed(person);
      const last = windows.find(({ from, to }) => from <= daysAgo(behindGap) && to > daysAgo(behindGap));
      expect(windows.at(-1)?.from).toBe(addDays(last?.from ?? "", -3 * 28));
      // Every day is in one window.
      for (const [index, { from }] of windows.slice(0, -1).entries())
        expect(from).toBe(windows[index + 1]?.to);
      await forgetAsked(system);
      await look(system, person, ["v4-sleep"]);
      await wholeOf(system, person);
      for (const { from } of await listed(person)) expect(from > daysAgo(60)).toBe(true);
    },
  );

  it("ends where Polar's does, 90 days before the consent", async () => {
    await turn(system, { history: "90-days" });
    const person = await withNights(newest, behindGap, 100);
    expect(await nights(person)).toEqual([newest, behindGap].map(daysAgo));
  });

  it("has a day that Polar fails to answer shown, and made up for later, while all others are there", async () => {
    const broken = daysAgo(2);
    await turn(system, { broken_days: [broken] });
    const person = await onlyV4Unsettled();
    const state = await waitFor("the failure to be shown", async () => {
      await hurrySpread(system, person);
      const shown = await stateOf(system, person, "v4-nightly-recharge-samples");
      return shown?.trouble !== null && shown?.trouble !== undefined && shown;
    });
    expect(state.trouble).toMatchObject({ key: broken });
    expect(state.trouble.next_try_at).not.toBeNull();
    await waitFor("everything else", async () => {
      await hurrySpread(system, person);
      const rows = await system.query<{ fetches: { resource: string; key: string }[] }>(
        "SELECT fetches FROM fetch_tasks WHERE user_id = $1 AND state = 'accepted' AND kind <> 'second-look'",
        [person.userId],
      );
      return rows.every(({ fetches }) => fetches.every(({ key }) => key === broken));
    });
    const hrvOf = async (date: string): Promise<number> => {
      const record = (await recordsOf(system, person, "sleep")).get(date)?.record;
      const samples = record?.heart_rate_data?.detailed?.hrv_samples_rmssd ?? [];
      return samples.length;
    };
    expect(await nights(person)).toContain(broken);
    expect(await hrvOf(daysAgo(1))).toBeGreaterThan(0);
    expect(await hrvOf(broken)).toBe(0);
    await turn(system, { broken_days: [] });
    await waitFor("the samples of the broken day", async () => {
      await system.hurry();
      return (await hrvOf(broken)) > 0;
    });
    await wholeOf(system, person);
    expect((await stateOf(system, person, "v4-nightly-recharge-samples")).trouble).toBeNull();
  });
});

/** A person with three days of nights, whose tasks need not all end. */
async function onlyV4Unsettled(): Promise<V4Person> {
  const sandboxUserId = await newSandboxUser(system);
  await system.control("POST", `/_sandbox/users/${sandboxUserId}/generate`, { days: 4, apis: "v4" });
  await turn(system, { v3_accepts_v4_token: "never", v3_registers_v4_token: false });
  return connectV4(system, sandboxUserId, "sleep:read nightly_recharge:read");
}
