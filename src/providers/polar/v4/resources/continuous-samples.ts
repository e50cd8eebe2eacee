/** A day's continuous heart rate, of each device. */
import { z } from "zod";
import { asSent, date, number, text, unused } from "../../../kit/fields.ts";
import { carried, ignored, type Ledger, mapped } from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { polling } from "../polling.ts";
import { millis } from "../reading.ts";
import { byDays, dayList } from "../resource.ts";

const schema = z.looseObject({
  date,
  deviceRef: z.looseObject({ deviceId: text }).nullish(),
  state: asSent,
  /** Samples without a time or without a heart rate occur [L]. */
  samples: z
    .array(z.looseObject({ heartRate: number, offsetMillis: millis.nullish(), triggerType: unused }))
    .nullish(),
});

export type V4HeartRateDay = z.output<typeof schema>;

/** Sources: [R] captured bodies; a day was compared with v3's, value by value. [L] a live test that somebody reports. */
const ledger: Ledger = {
  date: mapped("daily.metadata.start_time", "key", "[R]"),
  "deviceRef.deviceId": carried("the device, by the id that v4 has for it [R]"),
  state: carried("the state of the day's data; its words are not known [R]"),
  "samples[].heartRate": mapped(
    [
      "daily.heart_rate_data.detailed.hr_samples.bpm",
      "daily.heart_rate_data.summary.max_hr_bpm",
      "daily.heart_rate_data.summary.min_hr_bpm",
    ],
    "exact; derived: largest and smallest sample",
    "every 5 minutes, with bursts of one a second [R]. 0 is no signal. No average, as with v3",
  ),
  "samples[].offsetMillis": mapped(
    "daily.heart_rate_data.detailed.hr_samples.timestamp",
    "derived: local midnight + offset",
    "equal to v3's local times [R]; the body names no zone",
  ),
  "samples[].triggerType": ignored(
    "why the device measured: TRIGGER_TIMED_247 every 5 minutes, TRIGGER_HIGH_247 in bursts [R]; a sample counts whatever its trigger",
  ),
};

export const v4ContinuousSamples = dayList({
  name: "v4-continuous-samples",
  path: "/continuous-samples",
  scope: "continuous_samples:read",
  place: { list: "heartRateSamplesPerDay", outer: "continuousSamples" },
  features: ["heart-rate-samples"],
  schema,
  ledger,
  // This feature is exempt from the limit of one day: seven days were served to several people.
  discovery: byDays({ daysPerCall: 7, announcedBy: accesslink, polling: polling.heartRate }),
  day: (item) => item.date,
  order: ({ deviceRef }) => deviceRef?.deviceId ?? "",
});
