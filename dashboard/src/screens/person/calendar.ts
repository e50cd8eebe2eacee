/** Days and weeks by the calendar alone: a record's day is a day wherever one looks from. */
import type { components } from "../../api/schema.gen.ts";
import { dayMs, dayOf } from "../../ui/days.ts";

export type CalendarDay = components["schemas"]["CalendarDay"];

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Week {
  /** Monday is 0. */
  readonly days: readonly { readonly day: string; readonly weekday: number }[];
  /** Set in the first week of a month. */
  readonly month: string | null;
}

/** Returns every day from the first to the last, both included. */
export function daysBetween(from: string, to: string): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayOf(Date.parse(from) + index * dayMs));
}

const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

export function weeksOf(from: string, to: string): Week[] {
  const weeks: { day: string; weekday: number }[][] = [];
  for (const day of daysBetween(from, to)) {
    const weekday = weekdayOf(day);
    if (weekday === 0 || weeks.length === 0) weeks.push([]);
    weeks.at(-1)?.push({ day, weekday });
  }
  return weeks.map((days, index) => ({ days, month: monthBegunIn(days, weeks[index - 1]) }));
}

interface Day {
  readonly day: string;
}

function monthBegunIn(days: readonly Day[], former: readonly Day[] | undefined): string | null {
  const [own, before] = [days[0]?.day.slice(5, 7), former?.[0]?.day.slice(5, 7)];
  if (former === undefined || own === undefined || own === before) return null;
  return months[Number(own) - 1] ?? null;
}
