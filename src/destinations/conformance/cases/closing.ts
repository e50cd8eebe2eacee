/** The end of a sender. */
import { type Bench, deadline, failure } from "../bench.ts";
import { dataEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

export const closingCases = {
  async "close may be called twice and ends the sender"(bench: Bench) {
    const [event, late] = [dataEvent(), dataEvent()];
    const sender = bench.connect();
    await sender.deliver(event, deadline());
    await Promise.all([sender.close(), sender.close()]);
    await sender.close();
    await failure(sender.deliver(late, deadline()));
    await expectArrivals(bench, [event]);
  },

  async "a sender that was never used may be closed"(bench: Bench) {
    const sender = bench.connect();
    await sender.close();
    await sender.close();
    await failure(sender.deliver(dataEvent(), deadline()));
    await expectArrivals(bench, []);
  },
};
