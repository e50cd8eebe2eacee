import { describe, expect, it } from "vitest";
import { ProviderError } from "../provider.ts";
import { fixture, make, partsOf } from "./testing/bodies.ts";
import { type FitField, filePartsOf, fitFile, fitMessage, fitTime } from "./testing/files.ts";

const id = "Ab3kQ9zX";
/** A run that starts 2025-05-11T06:59:58 at +180. */
const run = { ...(fixture("exercise-run") as object), samples: [], duration: "PT1800S" };
const lapsOf = (bytes: Buffer) =>
  make("activity", [...partsOf("exercise", id, run), ...filePartsOf("fit", id, bytes)]).lap_data?.laps ?? [];
const lap = (start: string, end: string, ...more: FitField[]) =>
  [
    fitMessage.lap,
    [2, "uint32", fitTime(start)],
    [253, "uint32", fitTime(end)],
    [7, "uint32", 600_000],
    ...more,
  ] as const;

const first = fitFile([lap("2025-05-11T03:59:58Z", "2025-05-11T04:09:58Z", [15, "uint8", 120])]);
const second = fitFile([lap("2025-05-11T04:09:58Z", "2025-05-11T04:19:58Z", [15, "uint8", 140])]);

describe("chained FIT files", () => {
  it("are one file with the messages of each, in any order", () => {
    const beats = (bytes: Buffer) => lapsOf(bytes).map(({ avg_hr_bpm }) => avg_hr_bpm);
    expect(beats(Buffer.concat([first, second]))).toEqual([120, 140]);
    expect(beats(Buffer.concat([second, first]))).toEqual([120, 140]);
  });

  it("are each checked: a truncated or changed one makes the file unreadable", () => {
    const cut = Buffer.concat([first, second.subarray(0, second.length - 4)]);
    const changed = Buffer.concat([first, second]);
    changed[changed.length - 10] = (changed[changed.length - 10] ?? 0) ^ 1;
    expect(() => lapsOf(cut)).toThrow(ProviderError);
    expect(() => lapsOf(changed)).toThrow(ProviderError);
  });

  it("end where the following bytes are no FIT file", () => {
    expect(lapsOf(Buffer.concat([first, second, Buffer.from("trailing bytes")]))).toHaveLength(2);
  });

  it("may have many more messages than a function has arguments", () => {
    const records = Array.from({ length: 150_000 }, () => [fitMessage.record, [3, "uint8", 100]] as const);
    expect(lapsOf(Buffer.concat([first, second, fitFile(records)]))).toHaveLength(2);
  });
});
