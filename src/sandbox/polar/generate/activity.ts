import { decimal } from "../decimal.ts";
import { type ActivityDay, activityDay, SLOT, type Zone } from "./activity-zones.ts";
import type { Athlete } from "./athlete.ts";
import { DAY, isoDuration, type Local, localBrief, MINUTE, SECOND } from "./local-time.ts";

/** Energy above the resting rate, in multiples of it. */
export const METS: Record<Zone, number> = {
  SLEEP: 0,
  NON_WEAR: 0,
  SEDENTARY: 0.25,
  LIGHT: 1.3,
  MODERATE: 3.2,
  VIGOROUS: 7.5,
};

/** After an hour without movement the watch gives an alert. */
const ALERT_SLOTS = 120;

/**
 * Makes a day as `GET /v3/users/activities?steps&activity_zones&inactivity_stamps` returns it; local time, no offset.
 */
export function activityBody(athlete: Athlete, date: string, until: Local): object {
  const day = activityDay(athlete, date, until);
  const steps = day.steps.reduce((sum, count) => sum + count, 0);
  const alerts = inactivityAlerts(day);
  const active = activeCalories(athlete, day.zones);
  return {
    start_time: localBrief(day.start),
    end_time: endOf(day, until),
    active_duration: isoDuration(secondsIn(day.zones, "LIGHT", "MODERATE", "VIGOROUS")),
    inactive_duration: isoDuration(secondsIn(day.zones, "SEDENTARY")),
    daily_activity: decimal(active / 11, 2),
    calories: Math.round(active + restingCalories(athlete) * (day.zones.length / 2880)),
    active_calories: Math.round(active),
    steps,
    inactivity_alert_count: alerts.length,
    distance_from_steps: decimal(steps * athlete.height * 0.0041, 2),
    samples: {
      date,
      steps: { interval_ms: MINUTE, total_steps: steps, samples: stepSamples(day) },
      activity_zones: { samples: zoneSamples(day) },
      inactivity_stamps: alerts.map((stamp) => ({ stamp: localBrief(stamp) })),
    },
  };
}

/** Returns the end: a whole day ends a second before the next; today ends at the last sync. */
function endOf(day: ActivityDay, until: Local): string {
  if (until >= day.start + DAY) return localBrief(day.start + DAY - SECOND);
  return localBrief(Math.floor(until / MINUTE) * MINUTE);
}

function secondsIn(zones: readonly Zone[], ...counted: Zone[]): number {
  return (zones.filter((zone) => counted.includes(zone)).length * SLOT) / SECOND;
}

function activeCalories(athlete: Athlete, zones: readonly Zone[]): number {
  const mets = zones.reduce((sum, zone) => sum + METS[zone], 0);
  return (mets * athlete.weight) / 120;
}

/** Mifflin–St Jeor's formula, in kcal a day. */
function restingCalories({ weight, height, age, female }: Athlete): number {
  return 10 * weight + 6.25 * height - 5 * age + (female ? -161 : 5);
}

/** Returns the samples; a value equal to the one before is left out. */
function stepSamples(day: ActivityDay): object[] {
  return day.steps.flatMap((steps, minute) =>
    steps === day.steps[minute - 1] ? [] : [{ steps, timestamp: localBrief(day.start + minute * MINUTE) }],
  );
}

/** Returns the zones; a zone lasts until the next stamp. */
function zoneSamples(day: ActivityDay): object[] {
  return day.zones.flatMap((zone, slot) =>
    zone === day.zones[slot - 1] ? [] : [{ timestamp: localBrief(day.start + slot * SLOT), zone }],
  );
}

function inactivityAlerts(day: ActivityDay): Local[] {
  let still = 0;
  return day.zones.flatMap((zone, slot) => {
    still = zone === "SEDENTARY" ? still + 1 : 0;
    return still > 0 && still % ALERT_SLOTS === 0 ? [day.start + (slot + 1) * SLOT] : [];
  });
}
