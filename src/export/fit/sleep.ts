/** Sleep → a FIT sleep file. Few readers know its messages. */
import { OxygenSaturationType, SleepLevel } from "../../models/index.ts";
import type { RecordToExport } from "../contract.ts";
import { type Carried, carryAll, into } from "./carried.ts";
import { localSeconds, SampleClock } from "./clock.ts";
import { deviceInfo, FileType, fileId } from "./device.ts";
import type { FitFile } from "./fit-file.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import {
  HRV_STATUS_SUMMARY,
  RESPIRATION_RATE,
  SKIN_TEMP_OVERNIGHT,
  SLEEP_ASSESSMENT,
  SLEEP_LEVEL,
} from "./profile.ts";
import { edgesOf, inOrder, timedMessages } from "./series.ts";
import { spanOf } from "./span.ts";
import { timerEvents } from "./timer.ts";
import {
  bloodOxygenSeries,
  heartRateSeries,
  restingHeartRate,
  rmssdSeries,
  saturationOf,
  singleMessage,
} from "./wellness.ts";

/** Numbers of the profile's type `sleep_level`, which has neither sleep without stages nor time out of bed. */
const UNMEASURABLE = 0;
const AWAKE = 1;
const levels: Readonly<Record<SleepLevel, number>> = {
  [SleepLevel.Unknown]: UNMEASURABLE,
  [SleepLevel.Awake]: AWAKE,
  [SleepLevel.Sleeping]: UNMEASURABLE,
  [SleepLevel.OutOfBed]: AWAKE,
  [SleepLevel.Light]: 2,
  [SleepLevel.Deep]: 3,
  [SleepLevel.Rem]: 4,
};

const stages = into(SLEEP_LEVEL)(
  "sleep_durations_data.hypnogram_samples[].level",
  "sleep_level",
  null,
  "derived",
  {
    note: "the stage that begins; sleep without stages is unmeasurable, out of bed is awake",
    convert: (level: SleepLevel) => ({ sleep_level: levels[level] ?? Number.NaN }),
  },
);
const heartRate = heartRateSeries("heart_rate_data");
const rmssd = rmssdSeries("heart_rate_data");
const resting = restingHeartRate("heart_rate_data");
const oxygen = "respiration_data.oxygen_saturation_data.samples";
const saturation = bloodOxygenSeries(`${oxygen}[].percentage`);
const breaths = into(RESPIRATION_RATE)(
  "respiration_data.breaths_data.samples[].breaths_per_min",
  "respiration_rate",
  "breaths/min",
  "derived",
  { note: "rounded to 0.01" },
);
const averageRmssd = into(HRV_STATUS_SUMMARY)(
  "heart_rate_data.summary.avg_hrv_rmssd",
  "last_night_average",
  "ms",
  "derived",
  { note: "rounded to 1/128 ms" },
);
const temperature = into(SKIN_TEMP_OVERNIGHT)(
  "temperature_data.delta",
  "average_deviation",
  "°C",
  "derived",
  {
    note: "a float of 32 bits",
  },
);
const assessment = [
  into(SLEEP_ASSESSMENT)("scores.sleep", "overall_sleep_score", null, "derived", { note: "rounded" }),
  into(SLEEP_ASSESSMENT)("sleep_durations_data.awake.num_wakeup_events", "awakenings_count", null),
] as const;

export const sleepFields: readonly Carried[] = [
  stages,
  heartRate,
  rmssd,
  resting,
  saturation,
  breaths,
  averageRmssd,
  temperature,
  ...assessment,
];

/** Returns the file; none for a night without any time. */
export function sleepFiles(record: RecordToExport<"sleep">, omissions: Omissions): readonly FitFile[] {
  const { data } = record;
  const span = spanOf(data.metadata, omissions);
  if (span === null) return [];
  const timeline = { clock: new SampleClock(), omissions };
  const single = {
    ms: span.endMs,
    local: localSeconds({ ms: span.endMs, offsetMinutes: span.start.offsetMinutes }),
  };
  const [skin] = singleMessage(data, temperature, "timestamp", single.ms, omissions);
  skin?.message.put("local_timestamp", single.local);
  const overall = new Message(SLEEP_ASSESSMENT);
  carryAll(overall, assessment, data, omissions);
  const blood = saturationOf(data, oxygen, OxygenSaturationType.Blood);
  const measured = [
    timedMessages(data, { series: [stages] }, timeline),
    timedMessages(data, { series: [heartRate] }, timeline),
    timedMessages(data, { series: [rmssd] }, timeline),
    timedMessages(blood, { series: [saturation] }, timeline),
    timedMessages(data, { series: [breaths] }, timeline),
    singleMessage(data, resting, "timestamp", single.ms, omissions),
    singleMessage(data, averageRmssd, "timestamp", single.ms, omissions),
    skin ? [skin] : [],
  ];
  const { first, last } = edgesOf(span, ...measured);
  const { starts, stops } = timerEvents(first, last, []);
  return [
    {
      kind: "sleep",
      messages: [
        fileId(FileType.Sleep, record, span),
        ...deviceInfo(data.device_data, first, omissions),
        ...inOrder(starts, ...measured, stops),
        ...(overall.fields.length > 0 ? [overall] : []),
      ],
    },
  ];
}
