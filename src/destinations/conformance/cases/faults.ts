/** The target, or the network, fails during deliveries. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { DeliveryError } from "../../destination.ts";
import { type Bench, deadline, expectTimeout, failure, NotApplicable } from "../bench.ts";
import { inBatches, untilTaken, type Way } from "../delivering.ts";
import { dataEvent, newUser, revised, type TestEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const many = 100;
const parallel = 8;

const events = (count: number): TestEvent[] => Array.from({ length: count }, () => dataEvent("activity"));

export const faultCases = {
  async "an outage is tried again later, and then succeeds"(bench: Bench) {
    const [before, during] = [dataEvent(), dataEvent()];
    const sender = bench.connect();
    await sender.deliver(before, deadline());
    bench.faults.fail("refuse");
    expect((await failure(sender.deliver(during, deadline()))).retry).toBe("later");
    // A sender that was never connected meets the outage at its first connection.
    expect((await failure(bench.connect().deliver(during, deadline()))).retry).toBe("later");
    await bench.faults.pass();
    await untilTaken(sender, [during], bench.singly);
    await expectArrivals(bench, [before, during]);
  },

  "an outage in the middle of many deliveries loses nothing": (bench: Bench) =>
    outageAmid(bench, bench.singly, 30),

  async "an outage in the middle of a batch loses nothing"(bench: Bench) {
    if (bench.batch === null) throw new NotApplicable("it takes events one by one");
    await outageAmid(bench, inBatches(bench.batch.maxEvents), 2);
  },

  async "a server restarted under load loses nothing"(bench: Bench) {
    if (bench.restart === null) throw new NotApplicable("its server keeps nothing across a restart");
    const sender = bench.connect();
    const begun: TestEvent[] = [];
    let restarted = false;
    const deliverAll = async (): Promise<void> => {
      while (!restarted || begun.length < many) {
        const event = dataEvent("activity");
        begun.push(event);
        await untilTaken(sender, [event], bench.singly);
        await pause(10);
      }
    };
    const load = Promise.all(Array.from({ length: parallel }, deliverAll));
    const restart = pause(200).then(bench.restart);
    await Promise.all([
      load,
      restart.finally(() => {
        restarted = true;
      }),
    ]);
    await expectArrivals(bench, begun);
  },

  async "a target that hangs is given up when the caller's deadline ends"(bench: Bench) {
    const warm = bench.connect();
    await warm.deliver(dataEvent(), deadline());
    bench.faults.fail("stall");
    for (const sender of [warm, bench.connect()]) {
      await expectTimeout(300, (signal) => sender.deliver(dataEvent(), signal));
      await expectTimeout(300, (signal) => sender.check(signal));
      if (sender.deliverBatch) await expectTimeout(300, (signal) => batchOf(sender, signal));
    }
  },

  async "an answer that is lost leaves no second one"(bench: Bench) {
    const record = { naturalKey: "night", startTime: "2025-10-01T23:00:00.000000+02:00" };
    const [before, lost] = [dataEvent(), revised("sleep", record, 1, newUser())];
    const sender = bench.connect();
    await sender.deliver(before, deadline());
    bench.faults.fail("mute");
    expect((await failure(sender.deliver(lost, AbortSignal.timeout(1_000)))).retry).toBe("later");
    await bench.faults.pass();
    await untilTaken(sender, [lost], bench.singly);
    await expectArrivals(bench, [before, lost]);
  },
};

/** Makes the proxy cut every connection after the bytes of so many events. */
async function outageAmid(bench: Bench, way: Way, afterEvents: number): Promise<void> {
  const sender = bench.connect();
  const first = events(2);
  await untilTaken(sender, first.slice(0, 1), way);
  const before = bench.faults.sentBytes;
  await untilTaken(sender, first.slice(1), way);
  const each = bench.faults.sentBytes - before;
  const amid = events(many);
  bench.faults.fail("refuse", each * afterEvents);
  const outcomes = await way(sender, amid);
  const failures = outcomes.filter((outcome) => outcome instanceof DeliveryError);
  expect(failures.length, "failures").toBeGreaterThan(0);
  expect([...new Set(failures.map(({ retry }) => retry))]).toEqual(["later"]);
  await bench.faults.pass();
  const failed = amid.filter((_, index) => outcomes[index] instanceof DeliveryError);
  await untilTaken(sender, failed, way);
  await expectArrivals(bench, [...first, ...amid]);
}

/** A batch may fail by throwing or with an error for each of its events. */
async function batchOf({ deliverBatch }: ReturnType<Bench["connect"]>, signal: AbortSignal): Promise<void> {
  const outcomes = (await deliverBatch?.(events(3), signal)) ?? [];
  for (const outcome of outcomes) if (outcome instanceof DeliveryError) throw outcome;
}
