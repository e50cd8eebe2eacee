/** What Garmin is asked for and when, end to end: features that an account lacks, days, history, endless lists. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { daysAgo } from "../invented/hub.ts";
import { credentials } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";
import { type Asked, type GarminWorld, startGarminWorld } from "./garmin-world.ts";

type Json = ReturnType<typeof JSON.parse>;

let world: GarminWorld;
beforeAll(async () => {
  world = await startGarminWorld();
});
afterAll(() => world?.close());

/** Connects a person, with all of their history left to come. */
async function connect(person: number): Promise<string> {
  const link = await world.hub.connectLink(`planning-${person}`);
  const { status, text } = await world.paste(link, { key: await world.newKey(person) });
  if (status !== 200) throw new Error(`connecting ended with ${status}: ${text}`);
  return waitFor("the connection", async () => {
    const [row] = await world.hub.query<{ user_id: string }>(
      "SELECT user_id FROM connections WHERE provider_user_id = $1",
      [String(person)],
    );
    return row?.user_id ?? null;
  });
}

async function admin(method: string, path: string): Promise<Json> {
  const headers = { authorization: `Bearer ${credentials.adminToken}` };
  const answer = await fetch(`${world.hub.url}/admin/v1${path}`, { method, headers });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const resourceOf = async (userId: string, name: string): Promise<Json> =>
  (await admin("GET", `/users/${userId}/sync`)).resources.find((one: Json) => one.resource === name);

const tasksOf = (userId: string, state: string) =>
  world.hub.query<{ kind: string; fetches: Json; code: string | null }>(
    "SELECT kind, fetches, code FROM fetch_tasks WHERE user_id = $1 AND state = $2",
    [userId, state],
  );

const foodPath = "/nutrition-service/";

const callsOf = (asked: readonly Asked[], path: string) => asked.filter((one) => one.path.startsWith(path));

const workEnds = (userId: string) =>
  waitFor("the work under way to end", async () => (await tasksOf(userId, "accepted")).length === 0);

/** Makes a resource due for the reconciliation that runs each half a minute. */
const makeDue = (userId: string, resource: string) =>
  world.hub.query("UPDATE coverage SET next_reconcile_at = now() WHERE user_id = $1 AND resource = $2", [
    userId,
    resource,
  ]);

/** Takes all days of a user for known, except those of one resource. */
async function leaveOut(userId: string, except: string | null): Promise<void> {
  await world.hub.query(
    `UPDATE coverage SET days = '{[2000-01-01,2100-01-01)}' WHERE user_id = $1 AND resource <> coalesce($2, '')`,
    [userId, except],
  );
  await world.hub.query(
    "UPDATE fetch_tasks SET state = 'done' WHERE user_id = $1 AND kind = 'backfill' AND state = 'accepted'",
    [userId],
  );
}

describe.concurrent("a feature that the account lacks", () => {
  /** Waits for the word that the account lacks the food diary, and for some history. Returns the calls that asked for it. */
  async function refused(person: number, userId: string, status: number): Promise<number> {
    const food = await waitFor("the answer", async () => {
      const found = await resourceOf(userId, "food-log");
      return found.unavailable === null ? null : found;
    });
    expect(food.unavailable).toMatchObject({ code: "PROVIDER_RESOURCE_UNAVAILABLE", status });
    expect(food).toMatchObject({ covered: [], asked_until: null, orders: { failed: 0 } });
    // Days that other resources have, too, are asked for without it.
    await waitFor("some history", async () => (await tasksOf(userId, "done")).length > 6);
    const calls = callsOf(await world.asked(person), foodPath).length;
    // At most those that were under way when the first was answered.
    expect(calls).toBeLessThanOrEqual(4);
    expect(await tasksOf(userId, "failed")).toEqual([]);
    expect((await resourceOf(userId, "daily-summary")).unavailable).toBeNull();
    return calls;
  }

  for (const status of [403, 405])
    it(`(${status}) is asked for a few times, shown once, and fails no task`, async () => {
      const person = await world.person();
      const fault = { kind: "outage", status, path: foodPath, user_id: person };
      await world.control("POST", "/faults", fault);
      const userId = await connect(person);
      await refused(person, userId, status);
      await leaveOut(userId, null);
    });

  it("(404) is asked for rarely; once the account has it, its history comes", async () => {
    const person = await world.person({ food_diary: false });
    const userId = await connect(person);
    const before = await refused(person, userId, 404);
    await leaveOut(userId, "food-log");
    await workEnds(userId);
    await world.control("PATCH", `/users/${person}`, { food_diary: true });
    await admin("POST", `/users/${userId}/refresh`);
    await workEnds(userId);
    expect(callsOf(await world.asked(person), foodPath).length).toBe(before);
    await makeDue(userId, "food-log");
    await waitFor("days of last month", async () => {
      await world.hasten(userId);
      return callsOf(await world.asked(person), foodPath).some(({ path }) => path.includes(daysAgo(20)));
    });
    expect((await resourceOf(userId, "food-log")).unavailable).toBeNull();
    await leaveOut(userId, null);
  });
});

describe.concurrent("the tasks of a person who connects", () => {
  it("are few, though their history is twelve years", async () => {
    const person = await world.person();
    const userId = await connect(person);
    const tasks = await tasksOf(userId, "accepted");
    expect(tasks.length).toBeLessThan(130);
    await leaveOut(userId, null);
  });
});

// One after the other: the sandbox has one fault of pages at a time.
describe("a list of activities", () => {
  const path = "/activitylist-service/activities/search/activities";
  const activity = (id: number) => ({
    activityId: id,
    activityType: { typeId: 1, typeKey: "running", parentTypeId: 17 },
    startTimeLocal: `${daysAgo(1)} 18:${10 + (id % 40)}:00`,
    startTimeGMT: `${daysAgo(1)} 10:${10 + (id % 40)}:00`,
    duration: 600,
    distance: 1_000,
  });

  for (const [pages, mostCalls, least] of [
    ["repeat", 3, 20],
    ["endless", 31, 600],
  ] as const)
    it(`whose pages ${pages === "repeat" ? "repeat" : "never end"} is left with a code, and what was read is there`, async () => {
      const person = await world.person();
      const activities = Array.from({ length: 20 }, (_, index) => activity(index + 1));
      await world.put(person, "activities", activities);
      await world.control("POST", `/faults`, { kind: "pages", pages, user_id: person });
      const userId = await connect(person);
      await leaveOut(userId, null);
      const trouble = await waitFor("the trouble", async () => {
        const found = await resourceOf(userId, "activities");
        return found.trouble?.state === "failed" ? found.trouble : null;
      });
      expect(trouble).toMatchObject({ code: "PROVIDER_PAGES_ENDLESS", next_try_at: null });
      const first = new Set(callsOf(await world.asked(person), path).map((one) => newestOf(one.path)));
      const newest = [...first].toSorted().at(-1);
      const calls = () =>
        world
          .asked(person)
          .then((asked) => callsOf(asked, path).filter((one) => newestOf(one.path) === newest));
      expect((await calls()).length).toBeLessThanOrEqual(mostCalls);
      const records = await waitFor("what was read", async () => {
        const found = await world.records(userId, "activity", daysAgo(10), daysAgo(-1));
        return found.length >= least ? found : null;
      });
      expect(new Set(records.map(({ metadata }) => metadata.summary_id)).size).toBe(records.length);
      // The other resources are there, and reconciliation does not ask for the list again at once.
      await waitFor(
        "the other resources",
        async () => (await resourceOf(userId, "sleep")).asked_until !== null,
      );
      const before = (await calls()).length;
      await makeDue(userId, "activities");
      await waitFor("the reconciliation", async () => {
        const { next_reconcile_at: next } = await resourceOf(userId, "activities");
        return Date.parse(next) > Date.now();
      });
      await workEnds(userId);
      expect((await calls()).length).toBe(before);
    });

  const newestOf = (asked: string) => /endDate=([\d-]+)/.exec(asked)?.[1] ?? "";
});
