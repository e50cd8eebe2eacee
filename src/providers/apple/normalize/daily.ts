import { complete, type Daily, type Tag, UploadType } from "../../../models/index.ts";
import type { Normalizer, Part } from "../../provider.ts";
import { lengthMs } from "../healthkit/interval.ts";
import { totalOf } from "../healthkit/merge.ts";
import type { JournalEntry } from "../healthkit/readings.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import type { Share } from "../healthkit/share.ts";
import { dayHeartRate } from "./daily-heart.ts";
import { DayItems } from "./day-items.ts";
import { shifted, withoutNoise } from "./decimal-shift.ts";
import { devicesOf, isThirdParty } from "./devices.ts";
import { possibleDatesOf, timeWriter, utcDaysOf } from "./local-clock.ts";
import { recordDay } from "./local-day.ts";
import { beside, carriedSamples, unitOf } from "./provider-data.ts";
import { meanOf, numberOf } from "./readings.ts";
import { dayRefs, isGrowing, needsOf, RecordParts, settingsRef, typeOfPart } from "./record-parts.ts";
import { differences, hasFigures, onlyInRings, toldRings, withRings } from "./rings.ts";
import { cumulative, saturationSamples, seriesOf } from "./series.ts";
import {
  carriedOfDay,
  carriedSums,
  dailyReadings,
  dailySums,
  oxygenSaturation,
  physicalEffort,
  standHour,
  symptoms,
  vo2Max,
} from "./type-homes.ts";

/** Everything of one local day that its record is made of. */
function dayOf(date: string, parts: RecordParts) {
  const day = new DayItems(date, parts);
  const sums = Object.fromEntries(
    Object.entries(dailySums).map(([name, type]) => [name, day.shares(type)]),
  ) as Record<keyof typeof dailySums, Share[]>;
  const rings = parts.items("activity-summaries").find((one) => one.date === date);
  return {
    day,
    sums,
    otherSums: carriedSums.map((type) => ({ type, shares: day.shares(type) })),
    readings: dailyReadings.flatMap((type) => day.samples(type)),
    carried: [
      ...carriedOfDay.flatMap((type) => day.samples(type)),
      ...day.ofManyDays([...Object.values(dailySums), ...carriedSums]),
    ],
    symptoms: [...symptoms.keys()].flatMap((type) => day.samples(type)),
    journal: day.of(parts.items("journal").map((entry) => ({ ...entry, zone: null }))),
    rings: hasFigures(rings) ? rings : undefined,
  };
}

type Day = ReturnType<typeof dayOf>;

const samplesOf = ({ sums, otherSums, readings, carried, symptoms }: Day): Sample[] => [
  ...[...Object.values(sums), ...otherSums.map(({ shares }) => shares)].flat().map(({ sample }) => sample),
  ...readings,
  ...carried,
  ...symptoms,
];

/** Returns the sum of the shares; null where there are none. */
const sumOf = (shares: readonly Share[]): number | null =>
  shares.length === 0 ? null : withoutNoise(totalOf(shares));

/** Sources that average over minutes write fractions of steps. */
const wholeSum = (shares: readonly Share[]): number | null => {
  const sum = sumOf(shares);
  return sum === null ? null : Math.round(sum);
};

/** Several sources tell the same hour. Where a format counts the hours of a day itself, its count is in `qty`. */
function standHours(samples: readonly Sample[]): number | null {
  if (samples.length === 0) return null;
  const stood = samples.filter(({ value }) => value === stoodValue);
  const [counts, hours] = [
    stood.filter((one) => lengthMs(one) > hourMs),
    stood.filter((one) => lengthMs(one) <= hourMs),
  ];
  const counted = counts.map(({ metadata }) => numberOf(metadata.qty) ?? 0);
  return Math.max(new Set(hours.map(({ startMs }) => Math.floor(startMs / hourMs))).size, ...counted);
}

/** HKCategoryValueAppleStandHour: 0 stood, 1 idle. */
const stoodValue = 0;
const hourMs = 3_600_000;

function figuresOf({ day, sums }: Day) {
  return {
    activeEnergyKcal: sumOf(sums.activeEnergy),
    exerciseSeconds: sumOf(sums.exercise),
    standHours: standHours(day.samples(standHour)),
  };
}

function calories({ day, sums }: Day, activeKcal: number | null): Daily["calories_data"] {
  const basal = sumOf(sums.basalEnergy);
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

function distance({ day: { clockOf }, sums }: Day): Daily["distance_data"] {
  const timer_duration_seconds = null;
  return {
    distance_meters: sumOf(sums.distance),
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

function oxygen({ day }: Day): Daily["oxygen_data"] {
  const saturations = saturationSamples(day.readings(oxygenSaturation), day.clockOf);
  const vo2 = seriesOf(day.readings(vo2Max), day.clockOf, (timestamp, vo2max_ml_per_min_per_kg) => ({
    timestamp,
    vo2max_ml_per_min_per_kg,
  }));
  return {
    avg_saturation_percentage: meanOf(day.readings(oxygenSaturation).map(({ value }) => shifted(value, 2))),
    vo2max_ml_per_min_per_kg: vo2.at(-1)?.vo2max_ml_per_min_per_kg ?? null,
    day_avg_vo2max_ml_per_min_per_kg: meanOf(day.readings(vo2Max).map(({ value }) => value)),
    saturation_samples: saturations,
    vo2_samples: vo2,
  };
}

/** HKCategoryValueSeverity; a symptom that the person notes as not present is none. */
const severities = ["", null, "mild", "moderate", "severe"] as const;

function tagsOf({ day: { clockOf }, symptoms: samples, journal }: Day): Tag[] {
  const write = timeWriter();
  const noted = samples.flatMap((sample): Tag[] => {
    const notes = severities[sample.value ?? 0] ?? null;
    const tag_name = symptoms.get(sample.type) ?? sample.type;
    return notes === null ? [] : [{ timestamp: write(clockOf(sample), sample.startMs), tag_name, notes }];
  });
  const written = journal.flatMap((entry): Tag[] => {
    const { name, severity } = entry.fields;
    if (entry.kind !== "symptom" || typeof name !== "string") return [];
    const notes = typeof severity === "string" ? severity : "";
    return [{ timestamp: write(clockOf(entry), entry.startMs), tag_name: name, notes }];
  });
  return [...noted, ...written].toSorted((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
}

/** A day is manual as soon as any of its data was typed in. */
function uploadType(samples: readonly Sample[]): UploadType {
  if (samples.some(({ isUserEntered }) => isUserEntered)) return UploadType.Manual;
  const isForeign = samples.length > 0 && samples.every(({ source }) => isThirdParty(source));
  return isForeign ? UploadType.ThirdParty : UploadType.Automatic;
}

function toldJournal({ day: { clockOf }, journal }: Day) {
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

function normalizeDay(date: string, parts: RecordParts): object | null {
  const given = dayOf(date, parts);
  const samples = samplesOf(given);
  const { day, sums, rings, journal } = given;
  if (samples.length === 0 && journal.length === 0 && rings === undefined) return null;
  // Times of the journal are in UTC in some versions, and tell no clock.
  const { metadata, clock } = recordDay(date, samples.length > 0 ? samples : journal, day.clockOf);
  const merged = figuresOf(given);
  const figures = withRings(merged, rings);
  const sources: Source[] = samples.map(({ source }) => source);
  const daily = complete("daily", {
    metadata: { ...metadata, upload_type: uploadType(samples) },
    device_data: devicesOf(sources, parts.settings.priority),
    heart_rate_data: dayHeartRate(day),
    calories_data: calories(given, figures.activeEnergyKcal),
    active_durations_data: {
      activity_seconds: figures.exerciseSeconds,
      standing_seconds: sumOf(sums.standing),
      standing_hours_count: figures.standHours,
    },
    MET_data: {
      MET_samples: seriesOf(day.readings(physicalEffort), day.clockOf, (timestamp, level) => ({
        timestamp,
        level,
      })),
    },
    oxygen_data: oxygen(given),
    distance_data: distance(given),
    tag_data: { tags: tagsOf(given) },
  });
  return beside(daily, {
    clock,
    totals: given.otherSums.flatMap(({ type, shares }) => {
      const value = sumOf(shares);
      return value === null ? [] : [{ type, value, unit: unitOf(type) }];
    }),
    rings: toldRings(rings),
    differs_from_rings: differences(merged, rings),
    taken_from_rings: onlyInRings(merged, rings),
    samples: { samples: carriedSamples(given.carried, day.clockOf) },
    journal: toldJournal(given),
  });
}

const typesOfDay: ReadonlySet<string> = new Set([
  ...Object.values(dailySums),
  ...carriedSums,
  ...dailyReadings,
  ...carriedOfDay,
  ...symptoms.keys(),
]);

/** Returns the dates that a part's items can have. */
function datesOf(part: Part): string[] {
  if (isGrowing("activity-summaries", part)) return [part.key];
  if (isGrowing("samples", part)) {
    return typesOfDay.has(typeOfPart(part)) ? possibleDatesOf(part.value) : [];
  }
  if (!isGrowing("journal", part)) return [];
  return possibleDatesOf(part.value.map((entry) => ({ ...entry, zone: null })));
}

export const dailyNormalizer: Normalizer = {
  type: "daily",
  needs: needsOf("samples", "activity-summaries", "journal"),
  affects: (part) => datesOf(part).map((naturalKey) => ({ type: "daily", naturalKey })),
  partsOf: (date) => [
    settingsRef,
    { resource: "activity-summaries", key: date },
    ...dayRefs(utcDaysOf(date), "journal"),
    ...utcDaysOf(date).map((day) => ({ resource: "samples", key: `${day}/`, prefix: true as const })),
  ],
  normalize: (parts, date) => normalizeDay(date, new RecordParts(parts)),
};
