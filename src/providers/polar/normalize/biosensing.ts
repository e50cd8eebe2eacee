/** Converts the sensors' measurements of one day to sections of Body. Every list is in the order of time. */
import {
  type EcgReading,
  type OxygenSaturationSample,
  OxygenSaturationType,
  type TemperatureSample,
  timestampFormatter,
} from "../../../models/index.ts";
import { inOrder } from "../../kit/in-order.ts";
import { instantMs, minuteMs, parseTime } from "../../kit/iso-time.ts";
import { positive } from "../../kit/values.ts";
import { epochMs } from "../resources/biosensing.ts";
import type { PolarBodyTemperature } from "../resources/body-temperature.ts";
import type { PolarEcg } from "../resources/ecg.ts";
import type { PolarSpo2 } from "../resources/spo2.ts";

/** Recordings have UTC times without an offset, and the samples are UTC too. */
export function temperatureSamples(
  recordings: readonly PolarBodyTemperature[],
  type: "TM_SKIN_TEMPERATURE" | "TM_CORE_TEMPERATURE",
): TemperatureSample[] {
  const format = timestampFormatter(0);
  const measured = recordings
    .filter(({ measurement_type }) => measurement_type === type)
    .flatMap(({ start_time, samples }) => {
      const startMs = instantMs(parseTime(start_time));
      return (samples ?? []).map(({ temperature_celsius, recording_time_delta_milliseconds: deltaMs }) => ({
        atMs: startMs + deltaMs,
        temperature_celsius,
      }));
    })
    .filter(({ temperature_celsius }) => typeof temperature_celsius === "number");
  return inOrder(measured, ({ atMs }) => atMs).map(({ atMs, temperature_celsius }) => ({
    timestamp: format(atMs),
    temperature_celsius,
  }));
}

/** Returns a formatter of instants in the offset of the test, or in UTC where Polar gave none. */
function formatterOf({ time_zone_offset }: PolarEcg | PolarSpo2): (instant: number) => string {
  const offsetMinutes = time_zone_offset ?? 0;
  const format = timestampFormatter(offsetMinutes);
  return (instant) => format(instant + offsetMinutes * minuteMs);
}

/** Returns exactly a thousand times a number written in decimal: 0.1235 → 123.5, where × 1000 gives 123.49999…. */
function thousandfold(value: number): number {
  const [digits = "", exponent = "0"] = String(value).split("e");
  return Number(`${digits}e${Number(exponent) + 3}`);
}

export function ecgReading(test: PolarEcg): EcgReading {
  const format = formatterOf(test);
  const startMs = epochMs(test.test_time);
  const signal = inOrder(test.samples ?? [], ({ recording_time_delta_ms }) => recording_time_delta_ms);
  return {
    start_timestamp: format(startMs),
    avg_hr_bpm: positive(test.average_heart_rate_bpm),
    afib_classification: null,
    raw_signal: signal.map(({ recording_time_delta_ms, amplitude_mv }) => ({
      timestamp: format(startMs + recording_time_delta_ms),
      potential_uV: typeof amplitude_mv === "number" ? thousandfold(amplitude_mv) : null,
    })),
  };
}

/** Tells whether a test counts. A test that did not pass has no result. Without a status nothing speaks against it. */
const hasPassed = ({ test_status }: PolarSpo2) => (test_status ?? "SPO2_TEST_PASSED") === "SPO2_TEST_PASSED";

/** Returns the samples without an average: tests that somebody took now and then have no mean for the day. */
export function saturationSamples(tests: readonly PolarSpo2[]): OxygenSaturationSample[] {
  return tests.filter(hasPassed).flatMap((test) => {
    const percentage = positive(test.blood_oxygen_percent);
    if (percentage === null) return [];
    const timestamp = formatterOf(test)(epochMs(test.test_time));
    return { timestamp, percentage, type: OxygenSaturationType.Blood };
  });
}
