import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, make, partsOf } from "../testing/bodies.ts";
import {
  type FitField,
  filePartsOf,
  fitFile,
  fitMessage,
  fitTime,
  tcxFile,
  tcxLap,
} from "../testing/files.ts";

const id = "Ab3kQ9zX";
/** A run of 2025-05-11T03:59:58Z to 04:29:58Z, at +180. */
const body = { ...(fixture("exercise-run") as object), samples: [], duration: "PT1800S" };
const startMs = Date.parse("2025-05-11T03:59:58Z");
const utc = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
const local = (seconds: number) =>
  new Date(startMs + seconds * 1000 + 180 * 60_000).toISOString().replace("Z", "000+03:00");

const activityOf = (format: "fit" | "tcx", bytes: Buffer | string, exercise: object = body) =>
  make("activity", [...partsOf("exercise", id, exercise), ...filePartsOf(format, id, bytes)]);
const startsOf = (made: ReturnType<typeof activityOf>) =>
  made.lap_data?.laps?.map(({ start_time }) => start_time);
const timesOf = (made: ReturnType<typeof activityOf>) =>
  made.lap_data?.laps?.map(({ start_time, end_time }) => [start_time, end_time]);
const note = (made: ReturnType<typeof activityOf>) =>
  (made as { provider_data?: { polar?: { laps?: unknown } } }).provider_data?.polar?.laps;

const fitLap = (start: number, timestamp: number, ...more: FitField[]) =>
  [fitMessage.lap, [2, "uint32", start], [253, "uint32", timestamp], ...more] as const;
const at = (seconds: number) => fitTime(utc(seconds));
const elapsed = (seconds: number): FitField => [7, "uint32", seconds * 1000];
const total = (seconds: number) => `<TotalTimeSeconds>${seconds}</TotalTimeSeconds>`;
const tcxLaps = (from: (seconds: number) => string) =>
  tcxFile(tcxLap(from(0), total(600)) + tcxLap(from(600), total(600)) + tcxLap(from(1200), total(600)));

describe("laps outside their exercise", () => {
  it("are moved to it by a difference of zones, which is reported", () => {
    const nepal = tcxLaps((seconds) => utc(seconds + 5.75 * 3600));
    expect(startsOf(activityOf("tcx", nepal))).toEqual([local(0), local(600), local(1200)]);
    expect(note(activityOf("tcx", nepal))).toEqual({ "exercise-tcx": { moved_minutes: -345 } });
    const localWithoutZ = tcxLaps((seconds) => local(seconds).slice(0, 19));
    expect(startsOf(activityOf("tcx", localWithoutZ))).toEqual([local(0), local(600), local(1200)]);
    const late = fitFile([fitLap(at(-3600), at(-3000)), fitLap(at(-3000), at(-1800))]);
    expect(startsOf(activityOf("fit", late))).toEqual([local(0), local(600)]);
  });

  it("are found for any zone error, and unchanged without one", () => {
    const rightLaps = timesOf(activityOf("tcx", tcxLaps(utc)));
    expect(note(activityOf("tcx", tcxLaps(utc)))).toBeUndefined();
    const quarters = fc.integer({ min: -26 * 4, max: 26 * 4 }).filter((quarter) => quarter !== 0);
    fc.assert(
      fc.property(quarters, (quarter) => {
        const made = activityOf(
          "tcx",
          tcxLaps((seconds) => utc(seconds + quarter * 900)),
        );
        expect(timesOf(made)).toEqual(rightLaps);
        expect(note(made)).toEqual({ "exercise-tcx": { moved_minutes: -quarter * 15 } });
      }),
    );
  });

  it.each([
    ["of another day", 3 * 86_400],
    ["of another year", -400 * 86_400],
    ["off by what no zone is", 7 * 60],
  ])("are none of its: %s", (_what, seconds) => {
    const made = activityOf(
      "fit",
      fitFile([fitLap(at(seconds), at(seconds + 600)), fitLap(at(seconds + 600), at(seconds + 1500))]),
    );
    expect(made.lap_data?.laps).toEqual([]);
    expect(note(made)).toEqual({ "exercise-fit": { moved_minutes: null } });
  });

  it("do not belong to it if they last longer than it, without a pause", () => {
    const twice = fitFile([
      fitLap(at(0), at(1800), elapsed(1800)),
      fitLap(at(1800), at(3600), elapsed(1800)),
    ]);
    expect(activityOf("fit", twice).lap_data?.laps).toEqual([]);
  });

  it("of the TCX replace those of a FIT file of another day", () => {
    const other = fitFile([
      fitLap(at(86_400 * 9), at(86_400 * 9 + 600)),
      fitLap(at(86_400 * 9 + 600), at(86_400 * 9 + 900)),
    ]);
    const made = make("activity", [
      ...partsOf("exercise", id, body),
      ...filePartsOf("fit", id, other),
      ...filePartsOf("tcx", id, tcxLaps(utc)),
    ]);
    expect(startsOf(made)).toEqual([local(0), local(600), local(1200)]);
  });

  it("give the hour of an exercise without an offset", () => {
    const { start_time_utc_offset: _offset, ...unzoned } = body as { start_time_utc_offset?: number };
    expect(startsOf(activityOf("tcx", tcxLaps(utc), unzoned))?.[1]).toBe("2025-05-11T07:09:58.000000");
  });
});

describe("impossible lap times of FIT", () => {
  const second = fitLap(at(600), at(1500), elapsed(900));
  it.each([
    ["a start of 0", fitLap(0, at(600), elapsed(600))],
    ["a start since the watch was switched on", fitLap(0x0fffffff, at(600), elapsed(600))],
    ["an invalid start", fitLap(0xffffffff, at(600), elapsed(600))],
    ["a start after its end", fitLap(at(700), at(600), elapsed(600))],
    ["an invalid end", fitLap(at(0), 0xffffffff, elapsed(600))],
    ["only the timer's time", fitLap(0, at(600), [8, "uint32", 600_000])],
  ])("%s: the elapsed time before the timestamp", (_what, lap) => {
    expect(timesOf(activityOf("fit", fitFile([lap, second])))).toEqual([
      [local(0), local(600)],
      [local(600), local(1500)],
    ]);
  });

  it("begin where the previous lap ended if there is no elapsed time", () => {
    const laps = [fitLap(at(0), at(600)), fitLap(0, at(1500))];
    expect(startsOf(activityOf("fit", fitFile(laps)))).toEqual([local(0), local(600)]);
  });
});

describe("laps of a TCX with pauses inside of laps", () => {
  it("begin where the previous one ended", () => {
    const file = tcxFile(
      tcxLap(utc(0), total(300), [utc(1), utc(300)]) +
        tcxLap(utc(300), total(300), [utc(301), utc(500)], [utc(1100), utc(1200)]) +
        tcxLap(utc(600), total(300), [utc(1201), utc(1500)]) +
        tcxLap(utc(900), total(300)),
    );
    const made = activityOf("tcx", file, { ...body, duration: "PT1200S" });
    expect(timesOf(made)).toEqual([
      [local(0), local(300)],
      [local(300), local(1200)],
      [local(1200), local(1500)],
      [local(1500), local(1800)],
    ]);
    expect(made.lap_data?.laps?.map((lap) => lap.active_duration_seconds)).toEqual([300, 300, 300, 300]);
  });

  it("that overlap by rounding end where the next one begins", () => {
    const file = tcxFile(tcxLap(utc(0), total(600.4)) + tcxLap(utc(600), total(600)));
    expect(timesOf(activityOf("tcx", file))?.[0]).toEqual([local(0), local(600)]);
  });

  it("without a start begin where their points or neighbours show", () => {
    const unplaced = (fields: string) => `<Lap>${fields}</Lap>`;
    const points = `<Track><Trackpoint><Time>${utc(600)}</Time></Trackpoint></Track>`;
    const file = tcxFile(
      unplaced(total(300)) +
        tcxLap(utc(300), total(300)) +
        unplaced(total(300) + points) +
        unplaced(total(60)),
    );
    expect(startsOf(activityOf("tcx", file))).toEqual([local(0), local(300), local(600), local(900)]);
  });
});

describe("the order of laps in a file", () => {
  const many = Array.from({ length: 8 }, (_, index) => index);
  const shuffled = fc.shuffledSubarray(many, { minLength: many.length, maxLength: many.length });
  const fitOf = (order: readonly number[]) =>
    fitFile(
      order.map((n) =>
        fitLap(n % 2 ? at(n * 200) : 0, at(n * 200 + 200), elapsed(200), [15, "uint8", 100 + n]),
      ),
    );
  const tcxOf = (order: readonly number[]) =>
    tcxFile(
      order
        .map((n) =>
          tcxLap(utc(n * 150), total(150) + (n === 0 ? "<Calories>90</Calories>" : ""), [
            utc(n * 200 + 199),
            utc(n * 200),
          ]),
        )
        .join(""),
    );

  it("means nothing", () => {
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(activityOf("fit", fitOf(order)).lap_data).toEqual(activityOf("fit", fitOf(many)).lap_data);
        expect(activityOf("tcx", tcxOf(order)).lap_data).toEqual(activityOf("tcx", tcxOf(many)).lap_data);
      }),
      { numRuns: 30 },
    );
    expect(activityOf("tcx", tcxOf(many)).lap_data?.laps?.map(({ calories }) => calories)).toEqual(
      many.map(() => null),
    );
  });
});

describe("lap speeds", () => {
  const speed = (value: number, metres: number | null, seconds = 300) =>
    total(seconds) +
    (metres === null ? "" : `<DistanceMeters>${metres}</DistanceMeters>`) +
    `<Extensions><LX><AvgSpeed>${value}</AvgSpeed></LX></Extensions>`;
  const speedsOf = (...laps: string[]) => {
    const made = activityOf("tcx", tcxFile(laps.map((fields, n) => tcxLap(utc(n * 300), fields)).join("")));
    const found = made.lap_data?.laps?.map((lap) => lap.avg_speed_meters_per_second ?? null);
    return { found, note: note(made) };
  };

  it("in km/h become m/s, also of laps without a distance, which is reported", () => {
    const { found, note: said } = speedsOf(speed(12, 1000), speed(9, 750), speed(10.8, null));
    expect(found).toEqual([12 / 3.6, 2.5, 3]);
    expect(said).toEqual({ "exercise-tcx": { speed_unit: "km/h" } });
  });

  it("of a real watch: 8.95 for 1,000 m in 402 s", () => {
    expect(speedsOf(speed(8.95, 1000, 402), speed(8.9, 1000, 402)).found?.[0]).toBeCloseTo(2.486, 3);
  });

  it("in m/s stay, also those over moving time; an impossible one becomes distance over time", () => {
    expect(speedsOf(speed(3.31, 1000), speed(4, 1000), speed(6.7, 750))).toEqual({
      found: [3.31, 4, 2.5],
      note: undefined,
    });
    expect(speedsOf(speed(3, null), speed(3, 0)).found).toEqual([3, 3]);
  });
});
