/** Several events in one request: the outcome of one does not affect the others. */
import { expect } from "vitest";
import { type BatchedDelivery, DeliveryError, type OutgoingEvent } from "../../destination.ts";
import { type Bench, deadline, NotApplicable } from "../bench.ts";
import { dataEvent, newUser, plainEvent, revised } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const most = 50;

export const batchingCases = {
  async "a batch is taken whole, and answered in its order"(bench: Bench) {
    const { maxEvents } = batchOf(bench);
    const data = Array.from({ length: Math.min(maxEvents, most) - 2 }, (_, index) =>
      dataEvent(index % 2 === 0 ? "sleep" : "activity", index % 3 === 0 ? [{}, {}] : [{}]),
    );
    const events = [plainEvent("auth"), ...data, dataEvent("athlete")];
    const outcomes = await deliverBatch(bench, events);
    expect(outcomes.filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
    expect(outcomes).toHaveLength(events.length);
    await expectArrivals(bench, events);
  },

  async "several revisions of one record in a batch leave the newest"(bench: Bench) {
    batchOf(bench);
    const userId = newUser();
    const record = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };
    const events = [2, 3, 1].map((revision) => revised("sleep", record, revision, userId));
    const outcomes = await deliverBatch(bench, [...events, ...events]);
    expect(outcomes.filter((outcome) => outcome instanceof DeliveryError)).toEqual([]);
    await expectArrivals(bench, bench.behaviour.keeps === "newest" ? events.slice(1, 2) : events);
  },

  async "an entry that is rejected harms no other"(bench: Bench) {
    batchOf(bench);
    const { poison } = bench.place;
    if (poison === undefined) throw new NotApplicable("its server rejects no single event");
    for (const at of [0, 1, 3]) {
      const events: OutgoingEvent[] = [dataEvent(), dataEvent(), dataEvent()];
      const poisoned = poison.call(bench.place, dataEvent());
      events.splice(at, 0, poisoned);
      const outcomes = await deliverBatch(bench, events);
      expect(outcomes).toHaveLength(events.length);
      expect(outcomes.map((outcome) => outcome instanceof DeliveryError && outcome.retry)).toEqual(
        events.map((event) => event === poisoned && "never"),
      );
      const arrived = new Set((await bench.place.arrivals()).map(({ eventId }) => eventId));
      const taken = events.filter((event) => event !== poisoned).map(({ id }) => id);
      expect([...arrived]).toEqual(expect.arrayContaining(taken));
      expect(arrived).not.toContain(poisoned.id);
    }
  },
};

function batchOf({ batch }: Bench): NonNullable<Bench["batch"]> {
  if (batch === null) throw new NotApplicable("it takes events one by one");
  return batch;
}

async function deliverBatch(
  bench: Bench,
  events: readonly OutgoingEvent[],
): Promise<readonly BatchedDelivery[]> {
  const sender = bench.connect();
  if (!sender.deliverBatch) throw new Error("the kind declares batches and its sender has none");
  return sender.deliverBatch(events, deadline());
}
