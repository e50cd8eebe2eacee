import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RateLimitRule } from "../../providers/provider.ts";
import { RateLimit } from "../../sandbox/polar/rate-limit.ts";
import { type Rank, ranks } from "../../store/ranks.ts";
import { type BudgetState, newBudget, observed, refused, reserve, unanswered } from "./budget.ts";
import { readingOf } from "./sandbox-client.fixture.ts";
import { longestCallMs } from "./window.ts";

const minuteMs = 60_000;
const rules: readonly RateLimitRule[] = [
  { name: "short", lengthMs: 15 * minuteMs, callsOfClient: 20, callsPerUser: 0 },
  { name: "long", lengthMs: 24 * 60 * minuteMs, callsOfClient: 60, callsPerUser: 0 },
];
/** Polar's limits for a client with one user. */
const polarLike: readonly RateLimitRule[] = [
  { name: "short", lengthMs: 15 * minuteMs, callsOfClient: 520, callsPerUser: 0 },
  { name: "long", lengthMs: 24 * 60 * minuteMs, callsOfClient: 5_100, callsPerUser: 0 },
];
const began = Date.UTC(2026, 0, 5, 3, 0, 0);

/** A client with its own budget state and clock. */
class Client {
  now = began;
  state: BudgetState;
  readonly rules: readonly RateLimitRule[];

  constructor(of: readonly RateLimitRule[] = rules) {
    this.rules = of;
    this.state = newBudget({ rules: of, now: this.now });
  }

  /** Returns the call's number, or when to ask again. */
  ask(rank: Rank = "notification"): { callId: number } | { until: number } {
    const decision = reserve(this.state, { rules: this.rules, users: 0, now: this.now }, rank);
    this.state = decision.state;
    return decision.go ? { callId: decision.callId } : { until: decision.until };
  }

  /** Returns how many calls of a rank fit now, none of them answered. */
  callsLeft(rank: Rank): number {
    const before = this.state;
    let calls = 0;
    while (calls < 1_000 && "callId" in this.ask(rank)) calls++;
    this.state = before;
    return calls;
  }

  go(rank: Rank = "notification"): number {
    const answer = this.ask(rank);
    if ("until" in answer) throw new Error(`told to wait until ${new Date(answer.until).toISOString()}`);
    return answer.callId;
  }

  /** Makes this many notifications' calls in the first quarter of an hour; the next quarter has begun. */
  busyQuarter(calls: number): void {
    for (let used = 1; used <= calls; used++) {
      const said = this.rules.map(({ callsOfClient: limit, lengthMs: resetMs }) => ({
        used,
        limit,
        resetMs,
      }));
      this.state = observed(this.state, this.go(), said, this);
    }
    this.now += 16 * minuteMs;
  }

  hear(callId: number, short: Said, long: Said = { used: 1, limit: 60, resetMs: 24 * 60 * minuteMs }): void {
    this.state = observed(this.state, callId, [short, long], { rules: this.rules, now: this.now });
  }

  lose(callId: number): void {
    this.state = unanswered(this.state, callId, this);
  }
}

interface Said {
  readonly used: number;
  readonly limit: number;
  readonly resetMs: number;
}

const short = (used: number, limit = 20, resetMs = 10 * minuteMs): Said => ({ used, limit, resetMs });

describe("a budget", () => {
  it("counts a reservation before it is answered", () => {
    expect(new Client().callsLeft("notification")).toBe(20);
  });

  it("replaces its estimate by the provider's limit, up and down", () => {
    const client = new Client();
    client.hear(client.go(), short(1, 30), { used: 1, limit: 90, resetMs: 1_000 * minuteMs });
    expect(client.callsLeft("notification")).toBe(29);
    client.hear(client.go(), short(2, 10));
    expect(client.callsLeft("notification")).toBe(8);
  });

  it("counts the calls of other clients, and keeps its own calls in flight", () => {
    const client = new Client();
    const [first] = [client.go(), client.go(), client.go()];
    client.hear(first, short(12));
    expect(client.callsLeft("notification")).toBe(20 - 12 - 2);
  });

  it("is not misled by answers that overtake each other", () => {
    const client = new Client();
    const [first, second] = [client.go(), client.go()];
    client.hear(second, short(9));
    client.hear(first, short(8));
    expect(client.callsLeft("notification")).toBe(11);
  });

  it("believes a lower count if its call was sent later", () => {
    const client = new Client();
    client.hear(client.go(), short(18));
    client.hear(client.go(), short(3));
    expect(client.callsLeft("notification")).toBe(17);
  });

  it("counts a call that ended after its window in the next one, which may have begun as late as that", () => {
    const client = new Client();
    client.hear(client.go(), short(1, 20, 15 * minuteMs));
    client.now += 15 * minuteMs - 4_000;
    const late = client.go();
    client.now += 10_000;
    client.lose(late);
    client.now += 15 * minuteMs - 1;
    expect(client.callsLeft("notification")).toBe(19);
    client.now += 1;
    expect(client.callsLeft("notification")).toBe(20);
  });

  it("counts calls without an answer until a later answer settles them", () => {
    const client = new Client();
    client.hear(client.go(), short(1));
    const lost = client.go();
    const underWay = client.go();
    client.lose(lost);
    client.hear(underWay, short(2));
    expect(client.callsLeft("notification")).toBe(17);
    client.hear(client.go(), short(3));
    expect(client.callsLeft("notification")).toBe(17);
    client.hear(client.go(), short(4));
    expect(client.callsLeft("notification")).toBe(16);
  });

  it("settles the calls of a process that died", () => {
    const client = new Client();
    client.go();
    client.now += longestCallMs + 1;
    client.hear(client.go(), short(2));
    client.now += 1;
    client.hear(client.go(), short(3));
    expect(client.callsLeft("notification")).toBe(17);
  });

  it("begins a new window when the provider's does, and never before", () => {
    const client = new Client();
    client.hear(client.go(), short(20, 20, 5 * minuteMs));
    const answer = client.ask();
    expect(answer).toHaveProperty("until");
    client.now += 5 * minuteMs;
    expect(client.callsLeft("notification")).toBe(0);
    client.now += 2_000;
    expect(client.callsLeft("notification")).toBe(20);
  });

  it("gives a window without any answer the longest time that a call can take", () => {
    const client = new Client();
    for (let call = 0; call < 20; call++) client.lose(client.go());
    client.now += 15 * minuteMs + 1_000;
    expect(client.callsLeft("notification")).toBe(0);
    client.now += longestCallMs;
    expect(client.callsLeft("notification")).toBe(20);
  });

  it("follows a window that another client began", () => {
    const client = new Client();
    client.hear(client.go(), short(20, 20, 5 * minuteMs));
    client.now += 10 * minuteMs;
    client.hear(client.go(), short(19, 20, 12 * minuteMs), { used: 2, limit: 60, resetMs: 800 * minuteMs });
    expect(client.callsLeft("notification")).toBe(1);
    client.now += 12 * minuteMs + 2_000;
    expect(client.callsLeft("notification")).toBe(20);
  });

  it("recognises an answer about the window before", () => {
    const client = new Client();
    client.hear(client.go(), short(10, 20, 1_000));
    const slow = client.go();
    client.now += 5_000;
    client.go();
    client.hear(slow, short(11, 20, 0));
    expect(client.callsLeft("notification")).toBe(19);
  });

  it("makes all calls wait after a refusal, as long as the provider says", () => {
    const client = new Client();
    client.go();
    client.state = refused(client.state, client.now + 90_000);
    expect(client.ask()).toEqual({ until: client.now + 90_000 });
    client.now += 90_000;
    expect(client.callsLeft("notification")).toBeGreaterThan(0);
  });

  it("tries a call a minute when the answers to all others were lost in an outage", () => {
    const client = new Client();
    client.hear(client.go(), short(1));
    while (client.callsLeft("notification") > 0) client.lose(client.go());
    client.now += longestCallMs;
    expect(client.callsLeft("notification")).toBe(1);
    client.hear(client.go(), short(2));
    expect(client.callsLeft("notification")).toBe(18);
  });
});

describe("calls side by side", () => {
  const few = { rules, parallelCalls: 2, users: 0, now: began };
  const until = (state: BudgetState, rank: Rank) => reserve(state, few, rank);

  it("are limited to the API's number, whatever the windows allow, and hold no rank back", () => {
    const first = until(newBudget(few), "notification");
    const second = until(first.state, "notification");
    const third = until(second.state, "notification");
    expect([first.go, second.go]).toEqual([true, true]);
    expect(third).toMatchObject({ go: false, isBusy: true, until: began + 1_000 });
    const ended = unanswered(third.state, 1, few);
    expect(until(ended, "request").go).toBe(true);
  });

  it("leave a place to the others where there is more than one, if they are for old data", () => {
    const first = until(newBudget(few), "backfill");
    const second = until(first.state, "backfill");
    expect([first.go, second.go]).toEqual([true, false]);
    expect(until(second.state, "reconcile").go).toBe(true);
    const alone = { ...few, parallelCalls: 1 };
    expect(reserve(newBudget(alone), alone, "backfill").go).toBe(true);
  });

  it("end with the process that made them", () => {
    const [first, later] = [until(newBudget(few), "request"), began + 2 * longestCallMs];
    const second = until(first.state, "request");
    expect(reserve(second.state, { ...few, now: later }, "request").go).toBe(true);
  });
});

describe("calls that have to be a time apart", () => {
  const gapMs = 1_000;
  const ask = (state: BudgetState, rank: Rank, now: number) =>
    reserve(state, { rules: [], gapMs, users: 0, now }, rank);
  const fresh = newBudget({ rules: [], now: began });
  const state = (kept: BudgetState): BudgetState => JSON.parse(JSON.stringify(kept)) as BudgetState;

  it("wait for their turn, which is a short wait", () => {
    const first = ask(fresh, "reconcile", began);
    const second = ask(state(first.state), "reconcile", began + 300);
    expect([first.go, second.go]).toEqual([true, false]);
    expect(second).toMatchObject({ until: began + gapMs, isBusy: true, pauseMs: 700 });
    expect(ask(state(second.state), "reconcile", began + gapMs - 1).go).toBe(false);
    expect(ask(state(second.state), "reconcile", began + gapMs).go).toBe(true);
  });

  it("give the turn to a higher rank that waits for it, however early a lower one asks", () => {
    const first = ask(fresh, "backfill", began);
    const high = ask(first.state, "request", began + 300);
    const low = ask(high.state, "backfill", began + 400);
    expect(low).toMatchObject({ go: false, until: began + 2 * gapMs });
    expect(ask(low.state, "backfill", began + gapMs).go).toBe(false);
    const served = ask(low.state, "request", began + gapMs + 20);
    expect(served.go).toBe(true);
    expect(ask(served.state, "backfill", began + 2 * gapMs)).toMatchObject({ until: began + 2 * gapMs + 20 });
    expect(ask(served.state, "backfill", began + 2 * gapMs + 20).go).toBe(true);
  });

  it("do not wait for a call that never came back for its turn", () => {
    const first = ask(fresh, "backfill", began);
    const gone = ask(first.state, "request", began + 300);
    expect(ask(gone.state, "backfill", began + 2 * gapMs - 1).go).toBe(false);
    expect(ask(gone.state, "backfill", began + 2 * gapMs).go).toBe(true);
  });

  it("are never closer, whoever asks and when", () => {
    const asking = fc.record({
      afterMs: fc.integer({ min: 0, max: 1_500 }),
      rank: fc.constantFrom(...ranks),
    });
    fc.assert(
      fc.property(fc.array(asking, { minLength: 2, maxLength: 60 }), (steps) => {
        let [kept, now, latest] = [fresh, began, 0];
        for (const { afterMs, rank } of steps) {
          now += afterMs;
          const decision = ask(kept, rank, now);
          kept = decision.state;
          if (!decision.go) continue;
          expect(now - latest).toBeGreaterThanOrEqual(gapMs);
          latest = now;
        }
      }),
    );
  });
});

describe("ranks", () => {
  it("leave capacity to the higher ranks when no person waits", () => {
    const client = new Client();
    const left = Object.fromEntries(ranks.map((rank) => [rank, client.callsLeft(rank)]));
    expect(left.backfill).toBeLessThan(left.reconcile ?? 0);
    expect(left.reconcile).toBeLessThan(left.request ?? 0);
    expect(left).toMatchObject({ request: 20, notification: 20 });
  });

  it("are not limited by a forecast when a person waits, however busy it was", () => {
    const client = new Client(polarLike);
    client.busyQuarter(240);
    expect(client.callsLeft("request")).toBeGreaterThan(250);
    expect(client.callsLeft("notification")).toBe(client.callsLeft("request"));
  });

  it("look again when the forecast is updated: within a quarter of an hour", () => {
    const client = new Client(polarLike);
    client.busyQuarter(500);
    while (client.callsLeft("backfill") > 0) client.lose(client.go("backfill"));
    const answer = client.ask("backfill");
    expect(answer).toHaveProperty("until");
    expect((answer as { until: number }).until - client.now).toBeLessThanOrEqual(15 * minuteMs);
  });

  it("do not take one busy quarter of an hour for a busy day", () => {
    const client = new Client(polarLike);
    client.busyQuarter(240);
    expect(client.callsLeft("reconcile")).toBeGreaterThan(100);
    expect(client.callsLeft("backfill")).toBeGreaterThan(100);
  });

  it("get what the higher ones no longer need as the window passes", () => {
    const client = new Client();
    client.hear(client.go(), short(10, 20, 15 * minuteMs), {
      used: 1,
      limit: 6_000,
      resetMs: 1_440 * minuteMs,
    });
    const early = client.callsLeft("backfill");
    client.now += 13 * minuteMs;
    expect(client.callsLeft("backfill")).toBeGreaterThan(early);
  });

  it("ask again when a few more calls fit", () => {
    const client = new Client();
    client.hear(client.go(), short(10, 20, 15 * minuteMs), {
      used: 1,
      limit: 6_000,
      resetMs: 1_440 * minuteMs,
    });
    for (let used = 11; client.callsLeft("backfill") > 0; used++)
      client.hear(client.go("backfill"), short(used));
    const answer = client.ask("backfill");
    if (!("until" in answer)) throw new Error("a call fits");
    client.now = answer.until;
    expect(client.callsLeft("backfill")).toBeGreaterThan(0);
  });

  it("wait when a higher rank was told to wait", () => {
    const client = new Client();
    client.hear(client.go(), short(20, 20, 5 * minuteMs));
    expect(client.ask("notification")).toHaveProperty("until");
    client.now += 5 * minuteMs + 2_000;
    expect(client.callsLeft("backfill")).toBe(0);
    expect(client.callsLeft("notification")).toBeGreaterThan(0);
    client.now += 10_000;
    expect(client.callsLeft("backfill")).toBeGreaterThan(0);
  });

  it("keep tomorrow what was needed today at this time", () => {
    const client = new Client([
      { name: "long", lengthMs: 24 * 60 * minuteMs, callsOfClient: 100, callsPerUser: 0 },
    ]);
    const said = (used: number, now: number) =>
      [{ used, limit: 100, resetMs: began + 24 * 60 * minuteMs - now }] as const;
    const call = (rank: Rank, used: number) => {
      const callId = client.go(rank);
      client.state = observed(client.state, callId, said(used, client.now), client);
    };
    call("notification", 1);
    client.now = began + 600 * minuteMs;
    for (let used = 2; used <= 41; used++) call("notification", used);
    // The next day, before that hour: 40 calls plus a quarter are kept.
    client.now = began + 1_500 * minuteMs;
    expect(client.callsLeft("reconcile")).toBeLessThanOrEqual(99 - 50);
    client.now = began + 1_440 * minuteMs + 660 * minuteMs;
    expect(client.callsLeft("reconcile")).toBeGreaterThan(60);
  });
});

/** A simulated provider with calls in flight both ways, other users of the client, and a clock. */
describe("any sequence of events", () => {
  const step = fc.record({
    afterMs: fc.oneof(
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: 0, max: 6 * minuteMs }),
      // Roughly when the window begun by the last step ends.
      fc.integer({ min: 15 * minuteMs - 20_000, max: 15 * minuteMs + 20_000 }),
      fc.integer({ min: 0, max: 10 * 60 * minuteMs }),
    ),
    rank: fc.constantFrom(...ranks),
    burst: fc.integer({ min: 1, max: 25 }),
    thereMs: fc.integer({ min: 0, max: 15_000 }),
    backMs: fc.integer({ min: 0, max: 15_000 }),
    fate: fc.constantFrom("answered", "answered", "answered", "lost after", "lost before", "dies"),
  });

  it("the provider never refuses a call of ours", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
        expect(play(steps)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  /**
   * Whether a call may be a probe: after lost answers, one call a minute goes out beyond what may have been
   * counted.
   */
  const isProbe = ({ windows, inFlight }: BudgetState): boolean =>
    windows.some(
      ({ counted, unsure, limit }) =>
        unsure > 0 && limit !== null && counted + unsure + inFlight.length > limit,
    );

  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

  function play(steps: readonly Step[]): string[] {
    const client = new Client();
    const polar = new RateLimit({ now: () => client.now } as never, () => 0);
    polar.override = { short: 20, long: 60 };
    const events: { at: number; run(): void }[] = [];
    const refusals: string[] = [];
    const at = (time: number, run: () => void) => events.push({ at: time, run });
    const send = ({ thereMs, backMs, fate }: Step, callId: number, isProbe: boolean) => {
      if (fate === "lost before") {
        return at(client.now + thereMs, () => {
          client.state = unanswered(client.state, callId, client);
        });
      }
      at(client.now + thereMs, () => {
        if (!polar.count() && !isProbe) refusals.push(`at ${client.now - began}`);
        const said = readingOf(polar.headers());
        if (fate === "dies") return;
        at(client.now + backMs, () => {
          client.state =
            fate === "answered"
              ? observed(client.state, callId, said, client)
              : unanswered(client.state, callId, client);
        });
      });
    };
    const settle = (until: number) => {
      for (;;) {
        const next = events.reduce<(typeof events)[number] | null>(
          (first, event) => (event.at <= until && (first === null || event.at < first.at) ? event : first),
          null,
        );
        if (next === null) break;
        events.splice(events.indexOf(next), 1);
        client.now = next.at;
        next.run();
      }
      client.now = until;
    };
    // Only calls within the provider's windows are compared with them.
    send(
      { afterMs: 0, rank: "request", burst: 1, thereMs: 0, backMs: 0, fate: "answered" },
      client.go(),
      false,
    );
    for (const one of steps) {
      settle(client.now + one.afterMs);
      for (let count = 0; count < one.burst; count++) {
        const answer = client.ask(one.rank);
        if ("callId" in answer) send(one, answer.callId, isProbe(client.state));
      }
    }
    settle(client.now + 2 * minuteMs);
    return refusals;
  }
});
