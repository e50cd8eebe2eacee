/** A record stays one record however often it is delivered, and its newest revision stands. */
import { expect } from "vitest";
import { type Bench, deadline } from "../bench.ts";
import { dataEvent, newUser, revised } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const record = { naturalKey: "night-1", startTime: "2025-10-01T23:00:00.000000+02:00" };

/** The events that are there in the end: all of them where the target keeps all. */
const standing = <Event>({ behaviour }: Bench, all: Event[], newest: Event[]): Event[] =>
  behaviour.keeps === "newest" ? newest : all;

export const identityCases = {
  async "the same event twice leaves one"(bench: Bench) {
    const event = dataEvent("sleep", [{}, {}]);
    const sender = bench.connect();
    await sender.deliver(event, deadline());
    await sender.deliver(event, deadline());
    await bench.connect().deliver(event, deadline());
    await expectArrivals(bench, [event]);
  },

  async "an older revision after a newer one does not win"(bench: Bench) {
    const userId = newUser();
    const [first, second, third] = [1, 2, 3].map((revision) => revised("sleep", record, revision, userId));
    if (!first || !second || !third) throw new Error("three were made");
    const sender = bench.connect();
    for (const event of [second, third, first, second]) await sender.deliver(event, deadline());
    await expectArrivals(bench, standing(bench, [first, second, third], [third]));
  },

  async "the same revision in another event is taken and leaves one"(bench: Bench) {
    const userId = newUser();
    const events = [revised("sleep", record, 2, userId), revised("sleep", record, 2, userId)];
    const sender = bench.connect();
    for (const event of events) await sender.deliver(event, deadline());
    const arrivals = await bench.place.arrivals();
    const ids = new Set(arrivals.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])));
    expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining([...ids]));
    const keepsIds = bench.behaviour.asKept === undefined;
    expect(ids.size).toBe(keepsIds ? standing(bench, events, [events[1]]).length : 0);
    if (bench.behaviour.keeps === "newest") expect(arrivals).toHaveLength(1);
  },

  async "two records of one person that start at the same time both stand"(bench: Bench) {
    const userId = newUser();
    const other = { ...record, naturalKey: "night-2" };
    const [one, two] = [revised("sleep", record, 1, userId), revised("sleep", other, 1, userId)];
    const sender = bench.connect();
    for (const event of [one, two, one, two]) await sender.deliver(event, deadline());
    await expectArrivals(bench, [one, two]);
    const newer = revised("sleep", other, 2, userId);
    for (const event of [newer, one, two]) await sender.deliver(event, deadline());
    await expectArrivals(bench, standing(bench, [one, two, newer], [one, newer]));
  },

  async "a record that starts at another time after its revision is still one"(bench: Bench) {
    const userId = newUser();
    const moved = { ...record, startTime: "2025-10-01T22:30:00.000000+02:00" };
    const [before, after] = [revised("sleep", record, 1, userId), revised("sleep", moved, 2, userId)];
    const sender = bench.connect();
    for (const event of [before, after, before]) await sender.deliver(event, deadline());
    await expectArrivals(bench, standing(bench, [before, after], [after]));
  },

  async "records of two people with the same key both stand"(bench: Bench) {
    const events = [revised("sleep", record, 2, newUser()), revised("sleep", record, 1, newUser())];
    const sender = bench.connect();
    for (const event of events) await sender.deliver(event, deadline());
    await expectArrivals(bench, events);
  },
};
