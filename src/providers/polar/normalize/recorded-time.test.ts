import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixture, make, partsOf } from "../testing/bodies.ts";
import { filePartsOf, fitFile, fitMessage, fitTime, tcxFile, tcxLap } from "../testing/files.ts";

const id = "Ab3kQ9zX";
const startMs = Date.parse("2025-05-11T03:59:58Z");
const utc = (seconds: number) => new Date(startMs + seconds * 1000).toISOString();
/** Local time at +180. */
const local = (seconds: number) =>
  new Date(startMs + seconds * 1000 + 180 * 60_000).toISOString().replace("Z", "000+03:00");

const series = (count: number, sample_type = 0, recording_rate = 1) => ({
  recording_rate,
  sample_type,
  data: Array.from({ length: count }, (_, n) => 100 + (n % 50)).join(),
});
const exercise = (seconds: number, ...samples: object[]) => ({
  ...(fixture("exercise-run") as object),
  route: [],
  duration: `PT${seconds}S`,
  samples,
});

/** Stretches of recording: the first second of each and how many there are. */
type Stretch = readonly [from: number, seconds: number];
const tcxOf = (...stretches: readonly Stretch[]) => {
  const tracks = stretches.map(([from, seconds]) => Array.from({ length: seconds }, (_, n) => utc(from + n)));
  return tcxFile(tcxLap(utc(stretches[0]?.[0] ?? 0), "<TotalTimeSeconds>1</TotalTimeSeconds>", ...tracks));
};
const fitOf = (...stretches: readonly Stretch[]) => {
  const event = (seconds: number, type: number) =>
    [fitMessage.event, [253, "uint32", fitTime(utc(seconds))], [0, "enum", 0], [1, "enum", type]] as const;
  return fitFile(stretches.flatMap(([from, seconds]) => [event(from, 0), event(from + seconds, 4)]));
};

function made(body: object, files: { fit?: Buffer; tcx?: string }) {
  const found = Object.entries(files).flatMap(([format, bytes]) =>
    filePartsOf(format as "fit" | "tcx", id, bytes),
  );
  const activity = make("activity", [...partsOf("exercise", id, body), ...found]);
  const { provider_data } = activity as { provider_data?: { polar?: { sample_clock?: unknown } } };
  return {
    beats: activity.heart_rate_data?.detailed?.hr_samples?.map(({ timestamp }) => timestamp) ?? [],
    timer:
      activity.heart_rate_data?.detailed?.hr_samples?.map((sample) => sample.timer_duration_seconds) ?? [],
    points: activity.position_data?.position_samples?.map(({ timestamp }) => timestamp) ?? [],
    end: activity.metadata.end_time,
    active: activity.active_durations_data?.activity_seconds,
    clock: provider_data?.polar?.sample_clock,
  };
}

describe("samples of an exercise with a pause", () => {
  const paused = [
    [0, 60],
    [660, 60],
  ] as const;

  it.each([
    ["exercise-tcx", { tcx: tcxOf(...paused) }],
    ["exercise-fit", { fit: fitOf(...paused) }],
  ])("follow the clock of the %s where they are as many as seconds were recorded", (file, files) => {
    const { beats, timer, end, active, clock } = made(exercise(120, series(120)), files);
    expect([beats[0], beats[59], beats[60], beats[119]]).toEqual([
      local(0),
      local(59),
      local(660),
      local(719),
    ]);
    expect(timer[119]).toBe(119);
    expect(end).toBe(local(720));
    expect(active).toBe(120);
    expect(clock).toEqual({ basis: "recorded", file, paused_seconds: 600 });
  });

  it("stay where the series includes the pause", () => {
    const { beats, end, clock } = made(exercise(720, series(720)), { tcx: tcxOf(...paused) });
    expect([beats[60], beats[719], end]).toEqual([local(60), local(719), local(720)]);
    expect(clock).toEqual({ basis: "elapsed", file: "exercise-tcx", paused_seconds: 600 });
  });

  it("stay where their number matches neither time, which is reported", () => {
    const { beats, end, clock } = made(exercise(400, series(400)), { tcx: tcxOf(...paused) });
    expect([beats[60], end]).toEqual([local(60), local(400)]);
    expect(clock).toEqual({ basis: "unclear", file: "exercise-tcx", paused_seconds: 600 });
  });

  it("stay where there is no series, and nothing is reported", () => {
    const { end, clock } = made(exercise(120), { tcx: tcxOf(...paused) });
    expect([end, clock]).toEqual([local(120), undefined]);
  });

  it("report nothing for files without a pause", () => {
    expect(
      made(exercise(120, series(120)), { tcx: tcxOf([0, 120]), fit: fitOf([0, 120]) }).clock,
    ).toBeUndefined();
  });

  it("end with the exercise where its duration includes the pause", () => {
    const { beats, end } = made(exercise(720, series(120)), { tcx: tcxOf(...paused) });
    expect([beats[119], end]).toEqual([local(719), local(720)]);
  });

  it("follow the file whose seconds match", () => {
    const files = { fit: fitOf([0, 30], [90, 30]), tcx: tcxOf(...paused) };
    expect(made(exercise(120, series(120)), files).clock).toMatchObject({
      basis: "recorded",
      file: "exercise-tcx",
    });
  });

  it("follow a file whose zone is wrong as well", () => {
    const moved = ([from, seconds]: Stretch): Stretch => [from + 3600, seconds];
    const { beats } = made(exercise(120, series(120)), { tcx: tcxOf(...paused.map(moved)) });
    expect(beats[60]).toBe(local(660));
  });

  it("stay beside a file of another day", () => {
    const moved = ([from, seconds]: Stretch): Stretch => [from + 5 * 86_400, seconds];
    const { beats, clock } = made(exercise(120, series(120)), { tcx: tcxOf(...paused.map(moved)) });
    expect([beats[60], clock]).toEqual([local(60), undefined]);
  });

  it("with points of a route that count recorded time too, and of one that does not", () => {
    const route = (lastSecond: number) => [
      { latitude: 60, longitude: 25, time: "PT0S", satellites: 5, fix: 1 },
      { latitude: 60, longitude: 25, time: "PT60S", satellites: 5, fix: 1 },
      { latitude: 60, longitude: 25, time: `PT${lastSecond}S`, satellites: 5, fix: 1 },
    ];
    const of = (lastSecond: number) =>
      made({ ...exercise(120, series(120)), route: route(lastSecond) }, { tcx: tcxOf(...paused) }).points;
    expect(of(119)).toEqual([local(0), local(660), local(719)]);
    expect(of(719)).toEqual([local(0), local(60), local(719)]);
  });
});

describe("random pauses", () => {
  const stretches = fc
    .array(fc.tuple(fc.integer({ min: 60, max: 300 }), fc.integer({ min: 60, max: 900 })), {
      minLength: 2,
      maxLength: 5,
    })
    .map((lengths) => {
      let at = 0;
      return lengths.map(([recorded, paused]): Stretch => {
        const from = at;
        at += recorded + paused;
        return [from, recorded];
      });
    });
  const seconds = (given: readonly Stretch[]) =>
    given.flatMap(([from, count]) => Array.from({ length: count }, (_, n) => from + n));
  const files = {
    fit: (given: readonly Stretch[]) => ({ fit: fitOf(...given) }),
    tcx: (given: readonly Stretch[]) => ({ tcx: tcxOf(...given) }),
  };

  it.each(["fit", "tcx"] as const)("move every sample to its second, or none: %s", (format) => {
    fc.assert(
      fc.property(stretches, (given) => {
        const recorded = seconds(given);
        const last = (recorded.at(-1) ?? 0) + 1;
        const skipping = made(exercise(recorded.length, series(recorded.length)), files[format](given));
        expect(skipping.beats).toEqual(recorded.map(local));
        expect(skipping.end).toBe(local(last));
        const through = made(exercise(last, series(last)), files[format](given));
        expect(through.beats).toEqual(Array.from({ length: last }, (_, second) => local(second)));
        expect(through.end).toBe(local(last));
      }),
      { numRuns: 15 },
    );
  });
});
