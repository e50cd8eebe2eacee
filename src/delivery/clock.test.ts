/** A worker with a wrong clock goes by the database's time. */
import { sql } from "kysely";
import { afterEach, expect, it, vi } from "vitest";
import { createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { status } from "../../test/support/receiver.ts";

const fixture = new DeliveryFixture();
afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ["ahead", 600_000],
  ["behind", -600_000],
])("retries at the due time, with a clock ten minutes %s", async (_, offsetMs) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offsetMs });
  const receiver = await fixture.receive((response, _request, number) =>
    status(number === 0 ? 503 : 200)(response, _request, number),
  );
  await createWebhook(fixture.store, fixture.environmentId, receiver.url);
  await fixture.work();
  await emit(fixture.store, [newEvent(fixture.environmentId)]);
  const [row] = await fixture.settled((rows) => rows.every(({ attempts }) => attempts === 1));
  const { rows } = await sql<{ seconds: number }>`
    SELECT extract(epoch FROM next_attempt_at - now())::float8 AS seconds FROM deliveries
    WHERE delivery_id = ${row?.delivery_id}`.execute(fixture.store.db);
  expect(rows[0]?.seconds).toBeGreaterThan(0);
  expect(rows[0]?.seconds).toBeLessThan(6);
  vi.useRealTimers();
  await fixture.settled(all("delivered"));
});
