/** A bug of ours that hits one record affects that record alone. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeptPerson, nextVersion } from "../../test/support/kept-person.ts";
import { parsingOf } from "../../test/support/parsing.ts";
import { activityDay } from "../../test/support/polar-bodies.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import { findTask, insertTasks } from "../store/fetch-tasks.ts";
import type { IngestDeps } from "./deps.ts";
import { ingestFor } from "./ingest-for.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

it("does not stop the other records of the same list", async () => {
  const person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
  const days = ["2026-03-01", "2026-03-02", "2026-03-03"];
  let isBroken = true;
  const mistaken = nextVersion("daily", (record) => {
    if (isBroken && JSON.stringify(record).includes("2026-03-01")) throw new Error("a mistake of ours");
    return record;
  });
  const body = Buffer.from(JSON.stringify({ activities: days.map((day) => activityDay(day)) }));
  const deps = {
    store: test.store,
    parsing: parsingOf(test.store),
    clients: { clientFor: async () => ({ access: {}, budget: {} }) },
    planner: {
      ask: async () => ({
        answer: { status: 200, contentType: "application/json", body },
        settled: Promise.resolve(),
      }),
    },
  } as unknown as IngestDeps;
  const wanted = {
    environmentId: person.id.environmentId,
    provider: "polar",
    kind: "backfill",
    traceId: "trace",
    providerUserId: person.connection.provider_user_id,
    userId: person.id.userId,
    fetches: [{ resource: "activity", key: "2026-03-01..2026-03-03" }],
  } as const;
  const [taskId = ""] = await insertTasks(test.store.db, [wanted]);
  const task = await findTask(test.store.db, { environmentId: person.id.environmentId, taskId });
  if (task === null) throw new Error("no task was written");
  const run = {
    deps,
    provider: mistaken,
    connection: { ...person.connection, chosen_types: null, sends_samples: true },
    id: person.id,
    task,
    keeping: new OneAtATime(),
  };
  await expect(ingestFor(run)).rejects.toThrow("a mistake of ours");
  const made = async () =>
    (await person.rows()).filter(({ type }) => type === "daily").map(({ natural_key }) => natural_key);
  expect(await made()).toEqual(days.slice(1));
  isBroken = false;
  await ingestFor(run);
  expect(await made()).toEqual(days);
});
