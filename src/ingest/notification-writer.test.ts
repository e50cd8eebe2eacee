/** Notifications that are written together, one of which cannot be written. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { NotificationWriter } from "./notification-writer.ts";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());

it("one that cannot be written costs none of the others", async () => {
  const { environmentId } = await createEnvironment(test.store);
  const writer = new NotificationWriter(test.store);
  const write = (providerUserId: string) =>
    writer.write({
      environmentId,
      provider: "polar",
      state: "accepted",
      traceId: "trace",
      event: "DAY",
      providerUserId,
      fetches: [{ resource: "activity", key: "2026-03-01" }],
      body: Buffer.from("{}"),
    });
  const written = await Promise.allSettled(["1", "with a NUL \u0000", "2"].map(write));
  expect(written.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const rows = await test.store.db.selectFrom("notifications").select("provider_user_id").execute();
  expect(rows.map((row) => row.provider_user_id).sort()).toEqual(["1", "2"]);
});
