/** Reads deliveries that were given up in parts. Sending them again: src/delivery/replay-dead-letters.test.ts. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { type DeadLetterFilters, listDeadLetters, listGivenUp } from "./dead-letters.ts";
import { newId } from "./identifiers.ts";

let test: TestStore;
let environmentId: string;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  ({ environmentId } = await createEnvironment(test.store));
});

const giveUp = () =>
  test.store.db
    .updateTable("deliveries")
    .set({ state: "dead", last_code: "DELIVERY_FAILED" })
    .where("environment_id", "=", environmentId)
    .where("state", "=", "pending")
    .execute();

async function dead(...types: string[]): Promise<string[]> {
  const ids = await emit(
    test.store,
    types.map((type) => newEvent(environmentId, { type })),
  );
  await giveUp();
  return ids;
}

const part = (
  filters: DeadLetterFilters,
  limit: number,
  after: string | null = null,
  place = environmentId,
) => listGivenUp(test.store.db, place, filters, { limit, after });

describe("deliveries that were given up", () => {
  it("are read in parts that neither miss nor repeat any, over several destinations", async () => {
    for (const path of ["a", "b"])
      await createWebhook(test.store, environmentId, `https://example.com/${path}`);
    await dead("daily", "sleep", "body");
    const read: string[] = [];
    let after: string | null = null;
    for (let parts = 0; parts < 4; parts++) {
      const found: Awaited<ReturnType<typeof part>> = await part({}, 2, after);
      read.push(...found.map(({ delivery_id }) => delivery_id));
      after = found.at(-1)?.delivery_id ?? after;
    }
    expect(read).toHaveLength(6);
    expect(read).toEqual([...new Set(read)].sort());
  });

  it("count toward their part whether they match or not, so a part always costs the same", async () => {
    await createWebhook(test.store, environmentId, "https://example.com/");
    await dead("daily", "daily", "sleep");
    const found = await part({ types: ["sleep"] }, 3);
    expect(found.filter(({ matches }) => matches)).toHaveLength(1);
    expect(found).toHaveLength(3);
    expect(await part({ types: ["sleep"] }, 2)).toHaveLength(2);
  });

  it.each<[string, () => DeadLetterFilters]>([
    ["another destination", () => ({ destinationId: newId() })],
    ["another code", () => ({ code: "DELIVERY_TIMEOUT" })],
    ["another person", () => ({ userId: randomUUID() })],
    ["another reference", () => ({ referenceId: "nobody" })],
    ["no type", () => ({ types: [] })],
    ["a later time", () => ({ since: new Date(Date.now() + 3_600_000) })],
    ["an earlier time", () => ({ until: new Date(Date.now() - 3_600_000) })],
    ["a later plan", () => ({ plannedSince: new Date(Date.now() + 3_600_000) })],
    ["an earlier plan", () => ({ plannedUntil: new Date(Date.now() - 3_600_000) })],
  ])("are no dead letters of %s", async (_, filters) => {
    await createWebhook(test.store, environmentId, "https://example.com/");
    await dead("daily");
    expect((await part({}, 10)).map(({ matches }) => matches)).toEqual([true]);
    expect((await part(filters(), 10)).filter(({ matches }) => matches)).toEqual([]);
    expect(await listDeadLetters(test.store.db, environmentId, filters(), { limit: 10 })).toEqual([]);
  });

  it("are no dead letters once their event was sent there again, and cannot be sent without it", async () => {
    await createWebhook(test.store, environmentId, "https://example.com/");
    const [again, gone, last] = await dead("daily", "daily", "daily");
    const rows = await part({}, 10);
    const { destination_id = "" } = rows[0] ?? {};
    await test.store.db
      .insertInto("deliveries")
      .values({
        environment_id: environmentId,
        delivery_id: newId(),
        event_id: again ?? "",
        destination_id,
        state: "delivered",
        created_at: new Date(),
        last_status: 200,
        last_code: null,
        ordered_by: null,
      })
      .execute();
    await test.store.db
      .deleteFrom("events")
      .where("event_id", "=", gone ?? "")
      .execute();
    const matching = (await part({}, 10)).filter(({ matches }) => matches);
    expect(matching.map(({ event_id }) => event_id)).toEqual([last]);
    // It is still listed though its event is no longer kept.
    const listed = await listDeadLetters(test.store.db, environmentId, {}, { limit: 10 });
    expect(new Map(listed.map(({ event_id, type }) => [event_id, type]))).toEqual(
      new Map([
        [last, "daily"],
        [gone, null],
      ]),
    );
  });

  it("belong to their environment", async () => {
    await createWebhook(test.store, environmentId, "https://example.com/");
    await dead("daily");
    const other = await createEnvironment(test.store);
    expect(await part({}, 10, null, other.environmentId)).toEqual([]);
    expect(await listDeadLetters(test.store.db, other.environmentId, {}, { limit: 10 })).toEqual([]);
  });
});
