/** Makes plausible bodies of everything, for whole days and for today so far. */
import { addDays, datesBetween } from "../../kit/clock.ts";
import type { Person } from "../state.ts";
import type { ResourceName } from "../stored.ts";
import { activityForms } from "./activity.ts";
import { fitnessAgeBody, weightBody, weightGoals } from "./body.ts";
import { bodyBatteryBody } from "./body-battery.ts";
import { breathingBody } from "./breathing.ts";
import { cycleBody, cycleDayBody } from "./cycle.ts";
import { dayBody } from "./day.ts";
import { hydrationBody, stepsBody, stressBody } from "./day-lists.ts";
import { dayBodyV2 } from "./day-v2.ts";
import { foodLogBody } from "./food.ts";
import { heartRateBody, spo2Body } from "./heart-rate.ts";
import { heartRateZones, userSettings } from "./person.ts";
import { type Day, dayOf, hour, minute, uuidOf } from "./plan.ts";
import { fileOf } from "./recording.ts";
import { hrvBody, sleepBody } from "./sleep.ts";

/** A body with the day or the id under which it is stored. */
export interface Made {
  readonly resource: ResourceName;
  readonly key: string;
  readonly body: unknown;
  /** The file of an activity, which is made when it is asked for. */
  readonly file?: () => Buffer;
}

/** Of each day that has begun. */
const ofDay: readonly (readonly [ResourceName, (day: Day) => object | null])[] = [
  ["daily-summary", dayBody],
  ["daily-summary-v2", dayBodyV2],
  ["steps", stepsBody],
  ["stress", stressBody],
  ["heart-rate", heartRateBody],
  ["body-battery", bodyBatteryBody],
  ["hydration", hydrationBody],
  ["food-log", foodLogBody],
  ["menstrual-summary", cycleBody],
  ["menstrual-day", cycleDayBody],
];

/** Of each day on which the person has woken up. */
const ofNight: readonly (readonly [ResourceName, (day: Day) => object | null])[] = [
  ["sleep", sleepBody],
  ["hrv", hrvBody],
  ["spo2", spo2Body],
  ["weight", weightBody],
  ["fitness-age", fitnessAgeBody],
];

export function generate(
  person: Person,
  { days, seed, now }: { readonly days: number; readonly seed: number; readonly now: number },
): Made[] {
  const { utc_offset: offsetMinutes, pregnant: isPregnant } = person.profile;
  const until = now + offsetMinutes * minute;
  const today = new Date(until).toISOString().slice(0, 10);
  const whose = { person: person.id, offsetMinutes, isPregnant };
  const all = datesBetween(addDays(today, 1 - days), today).map((date) =>
    dayOf(whose, { seed, date, until }),
  );
  return [
    ...all.flatMap((day) => daily(day)),
    { resource: "user-settings", key: "current", body: userSettings(person.profile) },
    { resource: "heart-rate-zones", key: "current", body: heartRateZones },
    { resource: "weight-goals", key: "current", body: weightGoals(addDays(today, 1 - days)) },
  ];
}

function daily(day: Day): Made[] {
  const made = (list: typeof ofDay): Made[] =>
    list.flatMap(([resource, bodyOf]) => {
      const body = bodyOf(day);
      return body === null ? [] : [{ resource, key: day.date, body }];
    });
  return [
    ...(day.until > day.midnight + hour / 2 ? made(ofDay) : []),
    ...(day.wakeUp <= day.until ? made(ofNight) : []),
    ...activity(day),
    ...(day.midnight + 13 * hour <= day.until && day.nap !== null ? breathing(day) : []),
  ];
}

function breathing(day: Day): Made[] {
  return [{ resource: "wellness-activities", key: uuidOf(day, "breathing"), body: breathingBody(day) }];
}

function activity(day: Day): Made[] {
  const { workout } = day;
  if (workout === null || workout.start + workout.minutes * minute > day.until) return [];
  const { id, listed, detailed, workouts, recorded } = activityForms(day, workout);
  const key = String(id);
  return [
    { resource: "activities", key, body: listed, file: () => fileOf(recorded) },
    { resource: "activity", key, body: detailed },
    { resource: "activity-workouts", key, body: workouts },
  ];
}
