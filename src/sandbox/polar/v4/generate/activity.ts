import { METS } from "../../generate/activity.ts";
import { type ActivityDay, activityDay, SLOT, type Zone } from "../../generate/activity-zones.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { clockSecond, type Local, MINUTE } from "../../generate/local-time.ts";
import type { Json } from "../data.ts";
import type { Switches } from "../switches.ts";
import { deviceUuid } from "./device.ts";

const CLASSES: Record<Zone, string> = {
  SLEEP: "ACTIVITY_CLASS_SLEEP",
  SEDENTARY: "ACTIVITY_CLASS_SEDENTARY",
  LIGHT: "ACTIVITY_CLASS_LIGHT",
  MODERATE: "ACTIVITY_CLASS_CONTINUOUS_MODERATE",
  VIGOROUS: "ACTIVITY_CLASS_CONTINUOUS_VIGOROUS",
  NON_WEAR: "ACTIVITY_CLASS_NON_WEAR",
};

/** Makes a day as `/activity/list` with all features returns it: v3's steps and zones, and no totals. */
export function activityV4(athlete: Athlete, date: string, until: Local, { devices }: Switches): Json {
  const day = activityDay(athlete, date, until);
  return {
    date,
    target: { minDailyMetGoal: 10_500 },
    physicalInformation: {
      birthday: athlete.birthdate,
      sex: athlete.female ? "SEX_FEMALE" : "SEX_MALE",
      height: athlete.height,
      weight: athlete.weight,
      trainingBackground: "TRAINING_BACKGROUND_REGULAR",
      weightSource: "WEIGHT_SOURCE_USER",
      sleepGoal: "28800000",
    },
    activitiesPerDevice: [
      { deviceReference: { deviceId: deviceUuid(athlete) }, activitySamples: [samples(day, day.steps)] },
      ...(devices === "two" ? [second(athlete, day)] : []),
    ],
  };
}

/** A device that counts two steps of three. */
function second(athlete: Athlete, day: ActivityDay): Json {
  const steps = day.steps.map((count) => Math.floor((count * 2) / 3));
  return {
    deviceReference: { deviceId: deviceUuid(athlete, "band") },
    activitySamples: [samples(day, steps)],
  };
}

function samples(day: ActivityDay, steps: readonly number[]): Json {
  const start = clockSecond(day.start);
  return {
    sportInfos: [],
    activityInfos: day.zones.flatMap((zone, slot) =>
      zone === day.zones[slot - 1]
        ? []
        : [{ activityClass: CLASSES[zone], time: clockSecond(day.start + slot * SLOT), factor: 1 }],
    ),
    inactivityInfos: [],
    stepSamples: { startTime: start, interval: MINUTE, steps },
    metSamples: { startTime: start, interval: SLOT, mets: day.zones.map((zone) => metsOf(zone)) },
  };
}

/** Returns the energy in multiples of the resting rate; asleep it is a little below one. */
const metsOf = (zone: Zone) => (zone === "SLEEP" ? 0.9 : 1 + METS[zone]);
