import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  DestinationQueue,
  oneByOne,
  type QueuedDelivery,
  type RequestLimits,
  type RequestResult,
} from "./destination-queue.ts";

const slots = 16;
const megabyte = 1_024 * 1_024;

class TestDelivery implements QueuedDelivery {
  readonly bytes: number;
  readonly orderKey: string | null;
  /** For each time it was parked: whether the queue was too long. */
  readonly parked: boolean[] = [];

  constructor({ bytes = 1, orderKey = null }: { bytes?: number; orderKey?: string | null } = {}) {
    this.bytes = bytes;
    this.orderKey = orderKey;
  }
  park(crowded: boolean): void {
    this.parked.push(crowded);
  }
}

/** The requests so far; each ends when the test ends it. */
let requests: { sent: readonly TestDelivery[]; end(result: Partial<RequestResult>): Promise<void> }[];
let pauses: boolean[];
let begun: [ms: number, failures: number][];
let queue: DestinationQueue<TestDelivery>;

function open(limits: RequestLimits): void {
  requests = [];
  pauses = [];
  begun = [];
  queue = new DestinationQueue<TestDelivery>({
    limits,
    send(sent) {
      const end = Promise.withResolvers<RequestResult>();
      requests.push({
        sent,
        async end({ healthy = true, retryKeys = new Set<string>() }) {
          end.resolve({ healthy, retryKeys });
          for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        },
      });
      return end.promise;
    },
    onPause: (paused) => void pauses.push(paused),
    onPauseBegun: ({ ms, failures }) => void begun.push([ms, failures]),
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  open(oneByOne);
});
afterEach(() => {
  vi.useRealTimers();
});

function add(count: number, how: ConstructorParameters<typeof TestDelivery>[0] = {}): TestDelivery[] {
  return Array.from({ length: count }, () => {
    const delivery = new TestDelivery(how);
    queue.add(delivery);
    return delivery;
  });
}

/** Fills the queue and ends its requests after `ms`; as many are under way afterwards. */
async function fill(ms: number): Promise<void> {
  add(slots * 2);
  const first = requests.slice(0, slots);
  vi.advanceTimersByTime(ms);
  for (const request of first) await request.end({});
}

describe("destination queue", () => {
  it("makes a limited number of requests at a time and the next one when one is done", async () => {
    add(slots + 5);
    expect(requests.length).toBe(slots);
    await requests[3]?.end({});
    expect(requests.length).toBe(slots + 1);
  });

  it("sends few large bodies at a time, but always one, and no smaller one before a waiting large one", async () => {
    add(4, { bytes: 20 * megabyte });
    add(1);
    expect(requests.length).toBe(1);
    await requests[0]?.end({});
    expect(requests.length).toBe(2);
    expect(requests[1]?.sent[0]?.bytes).toBe(20 * megabyte);
  });

  it("parks a delivery that comes to a slow and long queue", () => {
    add(slots * 2);
    vi.advanceTimersByTime(600);
    expect(add(2).map((delivery) => delivery.parked)).toEqual([[true], [true]]);
  });

  it("keeps the first in the queue and parks the others when they have waited long", () => {
    const deliveries = add(slots * 2 + 2);
    for (const delivery of deliveries) queue.parkUnlessSoon(delivery);
    expect(deliveries.filter((delivery) => delivery.parked.length > 0)).toEqual(deliveries.slice(2 * slots));
  });

  it("keeps those that will be sent soon, at the pace of the requests before them", async () => {
    await fill(100);
    // 16 side by side, a tenth of a second each: 640 in four seconds.
    const deliveries = add(700);
    for (const delivery of deliveries) queue.parkUnlessSoon(delivery);
    expect(deliveries.filter((delivery) => delivery.parked.length > 0)).toEqual(deliveries.slice(640));
  });

  it("keeps no more bytes waiting than may be in flight", async () => {
    await fill(100);
    const deliveries = add(50, { bytes: megabyte });
    for (const delivery of deliveries) queue.parkUnlessSoon(delivery);
    expect(deliveries.filter((delivery) => delivery.parked.length > 0)).toEqual(deliveries.slice(33));
  });

  it("returns all waiting deliveries when it is emptied, and none twice", () => {
    const deliveries = add(slots + 3);
    expect(queue.empty()).toEqual(deliveries.slice(slots));
    expect(queue.empty()).toEqual([]);
  });

  it("parks the waiting deliveries when the breaker opens, tries with one, and then resumes", async () => {
    const deliveries = add(slots + 12);
    for (let n = 0; n < 10; n++) await requests[n]?.end({ healthy: false });
    // The tenth failure opened it; those sent before were attempted.
    expect(pauses).toEqual([true]);
    expect(begun).toEqual([[3_000, 10]]);
    expect(deliveries.filter((delivery) => delivery.parked.length > 0)).toEqual(deliveries.slice(slots + 9));
    expect(add(1)[0]?.parked).toEqual([false]);
    vi.advanceTimersByTime(3_000);
    for (const request of requests.slice(10)) await request.end({ healthy: false });
    const before = requests.length;
    add(2);
    expect(requests.length).toBe(before + 1);
    await requests[before]?.end({});
    expect(pauses).toEqual([true, false]);
    expect(requests.length).toBe(before + 2);
  });

  it("parks the deliveries that waited for the trial when it fails", async () => {
    add(slots);
    for (const request of [...requests]) await request.end({ healthy: false });
    vi.advanceTimersByTime(3_000);
    const [, other] = add(2);
    await requests.at(-1)?.end({ healthy: false });
    expect(other?.parked).toEqual([false]);
    // The sixteen under way, and the trial.
    expect(begun).toEqual([
      [3_000, 10],
      [6_000, slots + 1],
    ]);
    expect(pauses).toEqual([true]);
  });

  it("resumes when another process has reached the destination", async () => {
    add(slots);
    for (const request of [...requests]) await request.end({ healthy: false });
    const before = requests.length;
    queue.resume();
    add(3);
    expect(pauses).toEqual([true, false]);
    expect(requests.length).toBe(before + 3);
  });
});

describe("destination queue to a target that takes batches", () => {
  beforeEach(() => open({ maxEvents: 100, maxBytes: 10 * megabyte }));

  it("sends each at once while few are under way, and the waiting ones together", async () => {
    add(4 + 250);
    expect(requests.map(({ sent }) => sent.length)).toEqual([1, 1, 1, 1]);
    await requests[0]?.end({});
    await requests[1]?.end({});
    expect(requests.slice(4).map(({ sent }) => sent.length)).toEqual([100, 100]);
    await requests[2]?.end({});
    expect(requests.at(-1)?.sent.length).toBe(50);
  });

  it("keeps a request within its bytes", async () => {
    add(4);
    add(5, { bytes: 4 * megabyte });
    await requests[0]?.end({});
    expect(requests.at(-1)?.sent.length).toBe(2);
  });

  it("tries a paused target with one event", async () => {
    for (let n = 0; n < 10; n++) {
      add(1);
      await requests.at(-1)?.end({ healthy: false });
    }
    vi.advanceTimersByTime(3_000);
    add(20);
    expect(requests.at(-1)?.sent.length).toBe(1);
  });
});

describe("destination queue to a target that keeps order", () => {
  it("sends a person's events one after the other, and those of others meanwhile", async () => {
    const [first, second] = add(2, { orderKey: "a" });
    const [other] = add(1, { orderKey: "b" });
    expect(requests.map(({ sent }) => sent[0])).toEqual([first, other]);
    await requests[0]?.end({});
    expect(requests.at(-1)?.sent).toEqual([second]);
  });

  it("puts a person's events into different requests", async () => {
    open({ maxEvents: 100, maxBytes: 10 * megabyte });
    for (let n = 0; n < 4; n++) add(1, { orderKey: `${n}` });
    add(3, { orderKey: "a" });
    add(3, { orderKey: "b" });
    await requests[0]?.end({});
    expect(requests.at(-1)?.sent.map(({ orderKey }) => orderKey)).toEqual(["a", "b"]);
  });

  it("parks the later ones of a person when one has to be retried", async () => {
    const [, behind] = add(2, { orderKey: "a" });
    const [other] = add(1, { orderKey: "b" });
    await requests[0]?.end({ retryKeys: new Set(["a"]) });
    expect([behind?.parked, other?.parked]).toEqual([[false], []]);
  });
});
