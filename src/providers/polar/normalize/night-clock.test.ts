import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTimestamp, parseTimestamp } from "../../../models/index.ts";
import { makeNight } from "../testing/bodies.ts";

const at = (samples: readonly { timestamp?: string | null | undefined }[] | null | undefined) =>
  (samples ?? []).map(({ timestamp }) => timestamp ?? "");

interface Change {
  readonly place: string;
  /** The instant of the change, and the offsets in minutes before and after it. */
  readonly changeMs: number;
  readonly before: number;
  readonly after: number;
  /** Local times at which another zone with the same change has another offset. */
  readonly disputed?: RegExp;
}

const changes: readonly Change[] = [
  { place: "Berlin, spring", changeMs: Date.UTC(2025, 2, 30, 1), before: 60, after: 120 },
  { place: "Berlin, autumn", changeMs: Date.UTC(2025, 9, 26, 1), before: 120, after: 60 },
  { place: "London, autumn", changeMs: Date.UTC(2024, 9, 27, 1), before: 60, after: 0 },
  { place: "New York, spring", changeMs: Date.UTC(2026, 2, 8, 7), before: -300, after: -240 },
  // Havana changes its clocks an hour before New York.
  {
    place: "New York, autumn",
    changeMs: Date.UTC(2025, 10, 2, 6),
    before: -240,
    after: -300,
    disputed: /T0[01]:/,
  },
  { place: "Sydney, autumn", changeMs: Date.UTC(2025, 3, 5, 16), before: 660, after: 600 },
  { place: "St John's, spring", changeMs: Date.UTC(2025, 2, 9, 5, 30), before: -210, after: -150 },
  { place: "no change, Helsinki", changeMs: Number.POSITIVE_INFINITY, before: 180, after: 180 },
];

/** Writes a night as a watch with Polar's keys would: later entries of one wall-clock time overwrite earlier ones. */
function written(change: Change, startMs: number, endMs: number, everyMs: number) {
  const offsetAt = (instant: number) => (instant < change.changeMs ? change.before : change.after);
  const wall = (instant: number) => formatTimestamp(instant + offsetAt(instant) * 60_000, offsetAt(instant));
  const meant = new Map<string, number[]>();
  for (let instant = startMs; instant <= endMs; instant += everyMs) {
    const key = wall(instant).slice(11, 16);
    meant.set(key, [...(meant.get(key) ?? []), instant]);
  }
  const series = Object.fromEntries([...meant.keys()].map((key, index) => [key, index + 1]));
  const body = {
    date: wall(endMs).slice(0, 10),
    sleep_start_time: wall(startMs),
    sleep_end_time: wall(endMs),
    heart_rate_samples: series,
  };
  return { body, meant: [...meant.values()] };
}

describe("every night sample", () => {
  it.each(changes)("lies at its instant, in order and inside the night: $place", (change) => {
    const middleMs = Number.isFinite(change.changeMs) ? change.changeMs : Date.UTC(2025, 5, 1, 23);
    const minutes = (min: number, max: number) => fc.integer({ min, max }).map((value) => value * 60_000);
    fc.assert(
      fc.property(minutes(61, 360), minutes(61, 360), minutes(1, 20), (beforeMs, afterMs, everyMs) => {
        const startMs = middleMs - beforeMs;
        const { body, meant } = written(change, startMs, middleMs + afterMs, everyMs);
        const samples = makeNight(body).heart_rate_data?.detailed?.hr_samples ?? [];
        expect(samples).toHaveLength(meant.length);
        const instants = at(samples).map((timestamp, index) => {
          const { instantEpochMs } = parseTimestamp(timestamp);
          if (instantEpochMs === null) expect(timestamp).toMatch(change.disputed ?? /^never/);
          return instantEpochMs ?? meant[index]?.[0] ?? Number.NaN;
        });
        for (const [index, instant] of instants.entries()) {
          expect(meant.some((possible) => possible.includes(instant))).toBe(true);
          expect(instant).toBeGreaterThanOrEqual(instants[index - 1] ?? startMs);
          expect(instant).toBeLessThanOrEqual(middleMs + afterMs);
        }
        // A wall-clock time that occurred once leaves no choice.
        const single = meant.flatMap((possible, index) =>
          possible.length === 1 ? [[possible[0], index + 1]] : [],
        );
        for (const [instant, bpm] of single) {
          expect(samples[instants.indexOf(instant ?? Number.NaN)]?.bpm).toBe(bpm);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("lies in the night whatever the offset and wherever midnight is", () => {
    const quarterHours = fc.integer({ min: -48, max: 56 });
    const starts = fc.integer({ min: 0, max: 1439 }).map((minute) => Date.UTC(2025, 5, 1) + minute * 60_000);
    fc.assert(
      fc.property(quarterHours, starts, fc.integer({ min: 10, max: 900 }), (quarters, startMs, length) => {
        const change = {
          place: "",
          changeMs: Number.POSITIVE_INFINITY,
          before: quarters * 15,
          after: quarters * 15,
        };
        const { body, meant } = written(change, startMs, startMs + length * 60_000, 300_000);
        const samples = makeNight(body).heart_rate_data?.detailed?.hr_samples ?? [];
        expect(at(samples).map((timestamp) => parseTimestamp(timestamp).instantEpochMs)).toEqual(
          meant.flat(),
        );
      }),
    );
  });
});
