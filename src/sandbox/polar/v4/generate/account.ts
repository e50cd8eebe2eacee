import { addDays } from "../../../kit/clock.ts";
import { Random } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";
import type { Json } from "../data.ts";
import { catalogue, sportId } from "../sports.ts";
import { deviceUuid } from "./device.ts";

const uuid = (athlete: Athlete, ...key: string[]) =>
  new Random(athlete.userId, athlete.seed, ...key).uuid().toLowerCase();

/** Makes a day of the diary. */
export function calendarV4(athlete: Athlete, date: string): Json {
  const random = new Random(athlete.seed, date, "diary");
  return {
    date,
    notes: [{ text: "Slept well, legs a little heavy." }],
    feeling: random.int(1, 5),
    perceivedRecovery: random.int(1, 5),
    weight: Number((athlete.weight + random.normal() * 0.4).toFixed(1)),
  };
}

/** Makes a planned training of a day to come. */
export function targetV4(athlete: Athlete, today: string): Json {
  return {
    identifier: { id: uuid(athlete, today, "target") },
    name: "Easy run",
    startTime: `${addDays(today, 1)}T17:30:00`,
    exercises: [
      {
        sport: { id: String(sportId("RUNNING")) },
        phaseOrRepeat: [{ phase: { name: "Run", goal: { type: "DURATION", durationMillis: "2700000" } } }],
      },
    ],
  };
}

export const favoriteV4 = (athlete: Athlete): Json => ({
  identifier: { id: uuid(athlete, "favourite") },
  name: "Intervals",
  exercises: [{ sport: { id: String(sportId("RUNNING")) }, phaseOrRepeat: [] }],
});

export const sportProfilesV4 = (athlete: Athlete): Json[] =>
  catalogue.slice(0, 3).map(({ id, name }) => ({
    identifier: { id: uuid(athlete, name, "profile") },
    sport: { id: String(id) },
  }));

/** Makes the devices: what they are, and which are in use, joined by their uuid. */
export function devicesV4(athlete: Athlete): Json {
  const device = { uuid: deviceUuid(athlete) };
  return {
    devicesData: [
      {
        deviceReference: device,
        deviceId: athlete.deviceId,
        modelName: "Polar Pacer Pro",
        firmwareVersion: "3.1.26",
      },
    ],
    userDevicesData: { activeDevices: [{ deviceReference: device }] },
  };
}

export const accountV4 = (athlete: Athlete): Json => ({
  physicalInformation: {
    birthday: athlete.birthdate,
    sex: athlete.female ? "SEX_FEMALE" : "SEX_MALE",
    height: athlete.height,
    weight: athlete.weight,
    maximumHeartRate: athlete.maximumHr,
    restingHeartRate: athlete.restingHr,
    vo2Max: athlete.vo2max,
    trainingBackground: "TRAINING_BACKGROUND_REGULAR",
    sleepGoal: "28800000",
  },
  localizationSettings: { timezoneOffsetMinutes: athlete.utcOffset },
});

export const subscriptionV4 = (athlete: Athlete): Json => ({
  identifier: { id: uuid(athlete, "plan") },
  name: "FITNESS_PROGRAM",
  status: "SUBSCRIPTION_STATUS_ACTIVE",
});

/** Makes a saved route to be walked. */
export const routeV4 = (athlete: Athlete): Json => ({
  identifier: { id: "1001" },
  name: "Round the lake",
  wayPoints: [0, 1, 2].map((index) => ({
    latitude: Number((athlete.home.latitude + index / 1000).toFixed(6)),
    longitude: Number((athlete.home.longitude + index / 1000).toFixed(6)),
  })),
});
