/**
 * Permissions that end while thirty tasks are pending: noticed once, without a storm of calls, and caught up
 * later.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson, type DemoPerson } from "../src/demo/person.ts";
import { daysAgo, exercise } from "./support/polar-bodies.ts";
import { type Asked, askedDuring, askedSoFar, settled } from "./support/sync.ts";
import { type ReceivedEvent, type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

/** The number of tasks that a worker runs at a time. */
const inFlight = 8;
const pending = Array.from({ length: 30 }, (_, index) => index + 1);

const eventsOf = (type: string, { userId }: DemoPerson): ReceivedEvent[] =>
  system.events(type).filter(({ body }) => body.user?.user_id === userId);

const workoutsOf = (prefix: string): Set<string> =>
  new Set(
    system
      .events("activity")
      .map(({ body }) => String((body.data?.[0]?.metadata as Json)?.summary_id))
      .filter((id) => id.startsWith(prefix)),
  );

const refused = (asked: readonly Asked[], status: number) => asked.filter((one) => one.status === status);

/** Uploads thirty workouts that the provider announces one by one, and that must not be fetched. */
async function uploadThirty(person: DemoPerson, prefix: string): Promise<void> {
  await system.upload(
    person,
    "exercises",
    pending.map((index) => exercise(`${prefix}${index}`)),
  );
  await waitFor("all notifications to be looked at", async () => {
    const [row] = await system.query<{ count: number }>(
      `SELECT count(*)::int FROM fetch_tasks WHERE kind = 'announced' AND attempts > 0
        AND fetches -> 0 ->> 'key' LIKE $1`,
      [`${prefix}%`],
    );
    return row?.count === pending.length;
  });
}

describe("a permission that was revoked, with thirty tasks pending", () => {
  let person: DemoPerson;
  beforeAll(async () => {
    person = await system.connect("revoked with thirty");
    await settled(system);
    await system.control("POST", "/_sandbox/faults", {
      kind: "revoke",
      user_id: Number(person.sandboxUserId),
    });
    await system.control("DELETE", "/_sandbox/requests");
    await uploadThirty(person, "revoked");
  });

  it("is noticed with no more calls than were under way, and reported once", async () => {
    await waitFor("access_revoked", () => eventsOf("access_revoked", person).length > 0);
    const calls = refused(await askedSoFar(system), 401);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThanOrEqual(inFlight);
    expect(eventsOf("access_revoked", person)).toHaveLength(1);
    const states = await system.query(
      "SELECT DISTINCT state FROM fetch_tasks WHERE fetches -> 0 ->> 'key' LIKE 'revoked%'",
    );
    expect(states).toEqual([{ state: "waiting" }]);
  });

  it("causes no calls while it lasts, not even scheduled ones", async () => {
    expect(await askedDuring(system, () => system.reconcile(["exercise", "activity"]))).toEqual([]);
  });

  it("fetches all of it when the person returns, and of the rest only the gap", async () => {
    await system.query(
      `UPDATE coverage SET asked_until = now() - interval '5 days' WHERE user_id = $1 AND resource = 'activity'`,
      [person.userId],
    );
    const asked = await askedDuring(system, async () => {
      await connectPerson(system.server, "revoked with thirty", person.sandboxUserId);
      await settled(system);
      await system.reconcile();
    });
    await waitFor("all workouts", () => workoutsOf("revoked").size === pending.length);
    const activities = asked.filter(({ path }) => path.startsWith("/v3/users/activities"));
    expect(activities).toHaveLength(1);
    expect(activities[0]?.path).toContain(`from=${daysAgo(7)}`);
    expect(refused(asked, 401)).toEqual([]);
  });
});

describe("a task with many fetches", () => {
  it("ends with the first that is refused for a permission that was revoked", async () => {
    const person = await system.connect("revoked with many");
    await settled(system);
    await system.control("POST", "/_sandbox/faults", {
      kind: "revoke",
      user_id: Number(person.sandboxUserId),
    });
    const asked = await askedDuring(system, () => system.admin("POST", `/users/${person.userId}/refresh`));
    expect(asked).toHaveLength(1);
    expect(refused(asked, 401)).toHaveLength(1);
    await waitFor("access_revoked", () => eventsOf("access_revoked", person).length > 0);
  });
});

describe("a person whom the provider refuses for a while, with thirty tasks pending", () => {
  let person: DemoPerson;
  beforeAll(async () => {
    person = await system.connect("forbidden with thirty");
    await settled(system);
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 403, path: "/v3/exercises/" });
    await system.control("DELETE", "/_sandbox/requests");
    await uploadThirty(person, "forbidden");
  });

  it("is reported once, and one task tries again while the others wait", async () => {
    await waitFor("connection_error", () => eventsOf("connection_error", person).length > 0);
    expect(refused(await askedSoFar(system), 403).length).toBeLessThanOrEqual(inFlight);
    expect(eventsOf("connection_error", person)).toHaveLength(1);
    const states = await system.query<{ state: string; count: number }>(
      `SELECT state, count(*)::int FROM fetch_tasks WHERE fetches -> 0 ->> 'key' LIKE 'forbidden%'
        GROUP BY state ORDER BY state`,
    );
    expect(states).toEqual([
      { state: "accepted", count: 1 },
      { state: "waiting", count: pending.length - 1 },
    ]);
  });

  it("fetches all of it when the provider accepts calls again", async () => {
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await waitFor("all workouts", () => workoutsOf("forbidden").size === pending.length);
    expect(eventsOf("connection_error", person)).toHaveLength(1);
  });
});
