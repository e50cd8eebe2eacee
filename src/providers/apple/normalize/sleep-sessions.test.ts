import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample, Source } from "../healthkit/sample.ts";
import { asleepMs, type SleepSession, SleepValue, sleepSessions } from "./sleep-sessions.ts";

const watch: Source = { name: "Apple Watch", bundleId: null, model: "Watch6,1" };
const phone: Source = { name: "iPhone", bundleId: null, model: "iPhone15,2" };
const app: Source = { name: "Pillow", bundleId: "com.example.pillow", model: null };
const minuteMs = 60_000;
const midnightMs = Date.parse("2026-01-10T00:00:00Z");

/** A row from one minute of the day to another; minutes before midnight are negative. */
const row = (source: Source, value: number, from: number, to: number): Sample => ({
  uuid: null,
  type: "HKCategoryTypeIdentifierSleepAnalysis",
  startMs: midnightMs + from * minuteMs,
  endMs: midnightMs + to * minuteMs,
  value,
  zone: null,
  offsetMinutes: null,
  source,
  isUserEntered: false,
  isAggregate: false,
  metadata: {},
});

const { InBed, Asleep, Awake, Core, Deep, Rem } = SleepValue;
const minutes = ({ startMs, endMs }: { startMs: number; endMs: number }) => [
  (startMs - midnightMs) / minuteMs,
  (endMs - midnightMs) / minuteMs,
];
const stagesOf = ({ stages }: SleepSession) => stages.map((stage) => [stage.stage, ...minutes(stage)]);

describe("a night", () => {
  it("is made of the Watch's stages, with the phone's time in bed", () => {
    const [night, ...more] = sleepSessions([
      row(phone, InBed, -60, 480),
      row(watch, Core, -40, 60),
      row(watch, Deep, 60, 120),
      row(watch, Awake, 120, 130),
      row(watch, Rem, 130, 470),
      row(app, Asleep, -50, 475),
    ]);
    expect(more).toEqual([]);
    expect(night && stagesOf(night)).toEqual([
      [Core, -40, 60],
      [Deep, 60, 120],
      [Awake, 120, 130],
      [Rem, 130, 470],
    ]);
    expect(night?.inBed.map(minutes)).toEqual([[-60, 480]]);
    expect(night?.others).toEqual([app]);
    expect(night && asleepMs(night) / minuteMs).toBe(100 + 60 + 340);
  });

  it("has the finer stage where rows overlap", () => {
    const [night] = sleepSessions([
      row(watch, Asleep, 0, 100),
      row(watch, Deep, 20, 40),
      row(watch, Awake, 30, 50),
    ]);
    expect(night && stagesOf(night)).toEqual([
      [Asleep, 0, 20],
      [Deep, 20, 40],
      [Awake, 40, 50],
      [Asleep, 50, 100],
    ]);
  });

  it("ends where nothing is told for more than two hours, so that a nap is apart", () => {
    const sessions = sleepSessions([
      row(watch, Core, 0, 60),
      row(watch, Core, 180, 300),
      row(watch, Core, 421, 440),
    ]);
    expect(sessions.map(minutes)).toEqual([
      [0, 300],
      [421, 440],
    ]);
  });

  it("is none where the person lay awake", () => {
    expect(sleepSessions([row(watch, Awake, 0, 60), row(phone, InBed, 0, 100)])).toEqual([]);
  });

  const rows = fc.array(
    fc
      .tuple(fc.constantFrom(watch, phone, app), fc.nat(5), fc.nat(1_400), fc.nat(200))
      .map(([source, value, from, length]) => row(source, value, from, from + length)),
    { maxLength: 30 },
  );

  it("overlaps no other, and no stage another; the stages lie within it", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const sessions = sleepSessions(all);
        for (const [index, session] of sessions.entries()) {
          const next = sessions[index + 1];
          if (next) expect(session.endMs).toBeLessThanOrEqual(next.startMs);
          // A session of time in bed alone has no stages.
          expect(session.stages[0]?.startMs ?? session.startMs).toBe(session.startMs);
          expect(session.stages.at(-1)?.endMs ?? session.endMs).toBe(session.endMs);
          for (const [at, stage] of session.stages.entries()) {
            expect(stage.endMs).toBeGreaterThan(stage.startMs);
            expect(session.stages[at + 1]?.startMs ?? stage.endMs).toBeGreaterThanOrEqual(stage.endMs);
          }
        }
      }),
    );
  });

  const other: Source = { name: "AutoSleep", bundleId: "com.example.autosleep", model: null };

  it("is the same in whatever order its rows came, those of one time included", () => {
    const crowded = fc.array(
      fc
        .tuple(
          fc.constantFrom(app, other),
          fc.constantFrom(InBed, Asleep, Awake, Deep),
          fc.nat(2),
          fc.integer({ min: 1, max: 2 }),
        )
        .map(([source, value, from, length]) => row(source, value, from * 200, (from + length) * 200)),
      { maxLength: 8 },
    );
    const shuffled = fc
      .oneof(rows, crowded)
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([one, another]) => {
        expect(sleepSessions(another)).toEqual(sleepSessions(one));
      }),
      { numRuns: 300 },
    );
  });

  it("of 40,000 rows that overlap is read in one pass", () => {
    const rows = Array.from({ length: 40_000 }, (_, index) =>
      row(watch, Core, index / 1_000, 300 + index / 1_000),
    );
    const [night] = sleepSessions(rows);
    expect(night && stagesOf(night)).toEqual([[Core, 0, 339.999]]);
  });
});
