/** v4's own record of a day, from its activity and its continuous heart rate (POLAR-V4 §5). */
import {
  type Columnar,
  complete,
  type Daily,
  formatTimestamp,
  TimestampLocalization,
  UploadType,
} from "../../../../models/index.ts";
import { dayMs, shiftDate } from "../../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom, valuesFrom } from "../../../kit/parts.ts";
import type { RecordRef } from "../../../provider.ts";
import { type Told, withProviderData } from "../../../provider-data.ts";
import { offsetInForce } from "../../normalize/utc-offset.ts";
import { toldOfDaily } from "../../told.ts";
import { midnightOf } from "../reading.ts";
import { type V4ActivityDay, v4Activity } from "../resources/activity.ts";
import { type V4HeartRateDay, v4ContinuousSamples } from "../resources/continuous-samples.ts";
import { type V4Night, v4Sleep } from "../resources/sleep.ts";
import { dayHeartRate } from "./heart-rate.ts";
import { devicesOf, largestDevice, levelSamples, metSamples, stepSamples } from "./steps.ts";

/** What the normaliser itself says of a day. */
const told: readonly Told[] = [
  ...toldOfDaily,
  {
    path: "steps.basis",
    kind: "text",
    what: "sum: the steps were added up from v4's samples, because v4 says no total",
  },
  { path: "steps.device", kind: "text", what: "the device whose steps, METs and activity levels count" },
  {
    path: "steps.devices",
    kind: "json",
    what: "the steps that each device counted, where there are several",
  },
  {
    path: "heart_rate.doubled",
    kind: "number",
    what: "heart rates left out, because another device has one at the same instant",
  },
];

interface DayParts {
  readonly activity: readonly V4ActivityDay[];
  readonly heartRate: readonly V4HeartRateDay[];
}

interface DayRecord {
  readonly daily: Columnar<Daily>;
  /** What the normaliser itself says of the day. */
  readonly own: object;
}

/** Converts a day of v4 to a Daily. All times are local without an offset, since no body of a day names one. */
function normalizeDay(date: string, { activity, heartRate }: DayParts): DayRecord {
  const midnightMs = midnightOf(date);
  const devices = devicesOf(activity, midnightMs);
  const counted = largestDevice(devices);
  const heart = dayHeartRate(midnightMs, heartRate);
  const daily = complete("daily", {
    metadata: {
      start_time: formatTimestamp(midnightMs, null),
      end_time: formatTimestamp(midnightMs + dayMs, null),
      upload_type: UploadType.Automatic,
      timestamp_localization: TimestampLocalization.Local,
    },
    heart_rate_data: heart.data,
    active_durations_data: {
      activity_levels_samples: counted ? levelSamples(counted, midnightMs) : [],
    },
    MET_data: { MET_samples: counted ? metSamples(counted, midnightMs) : [] },
    distance_data: {
      steps: counted?.steps ?? null,
      detailed: { step_samples: counted ? stepSamples(counted, midnightMs) : [] },
    },
  });
  const own = {
    ...stepsTold(devices, counted),
    ...(heart.doubled > 0 && { heart_rate: { doubled: heart.doubled } }),
  };
  return { daily, own };
}

type Devices = ReturnType<typeof devicesOf>;

function stepsTold(devices: Devices, counted: Devices[number] | null): object {
  if (counted === null || counted.steps === null) return {};
  const { device } = counted;
  const counts = devices.map((one) => ({ device: one.device, steps: one.steps }));
  return { steps: { basis: "sum", device, ...(devices.length > 1 && { devices: counts }) } };
}

/** A night in the form in which the offset of a day is inferred from it. */
function endsOf(night: V4Night): { date: string; sleep_start_time: string; sleep_end_time: string }[] {
  const { sleepStart, sleepEnd } = night.sleepResult?.hypnogram ?? {};
  if (sleepStart === undefined || sleepEnd === undefined) return [];
  return [{ date: night.sleepDate, sleep_start_time: sleepStart, sleep_end_time: sleepEnd }];
}

const ofTheDay = [v4Activity, v4ContinuousSamples];
const day = (naturalKey: string): RecordRef => ({ type: "daily", naturalKey });

export const v4DailyNormalizer = withProviderData(
  "polar",
  {
    type: "daily",
    // Nights tell the offset.
    needs: namesOf([...ofTheDay, v4Sleep]),
    affects(part) {
      if (isOneOf(ofTheDay, part)) return [day(part.key)];
      // A night tells the offset of the day it led into, and of the day on whose evening it began.
      return part.resource === v4Sleep.name ? [day(part.key), day(shiftDate(part.key, -1))] : [];
    },
    partsOf: (date) => [
      ...refsTo(ofTheDay, date),
      ...refsTo([v4Sleep], date),
      ...refsTo([v4Sleep], shiftDate(date, 1)),
    ],
    normalize(parts) {
      const date = parts.find((part) => isOneOf(ofTheDay, part))?.key;
      if (date === undefined) return null;
      const { daily, own } = normalizeDay(date, {
        activity: valueFrom(parts, v4Activity) ?? [],
        heartRate: valueFrom(parts, v4ContinuousSamples) ?? [],
      });
      const nights = valuesFrom(parts, v4Sleep).flatMap(endsOf);
      const offset = offsetInForce(date, { nights, exercises: [] });
      return { ...daily, provider_data: { polar: { ...(offset && { utc_offset: offset }), ...own } } };
    },
  },
  { one: [], several: ofTheDay, told },
);
