/** Calls that exceed the limits: they wait, in the order of their ranks, and no call is refused. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { daysAgo, exercise } from "./support/polar-bodies.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

interface Waiting {
  readonly state: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly priority: number;
}

interface LoggedRequest {
  readonly path: string;
  readonly status: number | null;
}

let system: System;
let person: DemoPerson;
/** More than the calls that are left below, so that some wait even if nothing else takes a call. */
const ids = Array.from({ length: 12 }, (_, index) => `planned${index + 1}`);

beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("planned");
  await waitFor("the first fetch", async () => (await accepted()).length === 0);
});
afterAll(() => system.close());

const accepted = () =>
  system.query<Waiting>(
    "SELECT * FROM fetch_tasks WHERE state = 'accepted' AND (next_attempt_at IS NULL OR code IS NOT NULL)",
  );

const about = (id: string) =>
  system.query<Waiting>("SELECT * FROM fetch_tasks WHERE kind = 'announced' AND fetches->0->>'key' = $1", [
    id,
  ]);

async function requests(): Promise<LoggedRequest[]> {
  const response = await system.control("GET", "/_sandbox/requests");
  const { requests: logged } = (await response.json()) as { requests: LoggedRequest[] };
  return logged;
}

const refusals = async () => (await requests()).filter(({ status }) => status === 429);

/** Returns Polar's count so far, from its headers. */
async function counted(): Promise<number> {
  const [row] = await system.query<{ counted: number }>(
    "SELECT (state->'windows'->0->>'counted')::int AS counted FROM provider_budgets WHERE api = 'accesslink-v3'",
  );
  return row?.counted ?? 0;
}

/** Moves the budget and the queue a quarter of an hour ahead. */
async function letTimePass(): Promise<void> {
  await system.control("DELETE", "/_sandbox/faults");
  await system.query("DELETE FROM provider_budgets");
  await system.hurry();
}

describe("when the limits are used up", () => {
  it("announced data waits, without a refusal, an attempt or an error", async () => {
    await system.control("POST", "/_sandbox/faults", { kind: "rate-limit", short: (await counted()) + 8 });
    // The older years of the first person may be there already; those of this one have to wait.
    await system.connect("late");
    for (const [index, id] of ids.entries()) {
      const start_time = `${daysAgo(index + 1)}T10:00:00`;
      await system.upload(person, "exercises", exercise(id, { start_time }));
    }
    const waiting = await waitFor("the notifications to wait", async () => {
      const rows = (await Promise.all(ids.map(about))).flat();
      const postponed = rows.filter(({ code }) => code === "PROVIDER_BUDGET_SPENT");
      return postponed.length >= 3 ? postponed : null;
    });
    for (const row of waiting) expect(row).toMatchObject({ attempts: 0, state: "accepted", priority: 3 });
    expect(await refusals()).toEqual([]);
  });

  it("waiting tasks keep their place in the queue: announced data before older years", async () => {
    const jobs = () =>
      system.query<{ kind: string; priority: number; rank: number }>(
        `SELECT DISTINCT kind, job.priority, fetch_tasks.priority AS rank FROM pgboss.job
         JOIN fetch_tasks ON task_id = (job.data->>'taskId')::uuid
         WHERE job.name = 'ingest' AND job.state = 'created' AND kind IN ('announced', 'backfill')
         ORDER BY job.priority`,
      );
    // A task that is being tried at this moment is put back at once.
    const both = await waitFor("both kinds to wait", async () => {
      const found = await jobs();
      return found.length > 1 ? found : null;
    });
    expect(both).toEqual([
      { kind: "backfill", priority: 0, rank: 0 },
      { kind: "announced", priority: 3, rank: 3 },
    ]);
  });

  it("the metrics say so", async () => {
    const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
    expect(metrics).toMatch(
      /systole_provider_calls_total\{provider="polar",resource="exercise",rank="notification",outcome="postponed"\} [1-9]/,
    );
    expect(metrics).toMatch(/systole_provider_calls_waiting\{provider="polar",rank="notification"\} [1-9]/);
    expect(metrics).toMatch(
      /systole_provider_window_used\{provider="polar",client="\w{8}",window="15 minutes"\} \d/,
    );
    expect(metrics).toMatch(/systole_provider_users\{provider="polar",client="\w{8}"\} 2/);
  });

  it("all of it is fetched when calls are available again", async () => {
    await letTimePass();
    await waitFor("everything", async () => {
      await system.hurry();
      const rows = (await Promise.all(ids.map(about))).flat();
      return rows.length > 0 && rows.every(({ state }) => state === "done");
    });
    await waitFor("the events", () => {
      const activities = new Set(
        system.events("activity").map(({ body }) => {
          const [first] = body.data as { metadata: { summary_id: string } }[];
          return first?.metadata.summary_id;
        }),
      );
      return ids.every((id) => activities.has(id));
    });
    expect(await refusals()).toEqual([]);
  });
});
