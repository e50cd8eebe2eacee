/** A target whose answer never ends. */
import { expect } from "vitest";
import { answerBytes } from "../../kit/answer-limit.ts";
import { attemptBytes } from "../../kit/attempts-intake.ts";
import { type Bench, deadline } from "../bench.ts";
import { dataEvent } from "../events.ts";

/** Bytes that are read before the limit is noticed, and that the system buffers: far less than a target could send. */
const toleratedBytes = 64 * 1_024 * 1_024;

export const endlessCases = {
  async "an answer that does not end is not read into memory"(bench: Bench) {
    await expectLittleTaken(bench, await bench.endless());
    // Each answer is short enough: for kinds that ask again and again within one attempt.
    const eachBytes = (answerBytes * 3) / 4;
    await expectLittleTaken(bench, await bench.endless(eachBytes), 2 * attemptBytes);
  },
};

async function expectLittleTaken(
  bench: Bench,
  { settings, sentBytes }: Awaited<ReturnType<Bench["endless"]>>,
  tolerated = toleratedBytes,
): Promise<void> {
  const sender = bench.connect(settings);
  // A webhook has answered with its status; every other kind has no answer yet.
  const attempts = [sender.deliver(dataEvent(), deadline()), sender.check(deadline())];
  if (sender.deliverBatch) attempts.push(sender.deliverBatch([dataEvent()], deadline()).then(() => ({})));
  for (const outcome of await Promise.allSettled(attempts)) {
    if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ retry: "later" });
  }
  expect(sentBytes(), "bytes taken").toBeGreaterThan(0);
  expect(sentBytes(), "bytes taken").toBeLessThan(attempts.length * tolerated);
}
