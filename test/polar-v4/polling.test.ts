/** People who gave v4 alone: v4 is asked for news at intervals, until a second consent brings notifications. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { accesslink } from "../../src/providers/polar/names.ts";
import { daysAgo, night } from "../support/polar-bodies.ts";
import {
  askedOf,
  forgetAsked,
  look,
  makeDue,
  nightInV4,
  onlyV4,
  put,
  recordsOf,
  settledOf,
  sourcesOf,
  stateOf,
  turn,
  type V4Person,
} from "../support/polar-v4.ts";
import { settled } from "../support/sync.ts";
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

const nights = async (person: V4Person) => [...(await recordsOf(system, person, "sleep")).keys()].sort();
const everySeconds = async (person: V4Person): Promise<number> =>
  (await stateOf(system, person, "v4-sleep")).reconcile_every_seconds;

describe("a person who gave v4 alone", () => {
  it("has everything that v4 has, and nothing is asked of v3", async () => {
    const person = await onlyV4(
      system,
      (id) => system.control("POST", `/_sandbox/users/${id}/generate`, { days: 2, apis: "v4" }),
      "sleep:read activity:read profile:read",
    );
    const asked = await askedOf(system, person);
    // The probe for v3 is all that it is asked for.
    expect(asked.filter(({ path, status }) => path.startsWith("/v3/") && status !== 401)).toEqual([]);
    for (const type of ["sleep", "daily", "athlete"]) {
      const records = [...(await recordsOf(system, person, type)).values()];
      expect(records.length, type).toBeGreaterThan(0);
      if (type !== "sleep") continue;
      for (const { record } of records) expect(sourcesOf(record)).toEqual(["dynamic-v4"]);
    }
    expect(await stateOf(system, person, "v4-sleep")).toMatchObject({
      announced: false,
      reconcile_every_seconds: 1_200,
    });
  });

  it("is asked for news, less often while there is none, and often again after some", async () => {
    const person = await onlyV4(system, async () => {}, "sleep:read");
    await forgetAsked(system);
    await look(system, person, ["v4-sleep"]);
    const paths = (await askedOf(system, person)).map(({ path }) => path);
    for (const day of [daysAgo(0), daysAgo(1)])
      expect(paths.some((path) => path.startsWith(`/v4/data/sleeps?from=${day}&`))).toBe(true);
    const quiet = [];
    for (let turns = 0; turns < 6; turns++) {
      await look(system, person, ["v4-sleep"]);
      quiet.push(await everySeconds(person));
    }
    expect(quiet).toEqual(quiet.toSorted((one, other) => one - other));
    expect(quiet.at(-1)).toBe(7_200);
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(daysAgo(0)));
    await look(system, person, ["v4-sleep"]);
    expect(await nights(person)).toEqual([daysAgo(0)]);
    expect(await everySeconds(person)).toBe(1_200);
  });

  it("is asked on after the token has expired, which is renewed once", async () => {
    const person = await onlyV4(system, async () => {}, "sleep:read");
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(daysAgo(1)));
    // The tokens of all people end with the clock's move: only this person's is to be used afterwards.
    await settled(system);
    const { now } = (await (await system.control("GET", "/_sandbox/clock")).json()) as { now: string };
    const later = new Date(Date.parse(now) + 2 * 3_600_000);
    await forgetAsked(system);
    await system.control("PUT", "/_sandbox/clock", { now: later.toISOString() });
    await look(system, person, ["v4-sleep", "v4-sleep-wake"]);
    expect(await nights(person)).toEqual([daysAgo(1)]);
    const answer = await system.control("GET", "/_sandbox/requests");
    const { requests } = (await answer.json()) as { requests: { method: string; path: string }[] };
    expect(requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(1);
  });

  it("is told by v3's notifications after a second consent", async () => {
    const person = await onlyV4(system, async () => {}, "sleep:read");
    const [, action = ""] = /action="([^"]+)"/.exec(person.page) ?? [];
    const begun = await fetch(system.server.url + action, {
      method: "POST",
      body: new URLSearchParams({ consent: accesslink }),
      redirect: "manual",
    });
    const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
    const at = new URL(begun.headers.get("location") ?? "");
    at.searchParams.set("sandbox_user", person.sandboxUserId);
    const back = await fetch(at, { redirect: "manual" });
    await (await fetch(back.headers.get("location") ?? "", { headers: { cookie } })).text();
    await settledOf(system, person);
    const state = await stateOf(system, person, "v4-sleep");
    expect(state.announced).toBe(true);
    // The interval is kept until it is known that notifications come, and then grows to that of reconciliation.
    for (let turns = 0; turns < 6 && (await everySeconds(person)) <= 7_200; turns++)
      await look(system, person, ["v4-sleep"]);
    expect(await everySeconds(person)).toBeGreaterThan(7_200);
    await forgetAsked(system);
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(daysAgo(1)));
    await system.upload(person, "sleep", night(daysAgo(1), daysAgo(2)));
    await waitFor("the night", async () => (await nights(person)).length > 0);
    await settledOf(system, person);
    const record = (await recordsOf(system, person, "sleep")).get(daysAgo(1))?.record;
    expect(sourcesOf(record)).toEqual(["accesslink-v3", "dynamic-v4"]);
  });
});

/** A refusal that names no time holds for a minute: a task that is due meanwhile is not sent. */
async function refusalEnds({ userId }: V4Person): Promise<void> {
  await waitFor("the task to be postponed", async () => {
    await system.hurry();
    const text = "SELECT FROM fetch_tasks WHERE user_id = $1 AND code = 'PROVIDER_BUDGET_SPENT'";
    return (await system.query(text, [userId])).length > 0;
  });
  await system.query(
    "UPDATE provider_budgets SET state = jsonb_set(state, '{blockedUntil}', '0') WHERE state ? 'blockedUntil'",
  );
}

describe("a call that is one too many", () => {
  it.each([
    { rate_headers: "pair", retry_after: false },
    { rate_headers: "pair", retry_after: true },
    { rate_headers: "single", retry_after: false },
    { rate_headers: "none", retry_after: true },
    { rate_headers: "none", retry_after: false },
  ])("is made later, with $rate_headers headers and Retry-After $retry_after", async (answer) => {
    const person = await onlyV4(system, async () => {}, "sleep:read");
    await put(system, person.sandboxUserId, "v4-sleeps", nightInV4(daysAgo(1)));
    await turn(system, answer);
    const path = `/v4/data/sleeps?from=${daysAgo(1)}`;
    const fault = { kind: "rate-limit", path, times: 1, reset_seconds: 1 };
    await system.control("POST", "/_sandbox/faults", fault);
    await forgetAsked(system);
    await makeDue(system, person, ["v4-sleep"]);
    const ofNight = async () =>
      (await askedOf(system, person)).filter((one) => one.path.startsWith(path)).map(({ status }) => status);
    await waitFor("the refusal", async () => (await ofNight()).includes(429));
    if (answer.rate_headers === "none" && !answer.retry_after) await refusalEnds(person);
    await waitFor("the night", async () => {
      await system.hurry();
      return (await nights(person)).length > 0;
    });
    await settledOf(system, person);
    expect(await nights(person)).toEqual([daysAgo(1)]);
    expect(await ofNight()).toEqual([429, 200]);
    const failed = await system.query("SELECT 1 FROM fetch_tasks WHERE user_id = $1 AND state = 'failed'", [
      person.userId,
    ]);
    expect(failed).toEqual([]);
  });
});
