import { addDays, datesBetween } from "../../kit/clock.ts";
import type { Person } from "../state.ts";
import { activityBody } from "./activity.ts";
import { type Athlete, athleteOf } from "./athlete.ts";
import {
  bodyTemperatureBody,
  ecgBody,
  skinContactsBody,
  skinTemperatureBody,
  spo2Body,
} from "./biosensing.ts";
import { cardioLoadBody, dailyLoads } from "./cardio-load.ts";
import { continuousHeartRateBody } from "./continuous-heart-rate.ts";
import { exerciseBody } from "./exercise.ts";
import { dateOf, HOUR, type Local, MINUTE, startOfDay } from "./local-time.ts";
import { rechargeBody } from "./nightly-recharge.ts";
import { physicalInfoBody } from "./physical-info.ts";
import { type Night, nightEnd, nightOf, type Session, sessionOf, sessionSpan } from "./plan.ts";
import { sleepBody } from "./sleep.ts";
import { alertnessBody, circadianBedtimeBody } from "./sleepwise.ts";

/** How much of today must have passed before there is data worth a sync. */
const FIRST_SYNC = HOUR;

export interface Span {
  days: number;
  seed: number;
  now: number;
}

/** What happened in a span of days: both APIs tell it. */
export interface Lived {
  athlete: Athlete;
  /** The last sync, on the person's clock. */
  until: Local;
  dates: string[];
  nights: Night[];
  sessions: Session[];
}

export function livedOf(person: Person, { days, seed, now }: Span): Lived {
  const athlete = athleteOf(person, seed, now);
  const until = now + athlete.utcOffset * MINUTE;
  const today = dateOf(until);
  const dates = datesBetween(addDays(today, -days), today).filter(
    (date) => startOfDay(date) + FIRST_SYNC <= until,
  );
  const nights = dates.map((date) => nightOf(athlete, date)).filter((night) => nightEnd(night) <= until);
  const sessions = dates
    .flatMap((date) => sessionOf(athlete, date) ?? [])
    .filter((session) => sessionSpan(session).end <= until);
  return { athlete, until, dates, nights, sessions };
}

/**
 * Makes bodies of every resource of v3, for `days` whole days and for today so far. The same seed, day and person give the
 * same bodies, however many days are requested.
 */
export function generate(person: Person, span: Span): Map<string, object[]> {
  const { athlete, until, dates, nights, sessions } = livedOf(person, span);
  const every = (count: number) => nights.filter((_, index) => (nights.length - 1 - index) % count === 0);
  const loadOn = dailyLoads(athlete, until);
  return new Map<string, object[]>([
    ["physical-info", [physicalInfoBody(athlete, span.now)]],
    ["exercises", sessions.map((session) => exerciseBody(athlete, session))],
    ["sleep", nights.map((night) => sleepBody(athlete, night))],
    ["nightly-recharge", nights.map((night) => rechargeBody(athlete, night))],
    ["continuous-heart-rate", dates.map((date) => continuousHeartRateBody(athlete, date, until))],
    ["cardio-load", dates.map((date) => cardioLoadBody(loadOn, date))],
    ["sleepwise/alertness", nights.map((night) => alertnessBody(athlete, night))],
    ["sleepwise/circadian-bedtime", nights.map((night) => circadianBedtimeBody(athlete, night))],
    ["biosensing/bodytemperature", nights.map((night) => bodyTemperatureBody(athlete, night))],
    ["biosensing/skintemperature", nights.map((night) => skinTemperatureBody(athlete, night))],
    ["biosensing/skincontacts", dates.map((date) => skinContactsBody(athlete, date, until))],
    ["biosensing/ecg", every(9).map((night) => ecgBody(athlete, night))],
    ["biosensing/spo2", every(5).map((night) => spo2Body(athlete, night))],
    ["activities", dates.map((date) => activityBody(athlete, date, until))],
  ]);
}
