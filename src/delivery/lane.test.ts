import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Lane, type LaneLimits, oneByOne, type Passenger, type Ride } from "./lane.ts";

const slots = 16;
const megabyte = 1_024 * 1_024;

class Rider implements Passenger {
  readonly bytes: number;
  readonly orderKey: string | null;
  /** Whether it was for want of room, each time it was parked. */
  readonly parked: boolean[] = [];

  constructor({ bytes = 1, orderKey = null }: { bytes?: number; orderKey?: string | null } = {}) {
    this.bytes = bytes;
    this.orderKey = orderKey;
  }
  park(crowded: boolean): void {
    this.parked.push(crowded);
  }
}

/** Requests end when the test says so. */
let requests: { riders: readonly Rider[]; end(ride: Partial<Ride>): Promise<void> }[];
let pauses: boolean[];
let lane: Lane<Rider>;

function open(limits: LaneLimits): void {
  requests = [];
  pauses = [];
  lane = new Lane<Rider>({
    limits,
    ride(riders) {
      const end = Promise.withResolvers<Ride>();
      requests.push({
        riders,
        async end({ well = true, heldUp = new Set<string>() }) {
          end.resolve({ well, heldUp });
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        },
      });
      return end.promise;
    },
    onPause: (paused) => void pauses.push(paused),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  open(oneByOne);
});
afterEach(() => {
  vi.useRealTimers();
});

function board(count: number, how: ConstructorParameters<typeof Rider>[0] = {}): Rider[] {
  return Array.from({ length: count }, () => {
    const rider = new Rider(how);
    lane.enter(rider);
    return rider;
  });
}

/** The lane is full, all of its requests take so long, and as many are under way afterwards. */
async function ride(ms: number): Promise<void> {
  board(slots * 2);
  const first = requests.slice(0, slots);
  vi.advanceTimersByTime(ms);
  for (const request of first) await request.end({});
}

describe("lane", () => {
  it("makes so many requests side by side and the next when one is done", async () => {
    board(slots + 5);
    expect(requests.length).toBe(slots);
    await requests[3]?.end({});
    expect(requests.length).toBe(slots + 1);
  });

  it("carries few large bodies at a time, but always one, and lets nobody pass one that waits for room", async () => {
    board(4, { bytes: 20 * megabyte });
    board(1);
    expect(requests.length).toBe(1);
    await requests[0]?.end({});
    expect(requests.length).toBe(2);
    expect(requests[1]?.riders[0]?.bytes).toBe(20 * megabyte);
  });

  it("parks who comes to a slow lane with a long line", () => {
    board(slots * 2);
    vi.advanceTimersByTime(600);
    expect(board(2).map((rider) => rider.parked)).toEqual([[true], [true]]);
  });

  it("lets the first in line stay and the others go when they have waited long", () => {
    const riders = board(slots * 2 + 2);
    for (const rider of riders) lane.reconsider(rider);
    expect(riders.filter((rider) => rider.parked.length > 0)).toEqual(riders.slice(2 * slots));
  });

  it("lets those stay whose turn comes soon, at the pace of the requests before them", async () => {
    await ride(100);
    // 16 side by side, a tenth of a second each: 640 in four seconds.
    const riders = board(700);
    for (const rider of riders) lane.reconsider(rider);
    expect(riders.filter((rider) => rider.parked.length > 0)).toEqual(riders.slice(640));
  });

  it("keeps no more in line than what may be on its way", async () => {
    await ride(100);
    const riders = board(50, { bytes: megabyte });
    for (const rider of riders) lane.reconsider(rider);
    expect(riders.filter((rider) => rider.parked.length > 0)).toEqual(riders.slice(33));
  });

  it("answers everyone in line when it is emptied, and nobody twice", () => {
    const riders = board(slots + 3);
    expect(lane.empty()).toEqual(riders.slice(slots));
    expect(lane.empty()).toEqual([]);
  });

  it("parks who is in line when the breaker opens, tries with one, and then resumes", async () => {
    const riders = board(slots + 12);
    for (let n = 0; n < 10; n++) await requests[n]?.end({ well: false });
    // The tenth failure opened it; those who had set out before were attempted.
    expect(pauses).toEqual([true]);
    expect(riders.filter((rider) => rider.parked.length > 0)).toEqual(riders.slice(slots + 9));
    expect(board(1)[0]?.parked).toEqual([false]);
    vi.advanceTimersByTime(3_000);
    for (const request of requests.slice(10)) await request.end({ well: false });
    const before = requests.length;
    board(2);
    expect(requests.length).toBe(before + 1);
    await requests[before]?.end({});
    expect(pauses).toEqual([true, false]);
    expect(requests.length).toBe(before + 2);
  });

  it("parks who waited for the one that tried, when that fails", async () => {
    board(slots);
    for (const request of [...requests]) await request.end({ well: false });
    vi.advanceTimersByTime(3_000);
    const [, other] = board(2);
    await requests.at(-1)?.end({ well: false });
    expect(other?.parked).toEqual([false]);
  });

  it("resumes when the destination is known to be well from elsewhere", async () => {
    board(slots);
    for (const request of [...requests]) await request.end({ well: false });
    const before = requests.length;
    lane.encourage();
    board(3);
    expect(pauses).toEqual([true, false]);
    expect(requests.length).toBe(before + 3);
  });
});

describe("lane to a target that takes batches", () => {
  beforeEach(() => open({ maxEvents: 100, maxBytes: 10 * megabyte }));

  it("sends each at once while there is room, and together what has waited", async () => {
    board(4 + 250);
    expect(requests.map(({ riders }) => riders.length)).toEqual([1, 1, 1, 1]);
    await requests[0]?.end({});
    await requests[1]?.end({});
    expect(requests.slice(4).map(({ riders }) => riders.length)).toEqual([100, 100]);
    await requests[2]?.end({});
    expect(requests.at(-1)?.riders.length).toBe(50);
  });

  it("keeps a request within its bytes", async () => {
    board(4);
    board(5, { bytes: 4 * megabyte });
    await requests[0]?.end({});
    expect(requests.at(-1)?.riders.length).toBe(2);
  });

  it("tries a paused target with one event", async () => {
    for (let n = 0; n < 10; n++) {
      board(1);
      await requests.at(-1)?.end({ well: false });
    }
    vi.advanceTimersByTime(3_000);
    board(20);
    expect(requests.at(-1)?.riders.length).toBe(1);
  });
});

describe("lane to a target that keeps order", () => {
  it("sends a person's events one after the other, and others past them", async () => {
    const [first, second] = board(2, { orderKey: "a" });
    const [other] = board(1, { orderKey: "b" });
    expect(requests.map(({ riders }) => riders[0])).toEqual([first, other]);
    await requests[0]?.end({});
    expect(requests.at(-1)?.riders).toEqual([second]);
  });

  it("puts a person's events into different requests", async () => {
    open({ maxEvents: 100, maxBytes: 10 * megabyte });
    for (let n = 0; n < 4; n++) board(1, { orderKey: `${n}` });
    board(3, { orderKey: "a" });
    board(3, { orderKey: "b" });
    await requests[0]?.end({});
    expect(requests.at(-1)?.riders.map(({ orderKey }) => orderKey)).toEqual(["a", "b"]);
  });

  it("parks what is behind one that has to be tried again", async () => {
    const [, behind] = board(2, { orderKey: "a" });
    const [other] = board(1, { orderKey: "b" });
    await requests[0]?.end({ heldUp: new Set(["a"]) });
    expect([behind?.parked, other?.parked]).toEqual([[false], []]);
  });
});
