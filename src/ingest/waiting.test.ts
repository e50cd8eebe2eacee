/** Orders that are put aside: never for ever, and never all of them. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { collectingLog } from "../../test/support/delivery.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { waitFor } from "../../test/support/wait.ts";
import { ProviderError } from "../providers/provider.ts";
import { updateConnection } from "../store/connections.ts";
import {
  findNotification,
  insertNotifications,
  lockAccounts,
  type NewNotification,
} from "../store/notifications.ts";
import type { IngestDeps } from "./deps.ts";
import { processNotification } from "./process.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
});

/** Nothing here gets as far as the provider. */
const deps = (): IngestDeps => ({ store: test.store, log: collectingLog().log }) as unknown as IngestDeps;

const order = async (given: Partial<NewNotification>) => {
  const [notificationId = ""] = await insertNotifications(test.store.db, [
    {
      environmentId: person.id.environmentId,
      provider: "polar",
      origin: "backfill",
      state: "accepted",
      traceId: "trace",
      event: "BACKFILL",
      providerUserId: person.connection.provider_user_id,
      fetches: [{ resource: "activity", key: "2026-03-01" }],
      body: null,
      ...given,
    },
  ]);
  return { environmentId: person.id.environmentId, notificationId };
};
const stateOf = async ({ environmentId, notificationId }: Awaited<ReturnType<typeof order>>) => {
  const row = await findNotification(test.store.db, environmentId, notificationId);
  return { state: row?.state, code: row?.code };
};

describe("an order whose connection was replaced while it was looked at", () => {
  it("goes on for the new one", async () => {
    const job = await order({ userId: "00000000-0000-4000-8000-000000000000" });
    const { environmentId } = person.id;
    const { provider_user_id: providerUserId } = person.connection;
    let working: Promise<void> = Promise.resolve();
    await test.store.db.transaction().execute(async (tx) => {
      await lockAccounts(tx, [{ environmentId, provider: "polar", providerUserId }]);
      working = processNotification(deps(), job);
      await waitFor("it to be put aside", async () => {
        const { rows } = await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(test.store.db);
        return rows.length > 0;
      });
      await tx
        .updateTable("notifications")
        .set({ user_id: person.id.userId })
        .where("notification_id", "=", job.notificationId)
        .execute();
    });
    await working;
    expect((await stateOf(job)).state).toBe("accepted");
  });
});

describe("while the provider refuses everything for a person", () => {
  beforeEach(() => updateConnection(test.store.db, person.id, { error_code: "PROVIDER_FORBIDDEN" }));

  it("one goes on trying, though its last try ended with something else", async () => {
    const job = await order({ origin: "provider", event: "ACTIVITY_SUMMARY", code: "PROVIDER_BUDGET_SPENT" });
    await processNotification(deps(), job);
    expect(await stateOf(job)).toEqual({ state: "accepted", code: "PROVIDER_FORBIDDEN" });
  });

  it("no schedule makes it a storm", async () => {
    await order({ code: "PROVIDER_FORBIDDEN" });
    const job = await order({ origin: "reconcile", event: "RECONCILE", userId: person.id.userId });
    const refused = new ProviderError("PROVIDER_FORBIDDEN", "later", {});
    const planner = { call: vi.fn().mockRejectedValue(refused) };
    const clients = { clientFor: async () => ({}) };
    const wired = { ...deps(), planner, clients } as unknown as IngestDeps;
    for (let turn = 0; turn < 5; turn++) await processNotification(wired, job);
    expect(planner.call).toHaveBeenCalledTimes(1);
    expect(await stateOf(job)).toEqual({ state: "waiting", code: "PROVIDER_FORBIDDEN" });
  });

  it("the others wait", async () => {
    await order({ code: "PROVIDER_FORBIDDEN" });
    const job = await order({ origin: "provider", event: "ACTIVITY_SUMMARY" });
    await processNotification(deps(), job);
    expect(await stateOf(job)).toEqual({ state: "waiting", code: "PROVIDER_FORBIDDEN" });
  });

  it("are logged as what was written of them", async () => {
    await order({ code: "PROVIDER_FORBIDDEN" });
    const job = await order({ origin: "reconcile", event: "RECONCILE", userId: person.id.userId });
    const refused = new ProviderError("PROVIDER_FORBIDDEN", "later", {});
    const { log, lines } = collectingLog();
    const planner = { call: vi.fn().mockRejectedValue(refused) };
    const wired = { ...deps(), log, planner, clients: { clientFor: async () => ({}) } };
    await processNotification(wired as unknown as IngestDeps, job);
    const written = await stateOf(job);
    expect(lines.filter(({ msg }) => msg === "notification")).toEqual([expect.objectContaining(written)]);
  });
});
