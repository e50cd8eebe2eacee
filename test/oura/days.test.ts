/**
 * The days that a look at Oura asks for, against the ways in which Oura filters documents (by their wall clock, by their
 * instant, by their day; a bare end date is its midnight): today's day and night are found in any zone at any hour.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeKey } from "../../src/providers/kit/discovery.ts";
import { isServed, type ServedResource } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";
import { findResource } from "../../src/providers/resource-of.ts";
import { isDiscoverable, uncovered } from "../../src/sync/coverage.ts";

const oura = providerBySlug("oura");
const hourMs = 3_600_000;
const minuteMs = 60_000;
const dayMs = 24 * hourMs;

/** One document: the day that Oura gives it, and the time by which a query finds it, in minutes from UTC. */
interface Timed {
  readonly day: string;
  readonly wallClock: string;
  readonly offsetMinutes: number;
}

const dateOf = (localMs: number): string => new Date(localMs).toISOString().slice(0, 10);
const clockOf = (localMs: number): string => new Date(localMs).toISOString().slice(0, 19);

const filters: Readonly<Record<string, (query: URLSearchParams, document: Timed) => boolean>> = {
  "by the wall clock": (query, { wallClock }) => {
    const [from, to] = boundsOf(query);
    return wallClock >= from && wallClock <= to;
  },
  "by the instant": (query, { wallClock, offsetMinutes }) => {
    const [from, to] = boundsOf(query).map((bound) => Date.parse(`${bound}Z`)) as [number, number];
    const instant = Date.parse(`${wallClock}Z`) - offsetMinutes * minuteMs;
    return instant >= from && instant <= to;
  },
  "by the day": (query, { day }) => {
    const [from, to] = boundsOf(query);
    return day >= from.slice(0, 10) && day <= to.slice(0, 10);
  },
};

/** A date alone means its midnight. */
function boundsOf(query: URLSearchParams): [string, string] {
  const bound = (name: string): string => {
    const given = query.get(name) ?? "";
    return given.length === 10 ? `${given}T00:00:00` : given;
  };
  return [bound("start_date"), bound("end_date")];
}

function resourceNamed(name: string): ServedResource {
  const found = findResource(oura, name);
  if (found === undefined || !isServed(found)) throw new Error(`no resource ${name}`);
  return found;
}

/** Returns the queries that a look makes now; the last one was so long ago, or never. */
function queriesOf(resource: ServedResource, now: Date, askedUntil: Date | null): URLSearchParams[] {
  if (!isDiscoverable(resource)) throw new Error(`${resource.name} is not looked for`);
  return uncovered(resource, { days: [], askedUntil, open: [] }, now).recent.map(
    ({ key }) => new URLSearchParams(resource.request(key, "person").path.split("?")[1]),
  );
}

const moments = fc.record({
  // Three years of instants: any hour of any day, leap day included.
  nowMs: fc.integer({ min: Date.UTC(2027, 0, 1), max: Date.UTC(2029, 11, 31) }),
  offsetMinutes: fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15),
  sinceMs: fc.option(fc.integer({ min: 0, max: 12 * hourMs })),
  bedtimeMs: fc.integer({ min: -6 * hourMs, max: 6 * hourMs }),
});

describe.each(Object.keys(filters))("where Oura filters %s", (name) => {
  const isFound = filters[name] as (typeof filters)[string];

  it("a look finds the day that goes on for the person, and the day before", () => {
    fc.assert(
      fc.property(moments, ({ nowMs, offsetMinutes, sinceMs }) => {
        const localMs = nowMs + offsetMinutes * minuteMs;
        const asked = queriesOf(
          resourceNamed("daily-activity"),
          new Date(nowMs),
          sinceMs === null ? null : new Date(nowMs - sinceMs),
        );
        for (const day of [dateOf(localMs), dateOf(localMs - dayMs)]) {
          const document = { day, wallClock: `${day}T04:00:00`, offsetMinutes };
          expect(asked.some((query) => isFound(query, document))).toBe(true);
        }
      }),
    );
  });

  it("a look finds the night that ends today, wherever it began", () => {
    fc.assert(
      fc.property(moments, ({ nowMs, offsetMinutes, sinceMs, bedtimeMs }) => {
        const day = dateOf(nowMs + offsetMinutes * minuteMs);
        const asked = queriesOf(
          resourceNamed("sleep"),
          new Date(nowMs),
          sinceMs === null ? null : new Date(nowMs - sinceMs),
        );
        const wallClock = clockOf(Date.parse(`${day}T00:00:00Z`) + bedtimeMs);
        expect(asked.some((query) => isFound(query, { day, wallClock, offsetMinutes }))).toBe(true);
      }),
    );
  });

  it("a request for a single day finds its activity and its night", () => {
    fc.assert(
      fc.property(moments, ({ nowMs, offsetMinutes, bedtimeMs }) => {
        const day = dateOf(nowMs);
        const bedtime = clockOf(Date.parse(`${day}T00:00:00Z`) + bedtimeMs);
        for (const [resource, wallClock] of [
          ["daily-activity", `${day}T04:00:00`],
          ["sleep", bedtime],
        ] as const) {
          const { path } = resourceNamed(resource).request(rangeKey(day, day), "person");
          const query = new URLSearchParams(path.split("?")[1]);
          expect(isFound(query, { day, wallClock, offsetMinutes })).toBe(true);
        }
      }),
    );
  });

  it("a bare end date would lose today, so that this test can fail", () => {
    const bare = new URLSearchParams("start_date=2027-01-01&end_date=2027-01-02");
    const today = { day: "2027-01-02", wallClock: "2027-01-02T04:00:00", offsetMinutes: 0 };
    expect(isFound(bare, today)).toBe(name === "by the day");
  });
});
