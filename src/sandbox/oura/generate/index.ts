/** Makes plausible documents of every collection, for whole days and for today so far. */
import { addDays, datesBetween } from "../../kit/clock.ts";
import type { Person } from "../state.ts";
import { activityBody, measuresOf, sessionBody, tagBody, vo2MaxBody, workoutBody } from "./day.ts";
import { heartRateRows } from "./heart-rate.ts";
import { type Day, dayOf, hour, minute } from "./plan.ts";
import { napBody, nightBody } from "./sleep.ts";

export function generate(
  { id, profile: { utc_offset } }: Person,
  { days, seed, now }: { days: number; seed: number; now: number },
): Map<string, object[]> {
  const until = now + utc_offset * minute;
  const today = new Date(until).toISOString().slice(0, 10);
  const all = datesBetween(addDays(today, -days), today).map((date) => dayOf(id, seed, date, utc_offset));
  const begun = all.filter(({ date }) => Date.parse(`${date}T05:00:00Z`) <= until);
  const woken = all.filter(({ wakeUp }) => wakeUp <= until);
  const past = (time: (day: Day) => number | undefined) =>
    all.filter((day) => (time(day) ?? Number.POSITIVE_INFINITY) <= until);
  const noon = ({ date }: Day) => Date.parse(`${date}T00:00:00Z`) + 13 * hour;
  const every = (of: readonly Day[], count: number) => of.filter((_, index) => index % count === 0);
  const measures = new Map<string, object[]>();
  for (const day of woken)
    for (const [name, body] of measuresOf(day)) measures.set(name, [...(measures.get(name) ?? []), body]);
  const trained = past(({ workout }) =>
    workout === null ? undefined : workout.start + workout.minutes * minute,
  );
  const napped = past(({ nap }) => (nap === null ? undefined : nap.start + nap.minutes * minute));
  return new Map<string, object[]>([
    // Samples first: nothing announces them, and what is announced next is fetched with them.
    ["heartrate", begun.flatMap((day) => heartRateRows(day, until))],
    ["sleep", [...woken.map(nightBody), ...napped.flatMap((day) => napBody(day) ?? [])]],
    ["workout", trained.flatMap((day) => workoutBody(day) ?? [])],
    ["session", every(past(noon), 5).map(sessionBody)],
    ...measures,
    ["vO2_max", every(woken, 7).map(vo2MaxBody)],
    [
      "enhanced_tag",
      every(
        past((day) => noon(day) + 6 * hour),
        4,
      ).map(tagBody),
    ],
    ["ring_configuration", [ringBody(id)]],
    ["daily_activity", begun.map((day) => activityBody(day, until))],
  ]);
}

const ringBody = (person: string): object => ({
  id: `ring-${person.slice(0, 8)}`,
  color: "silver",
  design: "heritage",
  firmware_version: "2.9.31",
  hardware_type: "gen3",
  set_up_at: "2024-01-01T09:00:00+00:00",
  size: 9,
});
