/** Bodies of v4: temperatures, orthostatic and fitness tests, and weights in the calendar. */
import {
  type Body,
  type Columnar,
  complete,
  formatTimestamp,
  type HrvRmssdSample,
  type Measurement,
  measurementSchema,
  type TemperatureSample,
  TimestampLocalization,
  timestampFormatter,
} from "../../../../models/index.ts";
import { inOrder } from "../../../kit/in-order.ts";
import { dayMs, type LocalTime, parseTime } from "../../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom, valuesFrom } from "../../../kit/parts.ts";
import { positive } from "../../../kit/values.ts";
import { withProviderData } from "../../../provider-data.ts";
import { midnightOf } from "../reading.ts";
import { calendar, timeOf, type V4CalendarEntry } from "../resources/calendar.ts";
import { weightOf } from "../resources/physical-information.ts";
import { v4PpiSamples } from "../resources/ppi-samples.ts";
import { skinContacts } from "../resources/skin-contacts.ts";
import { temperature, type V4Temperature } from "../resources/temperature.ts";
import { rmssdSupineOf, test, testSamples, type V4Test } from "../resources/test.ts";
import { type PpiOfDay, ppiOfDay, toldOfPpi } from "./ppi.ts";

const blankMeasurement: Measurement = Object.fromEntries(
  Object.keys(measurementSchema.shape).map((field) => [field, null]),
);

interface BodyDay {
  readonly ppi: PpiOfDay;
  readonly temperatures: readonly V4Temperature[];
  /** In the order of time. */
  readonly tests: readonly V4Test[];
  readonly entries: readonly V4CalendarEntry[];
}

/** Returns samples in the zone that their recordings came with; nobody has seen which that is. */
function temperatureSamples(recordings: readonly V4Temperature[], kind: RegExp): TemperatureSample[] {
  const measured = recordings
    .filter(({ measurementType }) => kind.test(measurementType ?? ""))
    .flatMap(({ startTime, temperatureMeasurementSamples }) => {
      const { localMs, offsetMinutes } = parseTime(startTime);
      const format = timestampFormatter(offsetMinutes);
      return (temperatureMeasurementSamples ?? []).flatMap((sample) => {
        const { recordingTimeDeltaMilliseconds: deltaMs, temperatureCelsius: celsius } = sample;
        if (typeof celsius !== "number") return [];
        return [
          { atMs: localMs + deltaMs, timestamp: format(localMs + deltaMs), temperature_celsius: celsius },
        ];
      });
    });
  return inOrder(measured, ({ atMs }) => atMs).map(({ atMs: _atMs, ...sample }) => sample);
}

const formatted = (time: string): string => {
  const { localMs, offsetMinutes } = parseTime(time);
  return formatTimestamp(localMs, offsetMinutes);
};

/** The RMSSD lying down, at the start of the test. That of standing has no time of its own and is only carried. */
const hrvSamples = (tests: readonly V4Test[]): HrvRmssdSample[] =>
  tests.flatMap((one) => {
    const rmssd = positive(rmssdSupineOf(one));
    return rmssd === null ? [] : [{ timestamp: formatted(one.startTime), hrv_rmssd: rmssd }];
  });

const infoOf = ({ fitnessTestResult }: V4Test) => fitnessTestResult?.physicalInformation;

interface Weighed {
  readonly time: string | null;
  readonly weight: number | null;
  readonly height: number | null;
}

const ofTest = (one: V4Test): Weighed => ({
  time: formatted(one.startTime),
  weight: weightOf(infoOf(one)),
  height: positive(infoOf(one)?.height),
});

/** An entry that has only a date was weighed at no known time. */
function ofEntry(entry: V4CalendarEntry): Weighed {
  const time = timeOf(entry);
  return {
    time: time === null || time.length === 10 ? null : formatted(time),
    weight: positive(entry.weight) ?? weightOf(entry.physicalInformation),
    height: positive(entry.physicalInformation?.height),
  };
}

const measurements = ({ tests, entries }: BodyDay): Measurement[] =>
  [...tests.map(ofTest), ...entries.map(ofEntry)]
    .filter(({ weight, height }) => weight !== null || height !== null)
    .sort((one, other) => ((one.time ?? "") < (other.time ?? "") ? -1 : 1))
    .map(({ time, weight, height }) => ({
      ...blankMeasurement,
      measurement_time: time,
      weight_kg: weight,
      height_cm: height,
    }));

/** Returns the last value of a day's fitness tests. */
const lastOf = (tests: readonly V4Test[], field: "vo2Max" | "restingHeartRate" | "maximumHeartRate") =>
  tests.map((one) => positive(infoOf(one)?.[field])).findLast((value) => value !== null) ?? null;

/** Returns the day, at the offset that its bodies came with; local without one where they had none. */
function metadataOf(date: string, { tests, temperatures }: BodyDay): Body["metadata"] {
  const first = [...tests, ...temperatures][0];
  const offsetMinutes: LocalTime["offsetMinutes"] = first ? parseTime(first.startTime).offsetMinutes : null;
  const midnightMs = midnightOf(date);
  return {
    start_time: formatTimestamp(midnightMs, offsetMinutes),
    end_time: formatTimestamp(midnightMs + dayMs, offsetMinutes),
    timestamp_localization: offsetMinutes === 0 ? TimestampLocalization.Utc : TimestampLocalization.Local,
  };
}

function heart({ tests, ppi }: BodyDay): Columnar<Body["heart_data"]> {
  if (tests.length === 0) return { rr_interval_samples: ppi.samples };
  return {
    rr_interval_samples: ppi.samples,
    heart_rate_data: {
      summary: {
        resting_hr_bpm: lastOf(tests, "restingHeartRate"),
        user_max_hr_bpm: lastOf(tests, "maximumHeartRate"),
      },
      detailed: { hrv_samples_rmssd: hrvSamples(tests) },
    },
  };
}

const normalizeBody = (day: BodyDay, date: string): Columnar<Body> =>
  complete("body", {
    metadata: metadataOf(date, day),
    measurements_data: { measurements: measurements(day) },
    oxygen_data: { vo2max_ml_per_min_per_kg: lastOf(day.tests, "vo2Max") },
    heart_data: heart(day),
    temperature_data: {
      skin_temperature_samples: temperatureSamples(day.temperatures, /SKIN/),
      body_temperature_samples: temperatureSamples(day.temperatures, /CORE/),
    },
  });

const lists = [temperature, skinContacts, calendar, v4PpiSamples];
const resources = [test, ...lists];

export const bodyOfV4 = withProviderData(
  "polar",
  {
    type: "body",
    needs: [...namesOf(resources), testSamples.name],
    affects: (part) =>
      isOneOf(resources, part) ? [{ type: "body", naturalKey: part.key.slice(0, 10) }] : [],
    partsOf: (naturalKey) => [
      { resource: test.name, key: naturalKey, prefix: true },
      ...refsTo(lists, naturalKey),
    ],
    normalize(parts, naturalKey) {
      const day = {
        ppi: ppiOfDay(valueFrom(parts, v4PpiSamples) ?? []),
        temperatures: valueFrom(parts, temperature) ?? [],
        tests: [...valuesFrom(parts, test)].sort((one, other) => (one.startTime < other.startTime ? -1 : 1)),
        entries: valueFrom(parts, calendar) ?? [],
      };
      const contacts = valueFrom(parts, skinContacts) ?? [];
      const isMeasured =
        day.tests.length + day.temperatures.length + contacts.length + day.ppi.samples.length > 0 ||
        measurements(day).length > 0;
      // A note or a feeling alone is no measurement of the body.
      if (!isMeasured) return null;
      const body = normalizeBody(day, naturalKey);
      const ppi = day.ppi.quality;
      return ppi.length > 0 ? { ...body, provider_data: { polar: { ppi } } } : body;
    },
  },
  { one: [], several: resources, told: toldOfPpi },
);
