/** The UTC day of an instant. */
import { utcDay } from "../../../healthkit/growing-parts.ts";

const dayMs = 86_400_000;

/** The day of the last item; the next one is nearly always in it, and a date is expensive to write. */
let last = { day: "", fromMs: 0 };

/** Returns the UTC day, `2026-01-10`. */
export function dayOf(ms: number): string {
  if (ms < last.fromMs || ms >= last.fromMs + dayMs) {
    const day = utcDay(ms);
    last = { day, fromMs: Date.parse(day) };
  }
  return last.day;
}
