import {
  type BloodPressureData,
  type BloodPressureSample,
  type Body,
  complete,
  type GlucoseData,
  type TemperatureData,
} from "../../../models/index.ts";
import type { Normalizer, Part, PartsRef } from "../../provider.ts";
import { sourceKey } from "../healthkit/source.ts";
import { heartData, toldClassifications } from "./body-heart.ts";
import { DayItems } from "./day-items.ts";
import { devicesOf } from "./devices.ts";
import { noClock, possibleDatesOf, timeWriter, utcDaysOf } from "./local-clock.ts";
import { recordDay } from "./local-day.ts";
import { measurementsOf } from "./measurements.ts";
import { oxygenOf } from "./oxygen.ts";
import { beside, carriedSamples } from "./provider-data.ts";
import { type Measured, meanOf, numberOf } from "./readings.ts";
import {
  dayRefs,
  isGrowing,
  needsOf,
  RecordParts,
  sampleRefs,
  settingsRef,
  typeOfPart,
} from "./record-parts.ts";
import { seriesOf } from "./series.ts";
import { bodyReadings, carriedOfBody, oxygenSaturation, vo2Max, wristTemperature } from "./type-homes.ts";

const measuredTypes = [...Object.values(bodyReadings), vo2Max, oxygenSaturation, wristTemperature];
const typesOfBody: ReadonlySet<string> = new Set([...measuredTypes, ...carriedOfBody]);

/** Both values of one moment and one source are one measurement, whether or not the format joins them. */
function bloodPressure(day: DayItems): BloodPressureData {
  const { systolic, diastolic } = bodyReadings;
  const values = [...day.readings(systolic), ...day.readings(diastolic)];
  const pairs = Map.groupBy(values, ({ startMs, source }) => `${startMs} ${sourceKey(source)}`);
  const write = timeWriter();
  const samples = [...pairs.values()]
    .map((pair) => ({ pair, atMs: pair[0]?.startMs ?? 0 }))
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ pair, atMs }): BloodPressureSample => {
      const told = (type: string) => pair.find((one) => one.type === type)?.value ?? null;
      return {
        timestamp: pair[0] ? write(day.clockOf(pair[0]), atMs) : null,
        systolic_bp: told(systolic),
        diastolic_bp: told(diastolic),
      };
    });
  return {
    day_avg_systolic_bp: meanOf(day.readings(systolic).map(({ value }) => value)),
    day_avg_diastolic_bp: meanOf(day.readings(diastolic).map(({ value }) => value)),
    blood_pressure_samples: samples,
  };
}

function glucose(day: DayItems): GlucoseData {
  const values = day.readings(bodyReadings.glucose);
  const average = meanOf(values.map(({ value }) => value));
  return {
    day_avg_blood_glucose_mg_per_dL: average,
    day_avg_blood_glucose_mg_per_dl: average,
    blood_glucose_samples: seriesOf(values, day.clockOf, (timestamp, blood_glucose_mg_per_dL) => ({
      timestamp,
      blood_glucose_mg_per_dL,
      glucose_level_flag: null,
      trend_arrow: null,
    })),
  };
}

/** HKBloodGlucoseMealTime: 1 before, 2 after a meal. Health Auto Export writes words. */
function toldMealTimes(day: DayItems) {
  const write = timeWriter();
  return day.readings(bodyReadings.glucose).flatMap(({ metadata, startMs, ...sample }) => {
    const words = [null, "before meal", "after meal"];
    const number = numberOf(metadata.HKBloodGlucoseMealTime);
    const meal_time = number === null ? (metadata.mealTime ?? null) : (words[number] ?? null);
    return meal_time === null ? [] : [{ timestamp: write(day.clockOf(sample), startMs), meal_time }];
  });
}

function temperature(day: DayItems): TemperatureData {
  const [body, skin] = [day.readings(bodyReadings.temperature), day.readings(wristTemperature)];
  const series = (samples: readonly Measured[]) =>
    seriesOf(samples, day.clockOf, (timestamp, temperature_celsius) => ({ timestamp, temperature_celsius }));
  return {
    day_avg_body_temperature_celsius: meanOf(body.map(({ value }) => value)),
    day_avg_skin_temperature_celsius: meanOf(skin.map(({ value }) => value)),
    body_temperature_samples: series(body),
    skin_temperature_samples: series(skin),
  };
}

function normalizeBody(date: string, parts: RecordParts): object | null {
  const day = new DayItems(date, parts);
  const ecgs = day.of(parts.withoutIgnored(parts.items("ecgs")));
  const beats = day.of(parts.withoutIgnored(parts.items("beats")).map((one) => ({ ...one, ...noClock })));
  const samples = [...typesOfBody].flatMap((type) => day.samples(type));
  const readings = [...samples, ...ecgs, ...beats];
  if (readings.length === 0) return null;
  const { metadata, clock } = recordDay(date, readings, day.clockOf);
  const body: Body = complete("body", {
    metadata,
    device_data: devicesOf(
      readings.map(({ source }) => source),
      parts.settings.priority,
    ),
    measurements_data: measurementsOf(day),
    heart_data: heartData(ecgs, beats, day.clockOf),
    blood_pressure_data: bloodPressure(day),
    glucose_data: glucose(day),
    temperature_data: temperature(day),
    oxygen_data: oxygenOf(day),
  });
  return beside(body, {
    clock,
    ecgs: toldClassifications(ecgs, day.clockOf),
    glucose_meal_times: toldMealTimes(day),
    samples: {
      samples: carriedSamples(
        carriedOfBody.flatMap((type) => day.samples(type)),
        day.clockOf,
      ),
    },
  });
}

function datesOf(part: Part): readonly string[] {
  if (isGrowing("ecgs", part)) return possibleDatesOf(part.value);
  if (isGrowing("beats", part))
    return possibleDatesOf(part.value.map(({ startMs }) => ({ startMs, ...noClock })));
  return isGrowing("samples", part) && typesOfBody.has(typeOfPart(part)) ? possibleDatesOf(part.value) : [];
}

function partsOfDay(date: string): PartsRef[] {
  const days = utcDaysOf(date);
  return [settingsRef, ...dayRefs(days, "ecgs", "beats"), ...sampleRefs(days, typesOfBody)];
}

export const bodyNormalizer: Normalizer = {
  type: "body",
  needs: needsOf("samples", "ecgs", "beats"),
  affects: (part) => datesOf(part).map((naturalKey) => ({ type: "body", naturalKey })),
  partsOf: partsOfDay,
  normalize: (parts, date) => normalizeBody(date, new RecordParts(parts)),
};
