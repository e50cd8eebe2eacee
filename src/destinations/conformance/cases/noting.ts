/** The account of what is sent, which is shown with the attempt. */
import { expect } from "vitest";
import { type Bench, deadline } from "../bench.ts";
import { dataEvent, plainEvent, type TestEvent } from "../events.ts";

function expectNote(bench: Bench, { noted, type }: TestEvent): void {
  const note = noted.at(-1);
  expect(note, type).toMatchObject({ method: expect.stringMatching(/\S/), bytes: expect.any(Number) });
  expect(String(note?.target)).toMatch(/\S/);
  expect(note?.bytes).toBeGreaterThan(0);
  for (const secret of bench.secretsOf(bench.place.settings))
    expect(JSON.stringify(note)).not.toContain(secret);
}

export const notingCases = {
  async "notes what it sends of each event, and no secret"(bench: Bench) {
    const [single, several, plain] = [dataEvent(), dataEvent("daily", [{}, {}]), plainEvent("auth")];
    // A kind of one format is sent nothing of an event that has no form in it.
    const noted = bench.onlyFormat === undefined ? [single, several, plain] : [single, several];
    const sender = bench.connect();
    for (const event of noted) {
      await sender.deliver(event, deadline());
      expectNote(bench, event);
    }
    if (bench.batch === null) return;
    const batch = [dataEvent(), dataEvent()];
    await sender.deliverBatch?.(batch, deadline());
    for (const event of batch) expectNote(bench, event);
  },
};
