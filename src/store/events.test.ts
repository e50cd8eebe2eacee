import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextMillisecond } from "../../test/support/clock.ts";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { listDeliveries } from "../../test/support/deliveries.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { settleDeliveries } from "./deliveries.ts";
import { type EventFilters, findEvent, listEvents } from "./events.ts";

let test: TestStore;
let environmentId: string;
/** Oldest first. */
let ids: string[];
const userId = "3b1c2f9a-6a5e-4f5e-9a53-0a5a1b3f2c11";
beforeAll(async () => {
  test = await startTestStore();
  ({ environmentId } = await createEnvironment(test.store));
  await createWebhook(test.store, environmentId, "https://example.com/", ["daily"]);
  ids = [];
  const overrides = [
    { type: "sleep" },
    { userId },
    { referenceId: "person-2" },
    { reference: "request-1" },
    {},
  ];
  for (const override of overrides) {
    ids.push(...(await emit(test.store, [newEvent(environmentId, override)])));
    await nextMillisecond();
  }
});
afterAll(() => test.close());

const list = async (filters: EventFilters, page: { limit: number; before?: string } = { limit: 10 }) =>
  (await listEvents(test.store.db, environmentId, filters, page)).map((row) => ids.indexOf(row.event_id));

describe("events", () => {
  it("are listed newest first, without their bodies", async () => {
    expect(await list({})).toEqual([4, 3, 2, 1, 0]);
    const [row] = await listEvents(test.store.db, environmentId, {}, { limit: 1 });
    expect(row).not.toHaveProperty("body");
    expect(row?.body_bytes).toBeGreaterThan(0);
  });

  it("are listed in pages that neither miss nor repeat any", async () => {
    expect(await list({}, { limit: 2 })).toEqual([4, 3]);
    expect(await list({}, { limit: 2, before: ids[3] ?? "" })).toEqual([2, 1]);
    expect(await list({}, { limit: 2, before: ids[1] ?? "" })).toEqual([0]);
  });

  it.each<[string, EventFilters, number[]]>([
    ["types", { types: ["sleep"] }, [0]],
    ["no types", { types: [] }, []],
    ["user", { userId }, [1]],
    ["reference_id", { referenceId: "person-2" }, [2]],
    ["reference", { reference: "request-1" }, [3]],
    ["several", { types: ["daily"], userId, referenceId: "person-1" }, [1]],
  ])("are filtered by %s", async (_, filters, expected) => {
    expect(await list(filters)).toEqual(expected);
  });

  it("are filtered by time", async () => {
    const third = await findEvent(test.store, environmentId, ids[2] ?? "");
    const at = third?.created_at ?? new Date(0);
    expect(await list({ since: at })).toEqual([4, 3, 2]);
    expect(await list({ until: at })).toEqual([1, 0]);
  });

  it("belong to their environment", async () => {
    const other = await createEnvironment(test.store);
    expect(await findEvent(test.store, other.environmentId, ids[0] ?? "")).toBeNull();
    expect(await listEvents(test.store.db, other.environmentId, {}, { limit: 10 })).toEqual([]);
  });
});

describe("deliveries", () => {
  const listed = (filters: object, page: { limit: number; before?: string } = { limit: 10 }) =>
    listDeliveries(test.store.db, environmentId, filters, page);

  it("are listed newest first, in pages, and filtered", async () => {
    const everything = await listed({});
    expect(everything.map((row) => ids.indexOf(row.event_id))).toEqual([4, 3, 2, 1]);
    expect(await listed({}, { limit: 2, before: everything[0]?.delivery_id ?? "" })).toEqual(
      everything.slice(1, 3),
    );
    expect(await listed({ eventId: ids[2] })).toEqual([everything[2]]);
    expect(await listed({ states: ["dead", "delivered"] })).toEqual([]);
    expect(await listed({ destinationId: everything[0]?.destination_id, states: ["pending"] })).toEqual(
      everything,
    );
  });

  it("once delivered are not reopened by a slower worker's failure, but a success always counts", async () => {
    const [row] = await listed({});
    const id = { environmentId, deliveryId: row?.delivery_id ?? "" };
    const settle = (state: "pending" | "delivered" | "dead") =>
      test.store.db
        .transaction()
        .execute((tx) =>
          settleDeliveries(
            tx,
            [{ ...id, state, attempts: 1, nextAttemptInMs: null, parked: false, status: 500, code: null }],
            [],
          ),
        );
    const state = async () => (await listed({ eventId: row?.event_id }))[0]?.state;
    await settle("dead");
    await settle("pending");
    expect(await state()).toBe("dead");
    await settle("delivered");
    expect(await state()).toBe("delivered");
    await settle("pending");
    expect(await state()).toBe("delivered");
  });
});
