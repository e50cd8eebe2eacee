import { addDays } from "../../kit/clock.ts";
import { Random, wandering } from "../../kit/random.ts";
import { activityDay, SLOT, type Zone } from "./activity-zones.ts";
import { type Athlete, polarUser } from "./athlete.ts";
import { clockSecond, DAY, HOUR, type Local, SECOND, startOfDay } from "./local-time.ts";
import { asleepHeartRate } from "./night-signals.ts";
import { covers, nightOf, type Session, sessionSpan } from "./plan.ts";

export interface Reading {
  time: Local;
  rate: number;
}

/** Beats above the resting rate, by zone, when awake. */
const ABOVE_REST: Record<Zone, number> = {
  SLEEP: 4,
  NON_WEAR: 0,
  SEDENTARY: 13,
  LIGHT: 24,
  MODERATE: 42,
  VIGOROUS: 60,
};

/** Makes a day as `GET /v3/users/continuous-heart-rate/{date}` returns it, until the last sync. */
export function continuousHeartRateBody(athlete: Athlete, date: string, until: Local): object {
  return {
    polar_user: polarUser(athlete),
    date,
    heart_rate_samples: readings(athlete, date, until).map(({ time, rate }) => ({
      heart_rate: rate,
      sample_time: clockSecond(time),
    })),
  };
}

/**
 * Returns readings about every five minutes, with bursts of one a second, gaps while the watch is off, and sometimes a
 * lost signal.
 */
export function readings(athlete: Athlete, date: string, until: Local): Reading[] {
  const random = new Random(athlete.seed, date, "continuous");
  const start = startOfDay(date);
  const end = Math.min(start + DAY, until);
  const rateAt = heartRateModel(athlete, date, until, random);
  const found: Reading[] = [];
  for (let time = start + random.int(0, 299) * SECOND; time < end; time += random.int(299, 301) * SECOND) {
    const seconds = random.chance(0.012) ? random.int(20, 120) : 1;
    for (let second = 0; second < seconds && time + second * SECOND < end; second++) {
      const rate = rateAt(time + second * SECOND);
      if (rate !== undefined) found.push({ time: time + second * SECOND, rate });
    }
    time += (seconds - 1) * SECOND;
  }
  const lost = random.chance(0.6) ? found[random.int(0, found.length - 1)] : undefined;
  if (lost) lost.rate = 0;
  return found;
}

/**
 * Returns a model of the heart rate by time. Undefined while the watch is off, and in training: those seconds belong to
 * the exercise.
 */
function heartRateModel(
  athlete: Athlete,
  date: string,
  until: Local,
  random: Random,
): (time: Local) => number | undefined {
  const { zones, start, session } = activityDay(athlete, date, until);
  const nights = [date, addDays(date, 1)].map((day) => nightOf(athlete, day));
  const noise = wandering(random, 0.3, 2.2);
  return (time) => {
    const zone = zones[Math.floor((time - start) / SLOT)];
    if (!zone || zone === "NON_WEAR" || (session && covers(sessionSpan(session), time))) return undefined;
    const night = nights.findLast((candidate) => candidate.start <= time);
    const asleep = zone === "SLEEP" && night ? asleepHeartRate(athlete, night, time) : undefined;
    const wandered = noise();
    return Math.round(asleep ?? awake(athlete, zone, time, session) + wandered);
  };
}

/** Returns the rate while awake: highest in the late afternoon, and raised for a while after training. */
function awake(athlete: Athlete, zone: Zone, time: Local, session: Session | undefined): number {
  const hour = (time % DAY) / HOUR;
  const circadian = 4 * Math.cos(((hour - 17) / 24) * 2 * Math.PI);
  const since = session ? time - sessionSpan(session).end : -1;
  const afterglow = since >= 0 ? 24 * Math.exp(-since / (1.2 * HOUR)) : 0;
  return athlete.restingHr + ABOVE_REST[zone] + circadian + afterglow;
}
