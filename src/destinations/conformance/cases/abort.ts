/** A delivery that is aborted leaves nothing half-written. */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { type Bench, deadline, expectTimeout } from "../bench.ts";
import { untilTaken } from "../delivering.ts";
import { dataEvent, type TestEvent } from "../events.ts";
import { described, expectArrivals, expected } from "../exactness.ts";
import { asSent } from "../formed.ts";

const recordBytes = 60_000;
const fractions = [0.1, 0.5, 0.9];
/** Time for requests under way to arrive after all. */
const settleMs = 300;

export const abortCases = {
  async "an aborted delivery leaves nothing half-written"(bench: Bench) {
    const sender = bench.connect();
    const delivered = [big(bench), big(bench)];
    await sender.deliver(delivered[0] as TestEvent, deadline());
    const before = bench.faults.sentBytes;
    await sender.deliver(delivered[1] as TestEvent, deadline());
    const each = bench.faults.sentBytes - before;
    for (const fraction of fractions) {
      const event = big(bench);
      delivered.push(event);
      bench.faults.fail("stall", Math.floor(each * fraction));
      await expectTimeout(1_000, (signal) => sender.deliver(event, signal));
      await bench.faults.pass();
      await pause(settleMs);
      await expectWhole(bench, delivered);
      await untilTaken(sender, [event], bench.singly);
    }
    await expectArrivals(bench, delivered);
  },

  async "a delivery that was aborted before it began leaves nothing"(bench: Bench) {
    const sender = bench.connect();
    await expectTimeout(0, () => sender.deliver(dataEvent(), AbortSignal.abort()));
    await pause(settleMs);
    await expectArrivals(bench, []);
  },
};

/** Several records, of many bytes that do not compress. */
function big({ behaviour }: Bench): TestEvent {
  const most = behaviour.oversizeBytes ?? Number.POSITIVE_INFINITY;
  const bytes = Math.min(recordBytes, Math.floor(most / 8));
  const padded = () => ({ members: `"padding": "${randomBytes(bytes / 2).toString("hex")}"` });
  return dataEvent("sleep", [padded(), padded(), padded()]);
}

/** The place holds nothing but whole records and events. */
async function expectWhole(
  { behaviour, place, onlyFormat }: Bench,
  events: readonly TestEvent[],
): Promise<void> {
  const sent = await Promise.all(events.map((event) => asSent(event, onlyFormat)));
  const whole = sent.flatMap((event) => expected(behaviour, event));
  const held = (await place.arrivals()).map((arrival) => described(behaviour, arrival));
  expect(whole).toEqual(expect.arrayContaining(held));
}
