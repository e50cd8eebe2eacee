/** A body that is too large for the target arrives as a link, and no other does. */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { type Bench, deadline, NotApplicable } from "../bench.ts";
import { dataEvent, type GivenEvent, type GivenRecord, linkOf, newUser, type TestEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const fitting = 0.8;
const record = { naturalKey: "run-1", startTime: "2025-10-01T06:00:00.000000+02:00" };

export const sizeCases = {
  async "a body that is too large arrives as a link"(bench: Bench) {
    const event = sized(oversize(bench));
    await bench.connect().deliver(event, deadline());
    await expectLink(bench, event);
    expect(event.linked.times, "links asked for").toBeGreaterThan(0);
  },

  async "a body that just fits arrives whole"(bench: Bench) {
    const event = sized(bench.behaviour.fitsBytes ?? Math.floor(oversize(bench) * fitting));
    await bench.connect().deliver(event, deadline());
    await expectArrivals(bench, [event]);
    expect(event.linked.times, "links asked for").toBe(0);
  },

  async "a link is a revision like any other"(bench: Bench) {
    if (bench.behaviour.keeps === "all") throw new NotApplicable("it keeps every event");
    const person = { userId: newUser() };
    const large = sized(oversize(bench), { ...record, revision: 2 }, person);
    const older = dataEvent("activity", [{ ...record, revision: 1 }], person);
    const newer = dataEvent("activity", [{ ...record, revision: 3 }], person);
    const sender = bench.connect();
    for (const event of [older, large, older]) await sender.deliver(event, deadline());
    await expectLink(bench, large);
    for (const event of [newer, large]) await sender.deliver(event, deadline());
    await expectArrivals(bench, [newer]);
  },
};

function oversize({ behaviour }: Bench): number {
  if (behaviour.oversizeBytes === null) throw new NotApplicable("no body is too large for it");
  return behaviour.oversizeBytes;
}

async function expectLink({ place, behaviour }: Bench, event: TestEvent): Promise<void> {
  const arrivals = await place.arrivals();
  const ids = new Set(arrivals.map(({ eventId }) => eventId));
  expect([...ids]).toEqual([event.id]);
  if (behaviour.keeps === "newest") expect(arrivals).toHaveLength(1);
  expect(JSON.parse(arrivals[0]?.json ?? "")).toMatchObject({
    type: "s3_payload",
    url: linkOf(event.id),
    user_id: event.userId,
    payload_type: event.type,
    event_id: event.id,
  });
}

const sample = `{"timestamp":"2025-10-01T06:00:00.000000+02:00","bpm":141}`;

/** An event whose body has exactly so many bytes, mostly of samples, as real large events have. */
function sized(bytes: number, given: GivenRecord = record, person: GivenEvent = {}): TestEvent {
  const made = (samples: number, padding: string): TestEvent => {
    const list = Array.from({ length: samples }, () => sample).join(",");
    const members = `"stream": [${list}], "padding": "${padding}"`;
    return dataEvent("activity", [{ ...given, members }], person);
  };
  const most = bytes - made(1, "").body.length;
  if (most < 0) throw new Error(`no event is as small as ${bytes} bytes`);
  const samples = 1 + Math.floor(most / (sample.length + 1));
  const missing = bytes - made(samples, "").body.length;
  return made(samples, randomBytes(missing).toString("hex").slice(0, missing));
}
