import { addDays } from "../../../kit/clock.ts";
import { type Lived, livedOf, type Span } from "../../generate/index.ts";
import { dateOf, localSecond, startOfDay } from "../../generate/local-time.ts";
import { type Night, nightOf } from "../../generate/plan.ts";
import type { Person } from "../../state.ts";
import type { Json, V4Item } from "../data.ts";
import { type V4Kind, v4Kinds } from "../resources.ts";
import type { Switches } from "../switches.ts";
import {
  accountV4,
  calendarV4,
  devicesV4,
  favoriteV4,
  routeV4,
  sportProfilesV4,
  subscriptionV4,
  targetV4,
} from "./account.ts";
import { activityV4 } from "./activity.ts";
import { fitnessV4, orthostaticV4, skinContactsV4, temperatureV4 } from "./body.ts";
import { heartRateV4, ppiV4 } from "./heart.ts";
import { rechargeV4 } from "./recharge.ts";
import { sessionId, sessionV4 } from "./session.ts";
import { sleepV4, sleepWakeV4 } from "./sleep.ts";

/**
 * Makes the bodies of the Dynamic API, of the same person and days as v3's. Large ones are made when they are read, by
 * the switches of that moment.
 */
export function generateV4(person: Person, span: Span, switches: () => Switches): Map<string, V4Item[]> {
  const lived = livedOf(person, span);
  return new Map([...days(lived, switches), ...nights(lived, switches), ...small(lived)]);
}

function days({ athlete, until, dates, sessions }: Lived, switches: () => Switches): [string, V4Item[]][] {
  const daily = (body: (date: string) => Json): V4Item[] =>
    dates.map((date) => ({ id: date, at: date, body: () => body(date) }));
  return [
    [
      "v4-training-sessions",
      sessions.map((session) => ({
        id: sessionId(athlete, session),
        at: localSecond(session.start),
        body: () => sessionV4(athlete, session, switches()),
      })),
    ],
    ["v4-activity", daily((date) => activityV4(athlete, date, until, switches()))],
    ["v4-continuous-samples", daily((date) => heartRateV4(athlete, date, until))],
    ["v4-ppi-samples", daily((date) => ppiV4(athlete, date, until, switches()))],
    [
      "v4-sleep-wake-vectors",
      daily((date) => {
        const around = [date, addDays(date, 1)].map((day) => nightOf(athlete, day));
        return sleepWakeV4(athlete, date, around, until);
      }),
    ],
  ];
}

function nights({ athlete, nights: all }: Lived, switches: () => Switches): [string, V4Item[]][] {
  const nightly = (body: (night: Night) => Json): V4Item[] =>
    all.map((night) => ({ id: night.date, at: night.date, body: () => body(night) }));
  return [
    ["v4-sleeps", nightly((night) => sleepV4(athlete, night))],
    ["v4-nightly-recharge-results", nightly((night) => rechargeV4(athlete, night, switches()))],
  ];
}

function small({ athlete, until, dates, nights: all }: Lived): [string, V4Item[]][] {
  const today = dateOf(until);
  const every = (count: number) => all.filter((_, index) => (all.length - 1 - index) % count === 0);
  const tests = [
    ...every(7).map((night) => orthostaticV4(athlete, night)),
    ...every(28).map((night) => fitnessV4(athlete, night)),
  ];
  const weekly = dates.filter((date) => new Date(startOfDay(date)).getUTCDay() === 1);
  return [
    stored(
      "v4-temperature-measurements",
      all.map((night) => temperatureV4(athlete, night)),
    ),
    stored(
      "v4-skin-contacts",
      dates.map((date) => skinContactsV4(athlete, date, until)),
    ),
    stored("v4-tests", tests),
    stored(
      "v4-calendar",
      weekly.map((date) => calendarV4(athlete, date)),
    ),
    stored("v4-calendar-targets", [targetV4(athlete, today)]),
    stored("v4-favorite-targets", [favoriteV4(athlete)]),
    stored("v4-sport-profiles", sportProfilesV4(athlete)),
    stored("v4-user-devices", [devicesV4(athlete)]),
    stored("v4-account-data", [accountV4(athlete)]),
    stored("v4-subscriptions", [subscriptionV4(athlete)]),
    stored("v4-routes", [routeV4(athlete)]),
  ];
}

function stored(name: string, bodies: readonly Json[]): [string, V4Item[]] {
  const kind = v4Kinds.get(name);
  if (!kind) throw new Error(`There is no resource ${name}`);
  return [name, bodies.map((body) => itemOf(kind, body))];
}

/** @throws Error when the body lacks what identifies or dates it */
export const itemOf = (kind: V4Kind, body: Json): V4Item => ({
  id: kind.identity(body),
  at: kind.at(body),
  body: () => body,
});
