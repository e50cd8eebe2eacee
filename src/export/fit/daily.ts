/** Daily → a FIT monitoring file. */
import { ActivityLevel, type Daily, OxygenSaturationType } from "../../models/index.ts";
import type { RecordToExport } from "../contract.ts";
import { type Carried, carryAll, into } from "./carried.ts";
import { fitSeconds, localSeconds, SampleClock } from "./clock.ts";
import { deviceInfo, FileType, fileId } from "./device.ts";
import type { FitFile } from "./fit-file.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { MONITORING, MONITORING_INFO, STRESS_LEVEL } from "./profile.ts";
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
import { zoneMessages } from "./zones.ts";

/** Numbers of the profile's type `activity_type`. */
const GENERIC = 0;
const WALKING = 6;
const SEDENTARY = 8;
/** FIT counts a day's steps and metres by activity; a record has one count, which is walking's. */
const onFoot = { activity_type: WALKING };

const monitoring = into(MONITORING);
const rounded = { note: "rounded" };
const minutes = (field: "moderate_activity_minutes" | "vigorous_activity_minutes") => ({
  note: "rounded to whole minutes",
  convert: (seconds: number) => ({ [field]: seconds / 60 }),
});

const walked = [
  monitoring("distance_data.steps", "steps", "steps"),
  monitoring("distance_data.distance_meters", "distance", "m", "derived", {
    note: "rounded to a centimetre",
  }),
] as const;
const spent = [
  monitoring("calories_data.total_burned_calories", "calories", "kcal", "derived", rounded),
  monitoring("calories_data.net_activity_calories", "active_calories", "kcal", "derived", rounded),
  monitoring("active_durations_data.activity_seconds", "active_time", "s", "exact", { note: "to 1 ms" }),
  monitoring(
    "active_durations_data.moderate_intensity_seconds",
    "moderate_activity_minutes",
    "min",
    "derived",
    minutes("moderate_activity_minutes"),
  ),
  monitoring(
    "active_durations_data.vigorous_intensity_seconds",
    "vigorous_activity_minutes",
    "min",
    "derived",
    minutes("vigorous_activity_minutes"),
  ),
  monitoring("distance_data.elevation.gain_actual_meters", "ascent", "m", "exact", { note: "to 1 mm" }),
  monitoring("distance_data.elevation.loss_actual_meters", "descent", "m", "exact", { note: "to 1 mm" }),
] as const;
const atRest = into(MONITORING_INFO)(
  "calories_data.BMR_calories",
  "resting_metabolic_rate",
  "kcal/d",
  "derived",
  rounded,
);

const walkedSeries = [
  monitoring("distance_data.detailed.step_samples[].steps", "steps", "steps", "derived", rounded),
  monitoring("distance_data.detailed.distance_samples[].distance_meters", "distance", "m", "derived", {
    note: "rounded to a centimetre",
  }),
] as const;
const heartRate = heartRateSeries("heart_rate_data");
const rmssd = rmssdSeries("heart_rate_data");
const resting = restingHeartRate("heart_rate_data");
const saturationPath = "oxygen_data.saturation_samples";
const saturation = bloodOxygenSeries(`${saturationPath}[].percentage`);

/** Numbers of the profile's type `activity_level`; rest and inactivity are an activity type instead. */
const levels: Readonly<Partial<Record<ActivityLevel, number>>> = {
  [ActivityLevel.LowIntensity]: 0,
  [ActivityLevel.MediumIntensity]: 1,
  [ActivityLevel.HighIntensity]: 2,
};
const isStill = (level: ActivityLevel): boolean =>
  level === ActivityLevel.Rest || level === ActivityLevel.Inactive;
const level = monitoring(
  "active_durations_data.activity_levels_samples[].activity_level",
  ["activity_level", "activity_type"],
  null,
  "derived",
  {
    note: "rest and inactivity are both activity_type sedentary; unknown is left out",
    convert: (given: ActivityLevel) => {
      if (given === ActivityLevel.Unknown) return null;
      return isStill(given) ? { activity_type: SEDENTARY } : { activity_level: levels[given] ?? Number.NaN };
    },
  },
);
const stress = into(STRESS_LEVEL)("stress_data.samples[].level", "stress_level_value", null, "derived", {
  note: "the provider's own scale; rounded",
});

export const dailyFields: readonly Carried[] = [
  ...walked,
  ...spent,
  atRest,
  ...walkedSeries,
  heartRate,
  rmssd,
  resting,
  saturation,
  vo2max,
  averageVo2max,
  vo2maxSeries,
  level,
  stress,
];

/** Returns the file; none for a day without any time. */
export function dailyFiles(record: RecordToExport<"daily">, omissions: Omissions): readonly FitFile[] {
  const { data } = record;
  const span = spanOf(data.metadata, omissions);
  if (span === null) return [];
  const timeline = { clock: new SampleClock(), omissions };
  const measured = [samples(data, timeline), singles(data, span, omissions), totals(data, span, omissions)];
  const { first, last } = edgesOf(span, ...measured);
  const { zones, times } = zoneMessages(data.heart_rate_data?.summary, omissions, {
    second: last,
    ofSession: false,
  });
  return [
    {
      kind: "monitoring",
      messages: [
        fileId(FileType.Monitoring, record, span),
        ...deviceInfo(data.device_data, first, omissions),
        ...zones,
        ...inOrder([dayInfo(data, span, omissions)], ...measured),
        ...times,
      ],
    },
  ];
}

function dayInfo(day: Daily, { start, startMs }: Span, omissions: Omissions): Timed {
  const second = fitSeconds(startMs);
  const message = new Message(MONITORING_INFO, {
    timestamp: second,
    local_timestamp: localSeconds(start),
  });
  carryAll(message, [atRest], day, omissions);
  return { second, message };
}

function samples(day: Daily, timeline: Timeline): Timed[] {
  const blood = saturationOf(day, saturationPath, OxygenSaturationType.Blood);
  return [
    ...timedMessages(day, { series: walkedSeries, constant: onFoot }, timeline),
    ...timedMessages(day, { series: [heartRate] }, timeline),
    ...timedMessages(day, { series: [level] }, timeline),
    ...timedMessages(day, { series: [rmssd] }, timeline),
    ...timedMessages(day, { series: [stress], timeField: "stress_level_time" }, timeline),
    ...timedMessages(blood, { series: [saturation] }, timeline),
    ...timedMessages(day, { series: [vo2maxSeries], timeField: "update_time" }, timeline),
  ];
}

const singles = (day: Daily, { startMs }: Span, omissions: Omissions): Timed[] => [
  ...singleMessage(day, resting, "timestamp", startMs, omissions),
  ...dayVo2max(day, startMs, omissions),
];

/** Returns the day's totals, at its end: what was walked, and what the whole day was. */
function totals(day: Daily, { endMs }: Span, omissions: Omissions): Timed[] {
  const second = fitSeconds(endMs);
  return [
    { declared: walked, activity_type: WALKING },
    { declared: spent, activity_type: GENERIC },
  ].flatMap(({ declared, activity_type }) => {
    const message = new Message(MONITORING, { timestamp: second, activity_type });
    const before = message.fields.length;
    carryAll(message, declared as readonly Carried<keyof typeof MONITORING.fields>[], day, omissions);
    return message.fields.length > before ? [{ second, message }] : [];
  });
}
