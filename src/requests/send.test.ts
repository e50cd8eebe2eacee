/** The event that a job makes. Twice, gone, or leaving meanwhile: requests.test.ts. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { activity, connect, keep } from "../api/testing/data.ts";
import type { Connection } from "../store/connections.ts";
import { type EventRow, findEvent, listEvents } from "../store/events.ts";
import type { DataRequestJob } from "../store/queue.ts";
import { sendRequestedData } from "./send.ts";

let test: TestStore;
let connection: Connection;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  connection = await connect(test.store, await createEnvironment(test.store), { referenceId: "me" });
});

const send = (naturalKeys: string[], given: Partial<DataRequestJob> = {}) =>
  sendRequestedData(test.store, {
    environmentId: connection.environment_id,
    userId: connection.user_id,
    type: "activity",
    withSamples: true,
    reference: "reference",
    traceId: randomUUID(),
    naturalKeys,
    requestedAt: Date.now(),
    ...given,
  });
async function sent(): Promise<EventRow | null> {
  const { environment_id: environmentId, user_id: userId } = connection;
  const [event] = await listEvents(test.store.db, environmentId, { userId }, { limit: 10 });
  return event === undefined ? null : findEvent(test.store, environmentId, event.event_id);
}
const run = (id: string, samples = 1) => activity("2025-03-01T08:00:00.000000Z", samples, id);
const keepRun = (id: string, samples?: number) => keep(test.store, connection, "activity", run(id, samples));

describe("the event of a request", () => {
  it.each([true, false])(
    "has the records in the order asked for, and its own length (with samples: %s)",
    async (withSamples) => {
      for (const id of ["a", "b", "c"]) await keepRun(id);
      await send(["c", "a", "b"], { withSamples });
      const event = await sent();
      expect(event?.body.length).toBe(event?.body_bytes);
      const { data, user } = JSON.parse(String(event?.body));
      expect(user).toMatchObject({ user_id: connection.user_id, reference_id: "me" });
      expect(data.map(({ metadata }: ReturnType<typeof activity>) => metadata.summary_id)).toEqual([
        "c",
        "a",
        "b",
      ]);
      const samples = data.map(
        (one: ReturnType<typeof activity>) => one.heart_rate_data?.detailed?.hr_samples?.length,
      );
      expect(samples).toEqual(withSamples ? [1, 1, 1] : [0, 0, 0]);
      expect(event).toMatchObject({
        type: "activity",
        reference: "reference",
        reference_id: "me",
        provider: "polar",
      });
    },
  );

  it("says which revision each record has by then, so that a target can tell older from newer", async () => {
    await keepRun("a");
    await keepRun("b");
    await keepRun("a", 2);
    await send(["a", "b"]);
    expect((await sent())?.records).toEqual([
      { type: "activity", naturalKey: "a", revision: 2 },
      { type: "activity", naturalKey: "b", revision: 1 },
    ]);
    expect(String((await sent())?.body)).toContain(JSON.stringify(run("a", 2)));
  });

  it("comes though all of its records are gone meanwhile: it was promised", async () => {
    await send(["gone"]);
    expect(JSON.parse(String((await sent())?.body)).data).toEqual([]);
  });

  it("about a profile is one object", async () => {
    await keep(test.store, connection, "athlete", { first_name: "Jo" });
    await send(["athlete"], { type: "athlete" });
    expect(JSON.parse(String((await sent())?.body)).athlete).toEqual({ first_name: "Jo" });
  });

  it("is none of a type that this version does not know, nor of another environment's person", async () => {
    await keepRun("a");
    await send(["a"], { type: "moon" });
    await send(["a"], { environmentId: (await createEnvironment(test.store)).environmentId });
    expect(await sent()).toBeNull();
  });
});
