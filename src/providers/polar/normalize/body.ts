import {
  type Body,
  complete,
  formatTimestamp,
  type Measurement,
  measurementSchema,
  TimestampLocalization,
} from "../../../models/index.ts";
import { current } from "../../kit/discovery.ts";
import { dayMs, instantMs, type LocalTime, parseTime } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom, valuesFrom } from "../../kit/parts.ts";
import { positive } from "../../kit/values.ts";
import { withProviderData } from "../../provider-data.ts";
import { bodyTemperature, type PolarBodyTemperature } from "../resources/body-temperature.ts";
import { ecg, type PolarEcg } from "../resources/ecg.ts";
import { type PolarPhysicalInfo, physicalInfo } from "../resources/physical-info.ts";
import { skinContacts } from "../resources/skin-contacts.ts";
import { type PolarSpo2, spo2 } from "../resources/spo2.ts";
import { ecgReading, saturationSamples, temperatureSamples } from "./biosensing.ts";

/** A measurement with every field null. Samples have all fields of the model, like every section. */
const blankMeasurement: Measurement = Object.fromEntries(
  Object.keys(measurementSchema.shape).map((field) => [field, null]),
);

/** The mark of a weight that Polar filled in because the person gave none. */
const defaultWeight = "SOURCE_DEFAULT";

function measurement(info: PolarPhysicalInfo, { localMs, offsetMinutes }: LocalTime): Measurement {
  return {
    ...blankMeasurement,
    measurement_time: formatTimestamp(localMs, offsetMinutes),
    weight_kg: info.weight_source === defaultWeight ? null : positive(info.weight),
    height_cm: positive(info.height),
  };
}

/** Returns the day of Polar's own timestamp, which is in UTC ("2024-06-10T12:00:00Z"). */
function dayOf({ localMs, offsetMinutes }: LocalTime): Body["metadata"] {
  const midnightMs = Math.floor(localMs / dayMs) * dayMs;
  return {
    start_time: formatTimestamp(midnightMs, offsetMinutes),
    end_time: formatTimestamp(midnightMs + dayMs, offsetMinutes),
    timestamp_localization: offsetMinutes === 0 ? TimestampLocalization.Utc : TimestampLocalization.Local,
  };
}

/** The sources of a day: the physical info that was last changed on it, and the sensors' measurements. */
interface BodyDay {
  readonly info: PolarPhysicalInfo | undefined;
  /** All versions of the day that were stored, the last one included. */
  readonly infos: readonly PolarPhysicalInfo[];
  readonly temperatures: readonly PolarBodyTemperature[];
  readonly ecgs: readonly PolarEcg[];
  readonly spo2s: readonly PolarSpo2[];
}

const utcDay = (date: string): LocalTime => ({
  localMs: parseTime(`${date}T00:00`).localMs,
  offsetMinutes: 0,
});

const changeOf = (info: PolarPhysicalInfo | undefined) => {
  const changed = info?.modified ?? info?.created;
  return changed ? parseTime(changed) : null;
};

function heart({ info, ecgs }: BodyDay): Body["heart_data"] {
  return {
    heart_rate_data: info && {
      summary: {
        resting_hr_bpm: positive(info.resting_heart_rate),
        user_max_hr_bpm: positive(info.maximum_heart_rate),
      },
    },
    ecg_signal: ecgs.map(ecgReading),
  };
}

/**
 * Returns one measurement for each time at which the info was changed, in the order of time. Of several with the same
 * time, the one fetched last counts.
 */
function measurements(infos: readonly PolarPhysicalInfo[]): Measurement[] {
  const byTime = new Map<number, Measurement>();
  for (const info of infos) {
    const changed = changeOf(info);
    if (changed) byTime.set(instantMs(changed), measurement(info, changed));
  }
  return [...byTime].sort(([one], [other]) => one - other).map(([, found]) => found);
}

/**
 * Converts physical info (GET /v3/users/physical-info) of the day it was last changed, and biosensing (GET
 * /v3/users/biosensing/…), to the Body of one UTC day. With both, the day is in UTC; physical info alone keeps the
 * offset of its own timestamp.
 */
function normalizeBody(day: BodyDay, date: LocalTime): Body {
  return complete("body", {
    metadata: dayOf(date),
    measurements_data: { measurements: measurements(day.infos) },
    oxygen_data: {
      saturation_samples: saturationSamples(day.spo2s),
      vo2max_ml_per_min_per_kg: positive(day.info?.vo2_max),
    },
    heart_data: heart(day),
    temperature_data: {
      skin_temperature_samples: temperatureSamples(day.temperatures, "TM_SKIN_TEMPERATURE"),
      body_temperature_samples: temperatureSamples(day.temperatures, "TM_CORE_TEMPERATURE"),
    },
  });
}

/** Contacts are only carried, because Terra has no field for them. */
const measured = [bodyTemperature, skinContacts, ecg, spo2];
const resources = [physicalInfo, ...measured];

export const bodyNormalizer = withProviderData(
  "polar",
  {
    type: "body",
    needs: namesOf(resources),
    affects: (part) =>
      isOneOf(resources, part) && part.key !== current
        ? [{ type: "body", naturalKey: part.key.slice(0, 10) }]
        : [],
    partsOf: (naturalKey) => [
      { resource: physicalInfo.name, key: naturalKey, prefix: true },
      ...refsTo(measured, naturalKey),
    ],
    normalize(parts) {
      const infos = valuesFrom(parts, physicalInfo);
      const day = {
        info: infos[0],
        infos,
        temperatures: valueFrom(parts, bodyTemperature) ?? [],
        ecgs: valueFrom(parts, ecg) ?? [],
        spo2s: valueFrom(parts, spo2) ?? [],
      };
      const measurement = parts.find((part) => isOneOf(measured, part));
      const date = measurement ? utcDay(measurement.key) : changeOf(day.info);
      return date && normalizeBody(day, date);
    },
  },
  { one: [physicalInfo], several: measured },
);
