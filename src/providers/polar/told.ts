/** Values that the normalisers themselves add to `provider_data`. No body has them, so no ledger lists them. */
import type { Told } from "../provider-data.ts";

const correctedLaps = (file: string): readonly Told[] => [
  {
    path: `laps.${file}.moved_minutes`,
    kind: "number",
    what: "minutes by which the file's laps were moved into their exercise; null: that was impossible, and they were left out",
  },
  {
    path: `laps.${file}.speed_unit`,
    kind: "text",
    what: "km/h, where the file's speeds were in km/h and were converted",
  },
];

export const toldOfActivity: readonly Told[] = [
  {
    path: "end_time.basis",
    kind: "text",
    what: "recorded: the end was computed from the series, because there is no duration",
  },
  {
    path: "sample_clock.basis",
    kind: "text",
    what: "recorded: samples and end_time stand where the file's clock has them; elapsed: the series runs through the pauses; unclear: nothing was moved",
  },
  { path: "sample_clock.file", kind: "text", what: "the resource whose file shows the pauses" },
  { path: "sample_clock.paused_seconds", kind: "number", what: "s, all pauses together" },
  ...correctedLaps("exercise-fit"),
  ...correctedLaps("exercise-tcx"),
];

export const toldOfDaily: readonly Told[] = [
  {
    path: "utc_offset.minutes",
    kind: "number",
    what: "minutes, the offset in force on that day; null where it is disputed",
  },
  {
    path: "utc_offset.basis",
    kind: "text",
    what: "inferred: from the person's own nights and exercises; disputed: these disagree",
  },
  { path: "utc_offset.observed", kind: "json", what: "minutes, the offsets that disagree" },
];

export const toldOfAthlete: readonly Told[] = [
  { path: "limits.vo2max_ml_per_min_per_kg", kind: "number", what: "ml/min/kg, the VO₂max that holds now" },
  { path: "limits.max_hr_bpm", kind: "number", what: "bpm, the maximum heart rate that holds now" },
  { path: "limits.resting_hr_bpm", kind: "number", what: "bpm, the resting heart rate that holds now" },
];
