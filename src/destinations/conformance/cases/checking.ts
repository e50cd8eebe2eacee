/** The result of `check`, and that it leaves nothing behind. */
import { expect } from "vitest";
import { type Bench, deadline, failure, NotApplicable } from "../bench.ts";
import { dataEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

export const checkingCases = {
  async "check succeeds and leaves nothing behind"(bench: Bench) {
    const sender = bench.connect();
    await sender.check(deadline());
    await expectArrivals(bench, []);
    const event = dataEvent();
    await sender.deliver(event, deadline());
    await sender.check(deadline());
    await bench.connect().check(deadline());
    await expectArrivals(bench, [event]);
  },

  async "check tells each missing permission apart"(bench: Bench) {
    const { lacking } = bench.place;
    if (lacking === undefined) throw new Error("the place has no `lacking`: add it, or skip with a reason");
    for (const [permission, settings] of Object.entries(lacking)) {
      const thrown = await failure(bench.connect(settings).check(deadline()));
      expect(thrown, permission).toMatchObject({ code: "DESTINATION_PERMISSION_MISSING", retry: "later" });
      expect(String(thrown.details.reason).startsWith(permission), `${thrown.details.reason}`).toBe(true);
    }
    await expectArrivals(bench, []);
  },

  async "check fails when the server is away"(bench: Bench) {
    const sender = bench.connect();
    await sender.check(deadline());
    bench.faults.fail("refuse");
    expect((await failure(sender.check(deadline()))).retry).toBe("later");
    expect((await failure(bench.connect().check(deadline()))).retry).toBe("later");
  },

  async "what is dropped under us is made again"(bench: Bench) {
    const { drop } = bench.place;
    if (drop === undefined) throw new NotApplicable("it makes nothing there that could be dropped");
    const sender = bench.connect();
    await sender.deliver(dataEvent(), deadline());
    await drop.call(bench.place);
    const [next, batched] = [dataEvent(), dataEvent()];
    await sender.deliver(next, deadline());
    await expectArrivals(bench, [next]);
    if (bench.batch === null) return;
    await drop.call(bench.place);
    await sender.deliverBatch?.([batched], deadline());
    await expectArrivals(bench, [batched]);
  },
};
