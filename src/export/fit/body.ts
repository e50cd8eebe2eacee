/** Body → up to three FIT files: of a scale, of blood pressure, and of the heart, the breath and the blood. */
import {
  type Body,
  type Measurement,
  OxygenSaturationType,
  type RrIntervalSample,
} from "../../models/index.ts";
import type { RecordToExport } from "../contract.ts";
import { type Carried, carry, carryAll, into, valueAt } from "./carried.ts";
import { fitSeconds, SampleClock } from "./clock.ts";
import { deviceInfo, FileType, fileId } from "./device.ts";
import type { FitFile } from "./fit-file.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { BLOOD_PRESSURE, HRV, MONITORING, USER_PROFILE, WEIGHT_SCALE } from "./profile.ts";
import { edgesOf, inOrder, type Timed, type Timeline, timedMessages } from "./series.ts";
import { type Span, spanOf } from "./span.ts";
import {
  averageVo2max,
  bloodOxygenSeries,
  dayVo2max,
  heartRateSeries,
  restingHeartRate,
  rmssdSeries,
  saturationOf,
  singleMessage,
  vo2max,
  vo2maxSeries,
} from "./wellness.ts";
import { rawOf } from "./wire.ts";

type ScaleField = keyof typeof WEIGHT_SCALE.fields;

interface ScaleValue {
  /** In a measurement. */
  readonly name: keyof Measurement;
  /** The day's average of it. */
  readonly average: string;
  readonly field: ScaleField;
  readonly unit: string | null;
  readonly note: string;
  readonly divisor?: number;
}

const scaleValues: readonly ScaleValue[] = [
  { name: "weight_kg", average: "day_avg_weight_kg", field: "weight", unit: "kg", note: "rounded to 10 g" },
  {
    name: "bodyfat_percentage",
    average: "day_avg_bodyfat_percentage",
    field: "percent_fat",
    unit: "%",
    note: "rounded to 0.01 %",
  },
  {
    name: "water_percentage",
    average: "day_avg_water_percentage",
    field: "percent_hydration",
    unit: "%",
    note: "rounded to 0.01 %",
  },
  {
    name: "bone_mass_g",
    average: "day_avg_bone_mass_g",
    field: "bone_mass",
    unit: "kg",
    note: "rounded to 10 g",
    divisor: 1000,
  },
  {
    name: "muscle_mass_g",
    average: "day_avg_muscle_mass_g",
    field: "muscle_mass",
    unit: "kg",
    note: "rounded to 10 g",
    divisor: 1000,
  },
  { name: "BMI", average: "day_avg_bmi", field: "bmi", unit: "kg/m²", note: "rounded to 0.1" },
  { name: "BMR", average: "day_avg_bmr", field: "basal_met", unit: "kcal/d", note: "rounded to 0.25" },
  {
    name: "estimated_fitness_age",
    average: "day_avg_estimated_fitness_age",
    field: "metabolic_age",
    unit: "a",
    note: "rounded",
  },
  {
    name: "visceral_fat_level",
    average: "day_avg_visceral_fat_level",
    field: "visceral_fat_rating",
    unit: null,
    note: "rounded",
  },
];

const scale = into(WEIGHT_SCALE);
const declare = (
  { field, unit, note, divisor = 1 }: ScaleValue,
  path: string,
  further = "",
): Carried<ScaleField> =>
  scale(path, field, unit, "derived", {
    note: `${note}${further}`,
    convert: (value: number) => ({ [field]: value / divisor }),
  });

const list = "measurements_data.measurements[]";
const measured = scaleValues.map((value) => declare(value, `${list}.${value.name}`));
const averages = scaleValues.map((value) =>
  declare(value, `measurements_data.${value.average}`, "; at the day's start, where no measurement has it"),
);
const height = into(USER_PROFILE)(`${list}.height_cm`, "height", "m", "exact", {
  note: "of the last measurement that has it; to 1 cm, up to 2.54 m",
  convert: (centimetres: number) => ({ height: centimetres / 100 }),
});
export const measurementTime = scale(`${list}.measurement_time`, "timestamp", "s since 1989", "derived", {
  note: "the second that it is in",
});

const pressure = into(BLOOD_PRESSURE);
const mmHg = { note: "rounded to whole mmHg" };
const pressures = [
  pressure(
    "blood_pressure_data.blood_pressure_samples[].systolic_bp",
    "systolic_pressure",
    "mmHg",
    "derived",
    mmHg,
  ),
  pressure(
    "blood_pressure_data.blood_pressure_samples[].diastolic_bp",
    "diastolic_pressure",
    "mmHg",
    "derived",
    mmHg,
  ),
] as const;
const averagePressures = [
  pressure("blood_pressure_data.day_avg_systolic_bp", "systolic_pressure", "mmHg", "derived", {
    note: "at the day's start, where there is no sample; rounded",
  }),
  pressure("blood_pressure_data.day_avg_diastolic_bp", "diastolic_pressure", "mmHg", "derived", {
    note: "at the day's start, where there is no sample; rounded",
  }),
] as const;

const section = "heart_data.heart_rate_data";
const heartRate = heartRateSeries(section);
const rmssd = rmssdSeries(section);
const resting = restingHeartRate(section);
const saturationPath = "oxygen_data.saturation_samples";
const saturation = bloodOxygenSeries(`${saturationPath}[].percentage`);
const rrPath = "heart_data.rr_interval_samples[]";
const rr = into(HRV)(`${rrPath}.rr_interval_ms`, "time", "s", "derived", {
  note: "five a message, rounded to 1 ms; a monitoring message before them has their time",
  convert: () => ({}),
});
const beat = into(MONITORING)(`${rrPath}.hr_bpm`, "heart_rate", "bpm", "derived", {
  note: "of the first of five intervals; rounded",
});

export const bodyFields: readonly Carried[] = [
  ...measured,
  ...averages,
  height,
  measurementTime,
  ...pressures,
  ...averagePressures,
  heartRate,
  rmssd,
  resting,
  saturation,
  vo2max,
  averageVo2max,
  vo2maxSeries,
  rr,
  beat,
];

/** Returns the files that the record has data for. */
export function bodyFiles(record: RecordToExport<"body">, omissions: Omissions): readonly FitFile[] {
  const { data } = record;
  const span = spanOf(data.metadata, omissions);
  if (span === null) return [];
  const timeline = { clock: new SampleClock(), omissions };
  const height = heightOf(data, omissions);
  const weight = weights(data, span, timeline);
  const pressure = bloodPressures(data, span, timeline);
  const vital = vitals(data, span, timeline);
  const devices = deviceInfo(data.device_data, edgesOf(span, weight, pressure, vital).first, omissions);
  const file = (kind: FitFile["kind"], type: FileType, messages: readonly Message[]): FitFile[] =>
    messages.length > 0 ? [{ kind, messages: [fileId(type, record, span), ...devices, ...messages] }] : [];
  return [
    ...file("weight", FileType.Weight, [...height, ...inOrder(weight)]),
    ...file("blood_pressure", FileType.BloodPressure, inOrder(pressure)),
    ...file("monitoring", FileType.Monitoring, inOrder(vital)),
  ];
}

function weights(body: Body, { startMs }: Span, { clock, omissions }: Timeline): Timed[] {
  const measurements = body.measurements_data?.measurements ?? [];
  const timed = measurements.flatMap((measurement): Timed[] => {
    const ms = clock.ms(measurement.measurement_time);
    if (ms === null)
      omissions.add(measurementTime.path, "a measurement without a time; it has the day's start");
    return scaleMessage(fitSeconds(ms ?? startMs), measured, measurement, omissions);
  });
  const missing = averages.filter((_, index) => {
    const { name = "weight_kg" } = scaleValues[index] ?? {};
    return measurements.every((measurement) => typeof measurement[name] !== "number");
  });
  const average = scaleMessage(fitSeconds(startMs), missing, body, omissions);
  return [...average, ...timed];
}

function scaleMessage(
  second: number,
  declared: readonly Carried<ScaleField>[],
  source: unknown,
  omissions: Omissions,
): Timed[] {
  const message = new Message(WEIGHT_SCALE, { timestamp: second });
  const before = message.fields.length;
  carryAll(message, declared, source, omissions);
  return message.fields.length > before ? [{ second, message }] : [];
}

function heightOf({ measurements_data }: Body, omissions: Omissions): Message[] {
  const last = measurements_data?.measurements?.findLast(({ height_cm }) => typeof height_cm === "number");
  const message = new Message(USER_PROFILE, { message_index: 0 });
  return carry(message, height, last?.height_cm, omissions) ? [message] : [];
}

function bloodPressures(body: Body, { startMs }: Span, timeline: Timeline): Timed[] {
  const samples = timedMessages(body, { series: pressures }, timeline);
  if (samples.length > 0) return samples;
  const second = fitSeconds(startMs);
  const message = new Message(BLOOD_PRESSURE, { timestamp: second });
  const before = message.fields.length;
  carryAll(message, averagePressures, body, timeline.omissions);
  return message.fields.length > before ? [{ second, message }] : [];
}

function vitals(body: Body, { startMs }: Span, timeline: Timeline): Timed[] {
  const { omissions } = timeline;
  const blood = saturationOf(body, saturationPath, OxygenSaturationType.Blood);
  return [
    ...timedMessages(body, { series: [heartRate] }, timeline),
    ...timedMessages(body, { series: [rmssd] }, timeline),
    ...timedMessages(blood, { series: [saturation] }, timeline),
    ...timedMessages(body, { series: [vo2maxSeries], timeField: "update_time" }, timeline),
    ...singleMessage(body, resting, "timestamp", startMs, omissions),
    ...dayVo2max(body, startMs, omissions),
    ...beatIntervals(body.heart_data?.rr_interval_samples ?? [], timeline),
  ];
}

const intervalsInMessage = 5;

interface Beat {
  readonly second: number;
  readonly sample: RrIntervalSample;
  readonly seconds: number;
}

/** Returns hrv messages of up to five intervals, each after a monitoring message that has their time. */
function beatIntervals(samples: readonly RrIntervalSample[], { clock, omissions }: Timeline): Timed[] {
  const beats = samples.flatMap((sample): Beat[] => {
    const { rr_interval_ms: milliseconds, timestamp } = sample;
    if (typeof milliseconds !== "number") return [];
    const ms = clock.ms(timestamp);
    const seconds = milliseconds / 1000;
    if (ms !== null && rawOf(HRV.fields.time, seconds) !== null) {
      return [{ second: fitSeconds(ms), sample, seconds }];
    }
    omissions.add(
      rr.path,
      ms === null ? "a sample without a time that FIT can say" : "an interval over 65 s",
    );
    return [];
  });
  beats.sort((a, b) => a.second - b.second);
  const groups = Array.from({ length: Math.ceil(beats.length / intervalsInMessage) }, (_, index) =>
    beats.slice(index * intervalsInMessage, (index + 1) * intervalsInMessage),
  );
  return groups.flatMap((group) => beatGroup(group, omissions));
}

function beatGroup(group: readonly Beat[], omissions: Omissions): Timed[] {
  const [first] = group;
  if (first === undefined) return [];
  const { second, sample } = first;
  const time = new Message(MONITORING, { timestamp: second });
  carry(time, beat, valueAt(sample, "hr_bpm"), omissions);
  const intervals = new Message(HRV, { time: group.map(({ seconds }) => seconds) });
  return [
    { second, message: time },
    { second, message: intervals },
  ];
}
