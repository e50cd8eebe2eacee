import { addDays } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import type { Athlete } from "./athlete.ts";
import { type Local, MINUTE, startOfDay } from "./local-time.ts";
import {
  covers,
  nightEnd,
  nightOf,
  nonWearOf,
  type Session,
  type Span,
  sessionOf,
  sessionSpan,
} from "./plan.ts";

export type Zone = "SLEEP" | "SEDENTARY" | "LIGHT" | "MODERATE" | "VIGOROUS" | "NON_WEAR";

export const SLOT = 30_000;
const SLOTS = 2880;

export interface ActivityDay {
  date: string;
  start: Local;
  session: Session | undefined;
  /** One zone for each half-minute, up to the last sync. */
  zones: Zone[];
  /** The steps of each minute. */
  steps: number[];
}

const SESSION_ZONE: Record<Session["kind"], Zone> = {
  "easy run": "VIGOROUS",
  "interval run": "VIGOROUS",
  "long run": "VIGOROUS",
  ride: "VIGOROUS",
  swim: "VIGOROUS",
  strength: "MODERATE",
  walk: "MODERATE",
};

const known = new WeakMap<Athlete, Map<string, ActivityDay>>();

/** Returns the day as worn on the wrist, until the end of the day or the last sync. */
export function activityDay(athlete: Athlete, date: string, until: Local): ActivityDay {
  const days = known.get(athlete) ?? new Map<string, ActivityDay>();
  known.set(athlete, days);
  const day = days.get(date) ?? dayOf(athlete, date, until);
  days.set(date, day);
  return day;
}

function dayOf(athlete: Athlete, date: string, until: Local): ActivityDay {
  const start = startOfDay(date);
  const session = sessionOf(athlete, date);
  const slots = Math.min(SLOTS, Math.max(0, Math.floor((until - start) / SLOT)));
  const zones = zonesOf(athlete, date, session).slice(0, slots);
  return { date, start, session, zones, steps: stepsOf(athlete, date, zones, session) };
}

function zonesOf(athlete: Athlete, date: string, session: Session | undefined): Zone[] {
  const random = new Random(athlete.seed, date, "zones");
  const start = startOfDay(date);
  const fixed = fixedSpans(athlete, date, session);
  let loose: Zone = "SEDENTARY";
  return Array.from({ length: SLOTS }, (_, slot) => {
    const time = start + slot * SLOT;
    loose = wander(random, loose, slot / 120);
    return fixed.find(({ span }) => covers(span, time))?.zone ?? loose;
  });
}

/** Returns the spans that are fixed beforehand; the first one that covers a moment counts. */
function fixedSpans(
  athlete: Athlete,
  date: string,
  session: Session | undefined,
): { span: Span; zone: Zone }[] {
  const sleeping = (day: string): Span => {
    const night = nightOf(athlete, day);
    return { start: night.start, end: nightEnd(night) };
  };
  return [
    ...(session ? [{ span: sessionSpan(session), zone: SESSION_ZONE[session.kind] }] : []),
    { span: sleeping(date), zone: "SLEEP" },
    { span: sleeping(addDays(date, 1)), zone: "SLEEP" },
    ...nonWearOf(athlete, date).map((span) => ({ span, zone: "NON_WEAR" as const })),
  ];
}

/** Changes the zone from time to time: sitting at the desk, standing at home, walking on the way between the two. */
function wander(random: Random, zone: Zone, hour: number): Zone {
  if (!random.chance(0.09)) return zone;
  const commuting = (hour >= 7.6 && hour < 8.2) || (hour >= 16.3 && hour < 17);
  const atDesk = hour >= 9 && hour < 16.3;
  const [sedentary, light] = commuting ? [0.15, 0.35] : atDesk ? [0.68, 0.3] : [0.48, 0.49];
  const drawn = random.next();
  if (drawn < sedentary) return "SEDENTARY";
  return drawn < sedentary + light ? "LIGHT" : "MODERATE";
}

const STEPS: Record<Zone, [number, number]> = {
  SLEEP: [0, 0],
  NON_WEAR: [0, 0],
  SEDENTARY: [0, 1],
  LIGHT: [0, 28],
  MODERATE: [70, 112],
  VIGOROUS: [162, 176],
};

function stepsOf(
  athlete: Athlete,
  date: string,
  zones: readonly Zone[],
  session: Session | undefined,
): number[] {
  const random = new Random(athlete.seed, date, "steps");
  const noSteps =
    session && (session.kind === "ride" || session.kind === "swim" || session.kind === "strength");
  return Array.from({ length: Math.floor(zones.length / 2) }, (_, minute) => {
    const time = startOfDay(date) + minute * MINUTE;
    const steps = random.int(...STEPS[zones[minute * 2] ?? "SLEEP"]);
    return session && noSteps && covers(sessionSpan(session), time) ? 0 : steps;
  });
}
