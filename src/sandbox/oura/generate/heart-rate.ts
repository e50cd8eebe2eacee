/** Heart rate through a day: every five minutes, and every five seconds in workouts. Times are in UTC. */
import { clamp, Random, wandering } from "../../kit/random.ts";
import { type Day, hour, minute } from "./plan.ts";

export function heartRateRows(day: Day, until: number): object[] {
  const random = new Random(...day.key, "heart rate");
  const wander = wandering(random, 0.1, 2);
  const midnight = Date.parse(`${day.date}T00:00:00Z`);
  const row = (wallClock: number, bpm: number, source: string) => {
    const instant = wallClock - day.offsetMinutes * minute;
    return {
      timestamp: `${new Date(instant).toISOString().slice(0, 19)}+00:00`,
      timestamp_unix: instant,
      bpm: Math.round(clamp(bpm, 40, 185)),
      source,
    };
  };
  const rows: object[] = [];
  for (let at = midnight + 135_000; at < Math.min(midnight + 24 * hour, until); at += 5 * minute) {
    const isAsleep = at < day.wakeUp;
    rows.push(row(at, (isAsleep ? 56 : 74) + wander(), isAsleep ? "sleep" : "awake"));
  }
  const { workout } = day;
  if (workout === null || workout.start > until) return rows;
  for (let at = workout.start + 2_000; at < workout.start + workout.minutes * minute; at += 30_000)
    rows.push(row(at, 135 + 3 * wander(), "workout"));
  return rows;
}
