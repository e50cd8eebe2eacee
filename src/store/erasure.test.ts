/** Whoever leaves leaves nothing behind, whatever names them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeptPerson } from "../../test/support/kept-person.ts";
import { inheritConnection } from "./connections.ts";
import { eraseConnection } from "./erasure.ts";
import { insertNotifications, type NewNotification } from "./notifications.ts";

let test: TestStore;
let person: KeptPerson;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  person = await KeptPerson.connect(test.store, await createEnvironment(test.store));
});

const order = (given: Partial<NewNotification>) =>
  insertNotifications(test.store.db, [
    {
      environmentId: person.id.environmentId,
      provider: "polar",
      origin: "request",
      state: "done",
      traceId: "trace",
      event: "SECOND_LOOK",
      providerUserId: person.connection.provider_user_id,
      fetches: [{ resource: "nightly-recharge", key: "2026-03-01" }],
      body: null,
      ...given,
    },
  ]);
const erase = () => test.store.db.transaction().execute((tx) => eraseConnection(tx, person.id));
const left = async () => {
  const rows = await test.store.db
    .selectFrom("notifications")
    .select("event")
    .where("provider_user_id", "=", person.connection.provider_user_id)
    .execute();
  return rows.map(({ event }) => event);
};

describe("erasing a person", () => {
  it("takes what was announced of the account, and what was looked for because of that", async () => {
    await order({ origin: "provider", event: "SLEEP" });
    await order({});
    await erase();
    expect(await left()).toEqual([]);
  });

  it("takes what was ordered for the connections that this one replaced; who is still to give a permission back stays", async () => {
    const former = person;
    await order({ event: "BACKFILL", userId: former.id.userId });
    await order({ event: "REVOKE", state: "accepted", userId: former.id.userId });
    await test.store.db.transaction().execute(async (tx) => {
      const { user_id: _, ...same } = former.connection;
      const userId = "00000000-0000-4000-8000-000000000001";
      await tx
        .insertInto("connections")
        .values({ ...same, user_id: userId })
        .execute();
      await inheritConnection(tx, former.id.environmentId, former.id.userId, userId);
      await eraseConnection(tx, { ...former.id, userId });
    });
    expect(await left()).toEqual(["REVOKE"]);
  });
});
