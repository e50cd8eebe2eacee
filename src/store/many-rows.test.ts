/** More rows than the driver takes values in one statement. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { insertTasks } from "./fetch-tasks.ts";
import { findPartSources, pointParts } from "./raw-parts.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
  environmentId = (await createEnvironment(test.store)).environmentId;
});
afterAll(() => test.close());

it("ten thousand parts of one body are kept", async () => {
  const id = { environmentId, userId: randomUUID() };
  const parts = Array.from({ length: 10_000 }, (_, index) => ({
    resource: "steps",
    key: `part ${index}`,
    value: index,
  }));
  const source = { rawPayloadId: randomUUID(), resourceKey: "*", fetchOrder: "1" };
  const { added } = await test.store.db.transaction().execute((tx) => pointParts(tx, id, source, parts));
  expect(added).toHaveLength(10_000);
  const all = [{ resource: "steps", key: "part ", prefix: true } as const];
  expect(await findPartSources(test.store.db, id, all)).toHaveLength(10_000);
});

it("five thousand tasks are inserted", async () => {
  const tasks = Array.from({ length: 5_000 }, (_, index) => ({
    kind: "backfill" as const,
    environmentId,
    provider: "polar",
    providerUserId: "1",
    traceId: "trace",
    fetches: [{ resource: "steps", key: String(index) }],
  }));
  expect(new Set(await insertTasks(test.store.db, tasks)).size).toBe(5_000);
});
