import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ranks } from "../../store/ranks.ts";
import { countCall, noDemand, quarterMs } from "./demand.ts";
import { type Period, reservedAbove, setAside } from "./reserves.ts";

const hourMs = 4 * quarterMs;
/** Returns a day's window of a thousand calls that has just begun. */
const day: Period = { limit: 1_000, lengthMs: 24 * hourMs, now: 0, until: 24 * hourMs };
const watched = noDemand(0);

describe("calls that a rank must leave", () => {
  it("are none for a notification, nor while a person waits, whatever is forecast", () => {
    const busy = Array.from({ length: 5_000 }).reduce<typeof watched>(
      (all) => countCall(all, "notification", quarterMs),
      watched,
    );
    expect(reservedAbove("notification", busy, day)).toBe(0);
    expect(reservedAbove("request", busy, day)).toBe(0);
  });

  it("are the presumed shares for a client without counts yet", () => {
    // Two fifths for notifications and a twentieth for requests; for backfill a fifth for reconciliation besides.
    expect(reservedAbove("reconcile", watched, day)).toBeCloseTo(450, 6);
    expect(reservedAbove("backfill", watched, day)).toBeCloseTo(650, 6);
  });

  it("shrink as the window does, and are nothing at its end and after it", () => {
    const at = (hours: number) =>
      reservedAbove("backfill", noDemand(hours * hourMs), { ...day, now: hours * hourMs });
    expect(at(12)).toBeCloseTo(325, 6);
    expect([at(24), at(25)]).toEqual([0, 0]);
  });

  it("are a quarter more than the higher ranks made at this time a day before", () => {
    let counted = noDemand(0);
    for (let call = 0; call < 400; call++) counted = countCall(counted, "notification", 10 * quarterMs);
    for (let call = 0; call < 100; call++) counted = countCall(counted, "request", 10 * quarterMs);
    for (let call = 0; call < 50; call++) counted = countCall(counted, "reconcile", 10 * quarterMs);
    // The first quarter of yesterday was counted only in part: this one is complete.
    const now = 106 * quarterMs;
    const rest = { ...day, now, until: now + quarterMs };
    expect(reservedAbove("reconcile", counted, rest)).toBeCloseTo(625, 6);
    expect(reservedAbove("backfill", counted, rest)).toBeCloseTo(687.5, 6);
  });

  it("are at least a share of the rest, for the unexpected", () => {
    // A day without any call: a tenth for notifications, a twentieth for requests, a fiftieth for reconciliation.
    const now = 200 * quarterMs;
    const rest = { ...day, now, until: now + 12 * hourMs };
    expect(reservedAbove("backfill", watched, rest)).toBeCloseTo(85, 6);
    expect(reservedAbove("reconcile", watched, rest)).toBeCloseTo(75, 6);
  });

  it("are never fewer for a lower rank, whatever was counted and at whatever time", () => {
    const calls = fc.array(fc.tuple(fc.constantFrom(...ranks), fc.nat(24 * hourMs)), { maxLength: 50 });
    fc.assert(
      fc.property(calls, fc.nat(48 * hourMs), fc.nat(10_000), (made, now, limit) => {
        const counted = made
          .toSorted(([, one], [, other]) => one - other)
          .reduce((all, [rank, at]) => countCall(all, rank, at), watched);
        const left = ranks.map((rank) =>
          reservedAbove(rank, counted, { ...day, limit, now, until: now + hourMs }),
        );
        expect(left).toEqual(left.toSorted((one, other) => other - one));
        expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("calls that no rank takes", () => {
  it("are one in a hundred", () => {
    expect([99, 100, 1_999, 2_000].map(setAside)).toEqual([0, 1, 19, 20]);
  });
});
