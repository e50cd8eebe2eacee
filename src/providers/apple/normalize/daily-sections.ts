/** The sections of a day's record. */
import type { Daily, Tag } from "../../../models/index.ts";
import type { JournalEntry } from "../healthkit/readings.ts";
import type { Share } from "../healthkit/share.ts";
import { type Day, wholeSum } from "./daily-day.ts";
import type { DayItems } from "./day-items.ts";
import { withoutNoise } from "./decimal-shift.ts";
import { timeWriter } from "./local-clock.ts";
import { cumulative, seriesOf } from "./series.ts";
import { sumOfShares } from "./share-sums.ts";
import { physicalEffort, symptoms } from "./type-homes.ts";

export function calories({ day, sums }: Day, activeKcal: number | null): Daily["calories_data"] {
  const basal = sumOfShares(sums.basalEnergy);
  return {
    total_burned_calories: activeKcal === null || basal === null ? null : withoutNoise(activeKcal + basal),
    BMR_calories: basal,
    net_activity_calories: activeKcal,
    calorie_samples: sums.activeEnergy.map(calorieSample(day)),
  };
}

function calorieSample({ clockOf }: DayItems) {
  const write = timeWriter();
  return ({ sample, value, pieces }: Share) => ({
    timestamp: write(clockOf(sample), pieces[0]?.startMs ?? sample.startMs),
    timer_duration_seconds: null,
    calories: value,
  });
}

export function distance({ day: { clockOf }, sums }: Day): Daily["distance_data"] {
  const timer_duration_seconds = null;
  return {
    distance_meters: sumOfShares(sums.distance),
    steps: wholeSum(sums.steps),
    floors_climbed: wholeSum(sums.floors),
    swimming: { num_strokes: wholeSum(sums.strokes) },
    detailed: {
      distance_samples: cumulative(sums.distance, clockOf, (timestamp, distance_meters) => ({
        timestamp,
        timer_duration_seconds,
        distance_meters,
      })),
      floors_climbed_samples: cumulative(sums.floors, clockOf, (timestamp, floors_climbed) => ({
        timestamp,
        timer_duration_seconds,
        floors_climbed,
      })),
      step_samples: cumulative(sums.steps, clockOf, (timestamp, steps) => ({
        timestamp,
        timer_duration_seconds,
        steps,
      })),
    },
  };
}

/** HKCategoryValueSeverity; a symptom that the person notes as not present is none. */
const severities = ["", null, "mild", "moderate", "severe"] as const;

/** Returns the symptoms of HealthKit's own types, and those that a format names in words, in order of time. */
export function tagsOf({ day: { clockOf }, symptoms: samples, journal }: Day): Tag[] {
  const write = timeWriter();
  const noted = samples.flatMap((sample) => {
    const notes = severities[sample.value ?? 0] ?? null;
    const tag_name = symptoms.get(sample.type) ?? sample.type;
    return notes === null ? [] : [{ reading: sample, tag_name, notes }];
  });
  const written = journal.flatMap((entry) => {
    const { name, severity } = entry.fields;
    if (entry.kind !== "symptom" || typeof name !== "string") return [];
    return [{ reading: entry, tag_name: name, notes: typeof severity === "string" ? severity : "" }];
  });
  return [...noted, ...written]
    .toSorted((one, other) => one.reading.startMs - other.reading.startMs)
    .map(({ reading, ...tag }) => ({ timestamp: write(clockOf(reading), reading.startMs), ...tag }));
}

export const efforts = ({ day }: Day): Daily["MET_data"] => ({
  MET_samples: seriesOf(day.readings(physicalEffort), day.clockOf, (timestamp, level) => ({
    timestamp,
    level,
  })),
});

export function toldJournal({ day: { clockOf }, journal }: Day) {
  const write = timeWriter();
  return journal
    .filter(({ kind }) => kind !== "symptom")
    .map((entry: JournalEntry & { zone: null }) => ({
      kind: entry.kind,
      start_time: write(clockOf(entry), entry.startMs),
      end_time: write(clockOf(entry), entry.endMs),
      ...entry.fields,
    }));
}
