/** Which former event of a record is found, and with how many queries. */
import { randomUUID } from "node:crypto";
import type { KyselyPlugin } from "kysely";
import { expect, test } from "vitest";
import { emit, newEvent } from "../../test/support/delivery.ts";
import { DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { formerEvents } from "./former-records.ts";

const fixture = new DeliveryFixture();

test("of each record the newest event with a lower revision is found, and all are looked for in one query", async () => {
  const { store, environmentId } = fixture;
  const userId = randomUUID();
  const of = (revisions: Readonly<Record<string, number>>, change: object = {}) =>
    newEvent(environmentId, {
      userId,
      records: Object.entries(revisions).map(([naturalKey, revision]) => ({
        type: "daily",
        naturalKey,
        revision,
      })),
      ...change,
    });
  const bodyOf = (name: string) => JSON.stringify({ type: "daily", name });
  const now = { a: 3, b: 2, c: 2, new: 1, gone: 7 };
  const ids: (string | undefined)[] = [];
  for (const event of [
    of({ a: 1, b: 1 }, { body: bodyOf("first") }),
    of({ a: 2 }, { body: bodyOf("second") }),
    of({ b: 2, c: 2 }, { body: bodyOf("the same revision") }),
    of({ gone: 6 }, { body: bodyOf("another person"), userId: randomUUID() }),
    of(now),
    of({ a: 1 }, { body: bodyOf("later") }),
  ]) {
    ids.push(...(await emit(store, [event])));
    // Ids of one millisecond are in no order.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const eventId = ids[4] ?? "";
  let queries = 0;
  const counting: KyselyPlugin = {
    transformQuery({ node }) {
      queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const found = await formerEvents(
    { ...store, db: store.db.withPlugin(counting) },
    {
      ...of(now),
      environmentId,
      eventId,
      userId,
      body: Buffer.from("{}"),
    },
  );
  const bodies = found.map(({ naturalKey, body }) => [naturalKey, JSON.parse(String(body)).name]);
  expect(Object.fromEntries(bodies)).toEqual({ a: "second", b: "first" });
  // One for the events, and one for each of the two bodies.
  expect(queries).toBe(3);
});
