import { Random } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { bodyTemperatureBody, skinContactsBody } from "../../generate/biosensing.ts";
import { type Local, localSecond, MINUTE, toUtc } from "../../generate/local-time.ts";
import { type Night, nightEnd } from "../../generate/plan.ts";
import type { Json } from "../data.ts";
import { deviceUuid } from "./device.ts";

const plain = <T>(body: object): T => JSON.parse(JSON.stringify(body)) as T;

interface V3Temperature {
  readonly start_time: string;
  readonly measurement_type: string;
  readonly sensor_location: string;
  readonly samples: readonly { temperature_celsius: number; recording_time_delta_milliseconds: number }[];
}

/** Makes a night of `/temperature-measurements`: v3's values by v4's names. */
export function temperatureV4(athlete: Athlete, night: Night): Json {
  const v3 = plain<V3Temperature>(bodyTemperatureBody(athlete, night));
  return {
    deviceReference: { uuid: deviceUuid(athlete) },
    startTime: `${v3.start_time}Z`,
    measurementType: v3.measurement_type,
    sensorLocation: v3.sensor_location,
    temperatureMeasurementSamples: v3.samples.map((sample) => ({
      recordingTimeDeltaMilliseconds: sample.recording_time_delta_milliseconds,
      temperatureCelsius: sample.temperature_celsius,
    })),
  };
}

interface V3Contacts {
  readonly start_time: string;
  readonly end_time: string;
  readonly skin_contact_changes: readonly {
    skin_contact: boolean;
    recording_time_delta_milliseconds: number;
  }[];
}

/** Makes a day of `/skin-contacts`. No body of it was seen: v3's by v4's kind of names. */
export function skinContactsV4(athlete: Athlete, date: string, until: Local): Json {
  const v3 = plain<V3Contacts>(skinContactsBody(athlete, date, until));
  return {
    deviceReference: { uuid: deviceUuid(athlete) },
    startTime: `${v3.start_time}Z`,
    endTime: `${v3.end_time}Z`,
    skinContactChanges: v3.skin_contact_changes.map((change) => ({
      recordingTimeDeltaMilliseconds: change.recording_time_delta_milliseconds,
      skinContact: change.skin_contact,
    })),
  };
}

/** Makes an orthostatic test, taken some minutes after waking. */
export function orthostaticV4(athlete: Athlete, night: Night): Json {
  const random = new Random(athlete.seed, night.date, "orthostatic");
  const lying = athlete.restingHr + random.int(2, 6);
  const standing = lying + random.int(16, 26);
  return {
    ...testOf(athlete, night, 9),
    orthostaticTestResult: {
      rmssdSupine: Math.round(athlete.hrv * random.between(0.9, 1.2)),
      rmssdStand: Math.round(athlete.hrv * random.between(0.4, 0.6)),
      rmssdLtAvgSupine: Math.round(athlete.hrv),
      rmssdLtAvgStand: Math.round(athlete.hrv * 0.5),
      rrAvgSupine: Math.round(60_000 / lying),
      rrMinStandup: Math.round(60_000 / (standing + 18)),
      rrAvgStand: Math.round(60_000 / standing),
      rrLtAvgSupine: Math.round(60_000 / (athlete.restingHr + 4)),
      rrLtMinAvgStandup: Math.round(60_000 / (athlete.restingHr + 42)),
      rrLtAvgStand: Math.round(60_000 / (athlete.restingHr + 25)),
    },
  };
}

/** Makes a fitness test. */
export function fitnessV4(athlete: Athlete, night: Night): Json {
  return {
    ...testOf(athlete, night, 30),
    fitnessTestResult: {
      ownIndex: athlete.vo2max,
      averageHeartRate: athlete.restingHr + 5,
      fitnessClass: "FITNESS_CLASS_GOOD",
      physicalInformation: {
        weight: athlete.weight,
        height: athlete.height,
        restingHeartRate: athlete.restingHr,
        maximumHeartRate: athlete.maximumHr,
        vo2Max: athlete.vo2max,
      },
    },
  };
}

function testOf(athlete: Athlete, night: Night, minutesAfter: number): Json {
  const start = nightEnd(night) + minutesAfter * MINUTE;
  return {
    identifier: {
      id: new Random(athlete.userId, athlete.seed, night.date, minutesAfter, "test").uuid().toLowerCase(),
    },
    created: `${localSecond(toUtc(start + 5 * MINUTE, athlete.utcOffset))}Z`,
    startTime: localSecond(start),
    timezoneOffsetMinutes: athlete.utcOffset,
    deviceReference: { uuid: deviceUuid(athlete) },
  };
}
