/** Nothing is missed: data that a provider never announced is found, once, with as few calls as possible. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { activityDay, daysAgo, exercise, night, recharge } from "./support/polar-bodies.ts";
import { askedDuring, settled, uploadQuietly } from "./support/sync.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;

beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("sync");
  await settled(system);
});
afterAll(() => system.close());

const quietly = (resource: string, body: unknown) => uploadQuietly(system, person, resource, body);
const asked = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await askedDuring(system, work)).map(({ path }) => path);

const workouts = (id: string) =>
  system.events("activity").filter(({ body }) => (body.data?.[0]?.metadata as Json)?.summary_id === id);

const coverageOf = async (resource: string): Promise<Json> => {
  const [row] = await system.query("SELECT * FROM coverage WHERE resource = $1 AND user_id = $2", [
    resource,
    person.userId,
  ]);
  return row;
};

describe("on connecting", () => {
  it("asks for a year of activities in calls of 28 days, and 28 days of the rest", async () => {
    const rows = await system.query<{ days: string }>(
      "SELECT (upper(days) - lower(days))::text AS days FROM coverage WHERE resource = 'activity'",
    );
    expect(rows).toEqual([{ days: "365" }]);
    const other = await coverageOf("continuous-heart-rate");
    expect(other.asked_until).toBeInstanceOf(Date);
    const orders = await system.query<{ kind: string; count: number }>(
      `SELECT kind, count(*)::int FROM fetch_tasks WHERE fetches @> '[{"resource": "activity"}]' GROUP BY kind
       ORDER BY kind`,
    );
    expect(orders).toEqual([
      { kind: "backfill", count: 13 },
      { kind: "connect", count: 1 },
    ]);
  });
});

describe("reconciliation", () => {
  it("finds an unannounced workout by the index, and counts it", async () => {
    await quietly("exercises", exercise("silent1"));
    const paths = await asked(() => system.reconcile(["exercise"]));
    await waitFor("the workout", () => workouts("silent1").length === 1);
    expect(paths.filter((path) => path.startsWith("/v3/exercises?") || path === "/v3/exercises")).toEqual([
      "/v3/exercises",
    ]);
    expect(await coverageOf("exercise")).toMatchObject({ gaps_found: 1, reconcile_every_ms: 3 * 3_600_000 });
    const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
    expect(metrics).toContain('systole_sync_gaps_total{provider="polar",resource="exercise"} 1');
  });

  it("requests only the index when nothing is new, and then less often", async () => {
    const paths = await asked(() => system.reconcile(["exercise"]));
    expect(paths).toEqual(["/v3/exercises"]);
    expect(await coverageOf("exercise")).toMatchObject({
      gaps_found: 1,
      reconcile_every_ms: 4.5 * 3_600_000,
    });
  });

  it("notices that a workout was edited, and a night changed", async () => {
    await quietly("sleep", night(daysAgo(4), daysAgo(5)));
    await asked(() => system.reconcile(["exercise", "sleep"]));
    await quietly("exercises", exercise("silent1", { calories: 77 }));
    await quietly(
      "sleep",
      night(daysAgo(4), daysAgo(5), { sleep_end_time: `${daysAgo(4)}T07:30:00.000+01:00` }),
    );
    const paths = await asked(() => system.reconcile(["exercise", "sleep"]));
    expect(paths).toContain(`/v3/users/sleep/${daysAgo(4)}`);
    await waitFor(
      "both revisions",
      () => workouts("silent1").length === 2 && system.events("sleep").length === 2,
    );
  });

  it("finds data that is never announced", async () => {
    await quietly("nightly-recharge", recharge(daysAgo(4)));
    await asked(() => system.reconcile(["nightly-recharge"]));
    await waitFor("the night's third revision", () => system.events("sleep").length === 3);
    const gaps = await coverageOf("nightly-recharge");
    expect(gaps).toMatchObject({ gaps_found: 1 });
  });

  it("does not count announced data", async () => {
    const { gaps_found: before } = await coverageOf("activity");
    await system.upload(person, "activities", activityDay(daysAgo(1)));
    await settled(system);
    await waitFor("the day", () => system.events("daily").length > 0);
    const paths = await asked(() => system.reconcile(["activity"]));
    expect(paths).toHaveLength(1);
    expect((await coverageOf("activity")).gaps_found).toBe(before);
  });

  it("does not count announced data that could not be fetched yet", async () => {
    const { gaps_found: before } = await coverageOf("activity");
    const days = system.events("daily").length;
    const fault = { kind: "outage", status: 503, path: `/v3/users/activities/${daysAgo(2)}` };
    await system.control("POST", "/_sandbox/faults", fault);
    await system.upload(person, "activities", activityDay(daysAgo(2)));
    await waitFor("the failed try", async () => {
      const rows = await system.query("SELECT 1 FROM fetch_tasks WHERE code = 'PROVIDER_UNAVAILABLE'");
      return rows.length > 0;
    });
    await system.reconcile(["activity"]);
    await waitFor("the day", () => system.events("daily").length === days + 1);
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await settled(system);
    expect((await coverageOf("activity")).gaps_found).toBe(before);
  });

  it("requests the days since the last request, however many, and days that were never answered", async () => {
    await system.query(
      `UPDATE coverage SET asked_until = now() - interval '40 days',
         days = days - datemultirange(daterange($1, $2)) WHERE resource = 'activity'`,
      [daysAgo(200), daysAgo(190)],
    );
    await quietly("activities", activityDay(daysAgo(38)));
    await quietly("activities", activityDay(daysAgo(195)));
    const before = system.events("daily").length;
    const paths = await asked(() => system.reconcile(["activity"]));
    await waitFor("both days", () => system.events("daily").length === before + 2);
    expect(paths).toHaveLength(3);
    expect(paths.some((path) => path.includes(`from=${daysAgo(200)}&to=${daysAgo(191)}`))).toBe(true);
  });

  it("requests nothing for a paused connection", async () => {
    await system.query("UPDATE connections SET active = false WHERE user_id = $1", [person.userId]);
    expect(await asked(() => system.reconcile(["activity"]))).toEqual([]);
    await system.query("UPDATE connections SET active = true WHERE user_id = $1", [person.userId]);
  });
});

describe("a list that is refused or missing", () => {
  it("is requested again up to today when tomorrow is refused; a refusal of new days is a failure", async () => {
    const fault = { kind: "outage", status: 400, path: "/v3/users/activities", times: 1 };
    await system.control("POST", "/_sandbox/faults", fault);
    await system.reconcile(["activity"]);
    await settled(system);
    const [row] = await system.query<{ state: string }>(
      "SELECT state FROM fetch_tasks WHERE kind = 'reconcile' ORDER BY task_id DESC LIMIT 1",
    );
    await system.control("DELETE", "/_sandbox/faults");
    // In the morning by UTC no time zone's day is ahead of ours, so there is no shorter range to request.
    expect(row?.state).toBe(new Date().getUTCHours() < 10 ? "failed" : "done");
  });

  const daysCovered = async (): Promise<string | undefined> => {
    const [row] = await system.query<{ days: string }>(
      `SELECT (SELECT sum(upper(range) - lower(range)) FROM unnest(days) AS range)::text AS days
       FROM coverage WHERE resource = 'activity'`,
    );
    return row?.days;
  };
  const forget = (from: string, until: string) =>
    system.query(
      "UPDATE coverage SET days = days - datemultirange(daterange($1, $2)) WHERE resource = 'activity'",
      [from, until],
    );

  it("is a failure if a refusal of old days does not mention their age, and the days stay unknown", async () => {
    await forget(daysAgo(300), daysAgo(290));
    const fault = { kind: "outage", status: 400, path: `from=${daysAgo(300)}` };
    await system.control("POST", "/_sandbox/faults", fault);
    await system.reconcile(["activity"]);
    await settled(system);
    await system.control("DELETE", "/_sandbox/faults");
    expect(await daysCovered()).toBe("355");
    await asked(() => system.reconcile(["activity"]));
    expect(await daysCovered()).toBe("365");
  });

  it("is done when the provider says that it does not reach so far back", async () => {
    await forget(daysAgo(364), daysAgo(360));
    const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString();
    await system.control("PUT", "/_sandbox/clock", { now: inTenDays });
    await system.reconcile(["activity"]);
    await settled(system);
    await system.control("PUT", "/_sandbox/clock", { now: new Date().toISOString() });
    expect(await daysCovered()).toBe("365");
    expect(await asked(() => system.reconcile(["activity"]))).toHaveLength(1);
  });
});

describe("files of an exercise", () => {
  it("arrive with it, so that both make one revision", async () => {
    const paths = await asked(async () => {
      await system.upload(person, "exercises", exercise("files1"));
      await waitFor("the workout", () => workouts("files1").length > 0);
    });
    const [thing, ...files] = paths.filter((path) => path.includes("/files1"));
    expect(thing).toContain("/v3/exercises/files1?");
    // They are asked for side by side.
    expect(files.sort()).toEqual(["/v3/exercises/files1/fit", "/v3/exercises/files1/tcx"]);
    expect(workouts("files1").map(({ headers }) => headers["x-systole-revision"])).toEqual(["1"]);
  });

  it("are not requested again while the exercise is unchanged, unless they are missing", async () => {
    const paths = await asked(async () => {
      await system.upload(person, "exercises", exercise("files1"));
      await waitFor("the second notification", async () => {
        const rows = await system.query(
          `SELECT 1 FROM fetch_tasks WHERE kind = 'announced' AND fetches @> '[{"key": "files1"}]'`,
        );
        return rows.length === 2;
      });
    });
    const again = paths.filter((path) => path.includes("/files1"));
    expect(again).toContainEqual(expect.stringContaining("/v3/exercises/files1?"));
    expect(again).not.toContain("/v3/exercises/files1/tcx");
  });

  it("do not delay the exercise while they are unavailable, and arrive later", async () => {
    await system.control("POST", "/_sandbox/faults", { kind: "outage", status: 503, path: "/files2/tcx" });
    await system.upload(person, "exercises", exercise("files2"));
    await waitFor("the workout", () => workouts("files2").length > 0);
    const order = await waitFor("the task for its file", async () => {
      const rows = await system.query("SELECT * FROM fetch_tasks WHERE kind = 'file' AND state = 'accepted'");
      return rows[0];
    });
    expect(order.fetches).toEqual([{ resource: "exercise-tcx", key: "files2" }]);
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await settled(system);
    const held = await system.query(
      "SELECT 1 FROM raw_parts WHERE resource = 'exercise-tcx' AND part_key = 'files2'",
    );
    expect(held).toHaveLength(1);
  });

  it("of a list have their own task, for each new exercise", async () => {
    const ids = ["many1", "many2", "many3", "many4", "many5"];
    await quietly(
      "exercises",
      ids.map((id) => exercise(id)),
    );
    const paths = await asked(() => system.reconcile(["exercise"]));
    await waitFor("all of them", () => ids.every((id) => workouts(id).length > 0));
    // More than a few are requested in one list.
    expect(paths.filter((path) => path.startsWith("/v3/exercises?"))).toHaveLength(1);
    for (const id of ids) expect(paths).toContain(`/v3/exercises/${id}/tcx`);
    expect(paths.filter((path) => path.startsWith("/v3/exercises/files1"))).toEqual([]);
  });
});

describe("progress", () => {
  it("shows the covered days, open tasks and gaps of each resource, and its next reconciliation", async () => {
    const response = await system.admin("GET", `/users/${person.userId}/sync`);
    expect(response.status).toBe(200);
    const { syncing, resources }: Json = await response.json();
    expect(syncing).toBe(false);
    const activity = resources.find(({ resource }: Json) => resource === "activity");
    expect(activity.covered).toEqual([{ from: daysAgo(364), to: daysAgo(0) }]);
    expect(activity).toMatchObject({ announced: true, orders: { waiting: 0 } });
    expect(Date.parse(activity.next_reconcile_at)).toBeGreaterThan(Date.now());
    const shown = resources.find(({ resource }: Json) => resource === "exercise");
    expect(shown.gaps_found).toBeGreaterThan(0);
  });

  it("shows a failure with its code while it lasts", async () => {
    // A second look of what was announced before would count as polled, if it fell due now.
    await system.query(
      `UPDATE pgboss.job SET start_after = now() + interval '1 day' FROM fetch_tasks AS task
       WHERE job.name = 'ingest' AND job.state = 'created'
         AND task.task_id = (job.data->>'taskId')::uuid AND task.kind = 'second-look'`,
    );
    await system.control("POST", "/_sandbox/faults", {
      kind: "outage",
      status: 503,
      path: "/v3/users/cardio-load",
    });
    const polledAt = async () =>
      (await system.query("SELECT last_polled_at FROM connections WHERE user_id = $1", [person.userId]))[0];
    const before = { polled: await polledAt(), ...(await coverageOf("cardio-load")) };
    const response = await system.admin("POST", `/users/${person.userId}/refresh`);
    expect(response.status).toBe(202);
    const trouble = await waitFor("the failure", async () => {
      const { resources }: Json = await (await system.admin("GET", `/users/${person.userId}/sync`)).json();
      return resources.find(({ resource }: Json) => resource === "cardio-load")?.trouble;
    });
    expect(trouble).toMatchObject({ code: "PROVIDER_UNAVAILABLE", state: "accepted" });
    // Data that is not stored does not count as requested, or synced.
    expect((await coverageOf("cardio-load")).asked_until).toEqual(before.asked_until);
    expect(await polledAt()).toEqual(before.polled);
    await system.control("DELETE", "/_sandbox/faults");
    await system.hurry();
    await settled(system);
  });

  it("requests only what failed when it tries again", async () => {
    const [row] = await system.query<{ fetches: Json; attempts: number }>(
      "SELECT fetches, attempts FROM fetch_tasks WHERE kind = 'refresh' ORDER BY task_id DESC LIMIT 1",
    );
    expect(row?.fetches.map(({ resource }: Json) => resource)).toEqual(["cardio-load"]);
  });

  it("answers 404 for an unknown user", async () => {
    const nobody = "00000000-0000-4000-8000-000000000000";
    expect((await system.admin("GET", `/users/${nobody}/sync`)).status).toBe(404);
    expect((await system.admin("POST", `/users/${nobody}/refresh`)).status).toBe(404);
  });
});

describe("a start_date earlier than the provider reaches", () => {
  it("answers an empty array", async () => {
    for (const type of ["activity", "daily", "sleep", "body"]) {
      const response = await system.read(
        `/v2/${type}?user_id=${person.userId}&start_date=2010-01-01&end_date=2010-01-28&to_webhook=false`,
      );
      expect(response.status).toBe(200);
      expect(((await response.json()) as Json).data).toEqual([]);
    }
  });
});

describe("a person's notifications", () => {
  it("include those that the provider sent", async () => {
    await system.upload(person, "activities", activityDay(daysAgo(6)));
    const shown = await waitFor("the provider's notification", async () => {
      const { data }: Json = await (
        await system.admin("GET", `/notifications?user_id=${person.userId}`)
      ).json();
      return data.some(({ origin }: Json) => origin === "provider") ? data : null;
    });
    expect(shown.some(({ origin }: Json) => origin !== "provider")).toBe(true);
    const nobody = "00000000-0000-4000-8000-000000000000";
    const { data: none }: Json = await (await system.admin("GET", `/notifications?user_id=${nobody}`)).json();
    expect(none).toEqual([]);
  });
});
