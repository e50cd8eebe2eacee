/**
 * Proves that every timestamp of a normaliser parses back to the instant that Polar meant or, where Polar gave no
 * offset, to the wall clock it wrote. The expected values come from the true time from which each body is written.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp, timestampSchema } from "../../models/index.ts";
import { make, makeNight, makeOf, partsOf } from "./testing/bodies.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** −12:00 to +14:00, by quarter hours. */
const offsets = fc.integer({ min: -48, max: 56 }).map((quarters) => quarters * 15);
const edges = [
  Date.UTC(2016, 1, 29, 23, 59, 58),
  Date.UTC(2024, 1, 28, 23, 30),
  Date.UTC(2024, 1, 29),
  Date.UTC(2025, 11, 31, 23, 59, 59),
  // Clock changes in Europe, in America, and on Lord Howe (by half an hour).
  Date.UTC(2025, 2, 30, 1),
  Date.UTC(2025, 9, 26, 1),
  Date.UTC(2025, 10, 2, 6),
  Date.UTC(2025, 3, 5, 15),
];
const nearEdges = fc
  .tuple(fc.constantFrom(...edges), fc.integer({ min: -36 * 60, max: 36 * 60 }))
  .map(([edge, minutes]) => edge + minutes * minuteMs);
const instants = fc.oneof(
  nearEdges,
  fc.integer({ min: Date.UTC(2015, 0) / 1_000, max: Date.UTC(2035, 0) / 1_000 }).map((s) => s * 1_000),
);

/** The time that a wall clock shows, without its offset. */
const wall = (instantMs: number, offset: number): string =>
  new Date(instantMs + offset * minuteMs).toISOString().slice(0, -1);

function suffix(offset: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const distance = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

/** All timestamps in a record, with their paths. */
function timestampsIn(value: unknown, at = ""): [path: string, text: string][] {
  if (typeof value === "string") return timestampSchema.safeParse(value).success ? [[at, value]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => timestampsIn(item, `${at}.${key}`));
}

const instantsIn = (value: unknown): (number | null)[] =>
  timestampsIn(value).map(([, text]) => parseTimestamp(text).instantEpochMs);

interface TrueNight {
  readonly startMs: number;
  readonly endMs: number;
  /** The offset in minutes at its start and at its end. */
  readonly before: number;
  readonly after: number;
}

const onTheWall = ({ startMs, endMs, before, after }: TrueNight): number =>
  endMs + after * minuteMs - (startMs + before * minuteMs);

/** If the clock goes back by longer than the person slept, the night has no length on the wall clock. */
const nights: fc.Arbitrary<TrueNight> = fc
  .tuple(instants, fc.integer({ min: 30, max: 15 * 60 }), offsets, fc.option(offsets))
  .map(([startMs, minutes, before, travelled]) => ({
    startMs,
    endMs: startMs + minutes * minuteMs,
    before,
    after: travelled ?? before,
  }))
  .filter((night) => onTheWall(night) > 0 && onTheWall(night) < 20 * 3_600_000);

/** Writes the night as Polar does: a key every five minutes, in minutes. The clock changes in the middle. */
function writtenNight({ startMs, endMs, before, after }: TrueNight): object {
  const middleMs = (startMs + endMs) / 2;
  const series: Record<string, number> = {};
  for (let at = startMs; at < endMs; at += 5 * minuteMs) {
    series[wall(at, at < middleMs ? before : after).slice(11, 16)] = 50;
  }
  return {
    date: wall(endMs, after).slice(0, 10),
    sleep_start_time: wall(startMs, before) + suffix(before),
    sleep_end_time: wall(endMs, after) + suffix(after),
    heart_rate_samples: series,
    hypnogram: series,
  };
}

describe("time", () => {
  it("of a workout: start, end, samples of every series, route and upload", () => {
    fc.assert(
      fc.property(instants, offsets, fc.integer({ min: 1, max: 40 }), (startMs, offset, count) => {
        const data = Array.from({ length: count }, (_, index) => index + 60).join(",");
        const route = Array.from({ length: count }, (_, index) => ({
          latitude: 1,
          longitude: 2,
          time: `PT${index}.500S`,
        }));
        const made = makeOf("activity", "exercise", {
          id: "proof",
          upload_time: `${wall(startMs + dayMs, 0)}Z`,
          start_time: wall(startMs, offset),
          start_time_utc_offset: offset,
          duration: `PT${count}S`,
          samples: [0, 1, 2, 3, 4, 10].map((sample_type) => ({ recording_rate: 1, sample_type, data })),
          route,
        });
        const meant = new Set([startMs + dayMs, startMs + count * 1_000]);
        for (let index = 0; index < count; index++) {
          meant.add(startMs + index * 1_000);
          meant.add(startMs + index * 1_000 + 500);
        }
        expect(new Set(instantsIn(made))).toEqual(meant);
      }),
    );
  });

  it("of a night: start and end where they were, every sample inside, whatever changed meanwhile", () => {
    fc.assert(
      fc.property(nights, (night) => {
        const made = makeNight(writtenNight(night));
        expect(parseTimestamp(made.metadata.start_time).instantEpochMs).toBe(night.startMs);
        expect(parseTimestamp(made.metadata.end_time).instantEpochMs).toBe(night.endMs);
        const samples = made.heart_rate_data?.detailed?.hr_samples ?? [];
        const times = samples.map(({ timestamp }) => parseTimestamp(timestamp ?? ""));
        if (night.before === night.after) {
          expect(times.every(({ offsetMinutes }) => offsetMinutes === night.before)).toBe(true);
        }
        for (const { instantEpochMs } of times) {
          expect(instantEpochMs ?? night.startMs).toBeGreaterThanOrEqual(night.startMs - minuteMs);
          expect(instantEpochMs ?? night.endMs).toBeLessThanOrEqual(night.endMs + minuteMs);
        }
      }),
    );
  });

  it("of a day: the wall clock as Polar wrote it, and nowhere an offset", () => {
    const clock = fc.integer({ min: 0, max: dayMs / 1_000 - 1 }).map((s) => s * 1_000);
    fc.assert(
      fc.property(instants, fc.uniqueArray(clock, { minLength: 1, maxLength: 30 }), (somewhenMs, clocks) => {
        const midnightMs = Math.floor(somewhenMs / dayMs) * dayMs;
        const date = wall(midnightMs, 0).slice(0, 10);
        const sorted = clocks.toSorted((a, b) => a - b);
        const parts = [
          ...partsOf("continuous-heart-rate", date, {
            date,
            heart_rate_samples: sorted.map((ms) => ({
              heart_rate: 60,
              sample_time: wall(ms, 0).slice(11, 19),
            })),
          }),
          ...partsOf("activity", date, {
            start_time: `${date}T00:00`,
            end_time: `${date}T23:59:59`,
            samples: {
              date,
              activity_zones: {
                samples: sorted.map((ms) => ({
                  zone: "LIGHT",
                  timestamp: wall(midnightMs + ms, 0).slice(0, 19),
                })),
              },
            },
          }),
        ];
        const found = timestampsIn(make("daily", parts)).map(([, text]) => parseTimestamp(text));
        expect(new Set(found.map(({ offsetMinutes }) => offsetMinutes))).toEqual(new Set([null]));
        const meant = [midnightMs, midnightMs + dayMs, ...sorted.map((ms) => midnightMs + ms)];
        expect(new Set(found.map(({ localEpochMs }) => localEpochMs))).toEqual(new Set(meant));
      }),
    );
  });

  it("of physical info: the instant in UTC at which it was changed, on that day", () => {
    fc.assert(
      fc.property(instants, (changedMs) => {
        const modified = `${wall(changedMs, 0).slice(0, 19)}Z`;
        const parts = partsOf("physical-info", "current", { modified, weight: 70.5 });
        const made = make(
          "body",
          parts.filter(({ key }) => key !== "current"),
        );
        const midnightMs = Math.floor(changedMs / dayMs) * dayMs;
        const wholeMs = Math.floor(changedMs / 1_000) * 1_000;
        expect(new Set(instantsIn(made))).toEqual(new Set([midnightMs, midnightMs + dayMs, wholeMs]));
      }),
    );
  });
});
