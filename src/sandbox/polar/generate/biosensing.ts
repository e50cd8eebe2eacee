import { Random } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import { type Athlete, reserveUsed } from "./athlete.ts";
import { HOUR, type Local, MINUTE, SECOND, startOfDay, toUtc, utcSecond } from "./local-time.ts";
import { firstHours, nightSignals } from "./night-signals.ts";
import { type Night, nightEnd, nonWearOf } from "./plan.ts";

/** Returns by how many degrees this night's skin differs from the person's usual 34.2 °C. */
const deviation = (athlete: Athlete, date: string) => 0.28 * new Random(athlete.seed, date, "skin").normal();

const USUAL_SKIN = 34.2;
const SAMPLE_EVERY = 5 * MINUTE;

/** Makes a night of `GET …/biosensing/bodytemperature`: skin at the wrist, warming after sleep began. */
export function bodyTemperatureBody(athlete: Athlete, night: Night): object {
  const random = new Random(athlete.seed, night.date, "temperature");
  const end = nightEnd(night);
  const usual = USUAL_SKIN + deviation(athlete, night.date);
  return {
    source_device_id: athlete.deviceId,
    measurement_type: "TM_SKIN_TEMPERATURE",
    sensor_location: "SL_DISTAL",
    ...period(athlete, night.start, end),
    samples: Array.from({ length: Math.floor((end - night.start) / SAMPLE_EVERY) + 1 }, (_, index) => ({
      temperature_celsius: decimal(usual + 0.5 - 2.2 * Math.exp(-index / 7) + 0.12 * random.normal(), 2),
      recording_time_delta_milliseconds: index * SAMPLE_EVERY,
    })),
  };
}

export function skinTemperatureBody(athlete: Athlete, night: Night): object {
  const off = deviation(athlete, night.date);
  return {
    sleep_time_skin_temperature_celsius: decimal(USUAL_SKIN + off, 2),
    deviation_from_baseline_celsius: decimal(off, 2),
    sleep_date: night.date,
  };
}

/** Makes the contacts of a day: worn from midnight on, except in the shower and on the charger. */
export function skinContactsBody(athlete: Athlete, date: string, until: Local): object {
  const start = startOfDay(date);
  const end = Math.min(start + 24 * HOUR, until);
  const change = (time: Local, contact: boolean) => ({
    skin_contact: contact,
    recording_time_delta_milliseconds: time - start,
  });
  const spans = nonWearOf(athlete, date).filter((span) => span.end <= end);
  return {
    source_device_id: athlete.deviceId,
    ...period(athlete, start, end),
    skin_contact_changes: [
      change(start, true),
      ...spans.flatMap((span) => [change(span.start, false), change(span.end, true)]),
    ],
  };
}

function period(athlete: Athlete, start: Local, end: Local): object {
  return {
    start_time: utcSecond(start, athlete.utcOffset),
    end_time: utcSecond(end, athlete.utcOffset),
    modified_time: utcSecond(end + 3 * MINUTE, athlete.utcOffset),
  };
}

/** Makes a test, taken sitting, some minutes after getting up. `test_time` is in seconds. */
function testOf(athlete: Athlete, night: Night, minutesAfter: number) {
  const time = nightEnd(night) + minutesAfter * MINUTE;
  return {
    source_device_id: athlete.deviceId,
    test_time: Math.floor(toUtc(time, athlete.utcOffset) / SECOND),
    time_zone_offset: athlete.utcOffset,
  };
}

export function spo2Body(athlete: Athlete, night: Night): object {
  const random = new Random(athlete.seed, night.date, "spo2");
  const percent = random.int(95, 99);
  return {
    ...testOf(athlete, night, 40),
    test_status: "SPO2_TEST_PASSED",
    blood_oxygen_percent: percent,
    spo2_class: "SPO2_CLASS_NORMAL",
    spo2_value_deviation_from_baseline: percent === 95 ? "DEVIATION_BELOW_USUAL" : "DEVIATION_USUAL",
    spo2_quality_average_percent: decimal(random.between(88, 99), 1),
    average_heart_rate_bpm: athlete.restingHr + random.int(8, 14),
    heart_rate_variability_ms: decimal(athlete.hrv * random.between(0.7, 1), 1),
    spo2_hrv_deviation_from_baseline: "DEVIATION_USUAL",
    altitude_meters: decimal(random.between(10, 60), 1),
  };
}

const ECG_RATE = 125;
const ECG_SECONDS = 30;

/** The waves of a beat: position in the beat, width, height in mV. */
const WAVES = [
  [0.2, 0.025, 0.12],
  [0.365, 0.009, -0.1],
  [0.385, 0.011, 1.05],
  [0.41, 0.01, -0.22],
  [0.62, 0.045, 0.28],
] as const;

export function ecgBody(athlete: Athlete, night: Night): object {
  const random = new Random(athlete.seed, night.date, "ecg");
  const rate = athlete.restingHr + random.int(8, 15);
  const hrv = firstHours(night, nightSignals(athlete, night).hrv) * 0.8;
  return {
    ...testOf(athlete, night, 45),
    average_heart_rate_bpm: rate,
    heart_rate_variability_ms: decimal(hrv, 1),
    heart_rate_variability_level: "ECG_HRV_LEVEL_USUAL",
    rri_ms: decimal(60_000 / rate, 1),
    pulse_transit_time_systolic_ms: decimal(random.between(250, 290), 1),
    pulse_transit_time_diastolic_ms: decimal(random.between(290, 330) - 20 * reserveUsed(athlete, rate), 1),
    pulse_transit_time_quality_index: decimal(random.between(75, 99), 1),
    samples: ecgSamples(random, 60 / rate, hrv / 1000),
    quality_measurements: Array.from({ length: ECG_SECONDS / 5 }, (_, index) => ({
      recording_time_delta_ms: index * 5_000,
      quality_level: "ECG_QUALITY_HIGH",
    })),
  };
}

/** Returns a single lead, with beats as irregular as the variability says. */
function ecgSamples(random: Random, beatSeconds: number, variability: number): object[] {
  let beatStart = 0;
  let beat = beatSeconds;
  return Array.from({ length: ECG_RATE * ECG_SECONDS }, (_, index) => {
    const time = index / ECG_RATE;
    if (time - beatStart >= beat) {
      beatStart += beat;
      beat = beatSeconds + 0.7 * variability * random.normal();
    }
    const phase = (time - beatStart) / beat;
    const wave = WAVES.reduce(
      (sum, [at, width, height]) => sum + height * Math.exp(-(((phase - at) / width) ** 2)),
      0,
    );
    return {
      recording_time_delta_ms: Math.round(time * 1000),
      amplitude_mv: decimal(wave + 0.008 * random.normal(), 3),
    };
  });
}
