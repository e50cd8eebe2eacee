/** A target that never stops talking. */
import { expect } from "vitest";
import { type Bench, patience } from "../bench.ts";
import { dataEvent } from "../events.ts";

/** What is read before it is noticed, and what the system keeps: far less than a target could send in the time. */
const toleratedBytes = 64 * 1_024 * 1_024;

export const endlessCases = {
  async "an answer that does not end is not read into memory"(bench: Bench) {
    const endless = await bench.endless();
    const sender = bench.connect(endless.settings);
    // A webhook has said enough with its status; every other kind has not been answered.
    const attempts = [sender.deliver(dataEvent(), patience()), sender.check(patience())];
    if (sender.deliverBatch) attempts.push(sender.deliverBatch([dataEvent()], patience()).then(() => ({})));
    for (const outcome of await Promise.allSettled(attempts)) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ retry: "later" });
    }
    expect(endless.sentBytes(), "bytes taken").toBeGreaterThan(0);
    expect(endless.sentBytes(), "bytes taken").toBeLessThan(attempts.length * toleratedBytes);
  },
};
