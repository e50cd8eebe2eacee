/** Documents of Oura for the tests, each with an id of its own. */
import { shiftDate } from "../../src/providers/kit/iso-time.ts";

let made = 0;

export const newId = (): string => {
  made += 1;
  return `10000000-0000-4000-8000-${String(made).padStart(12, "0")}`;
};

/** Returns a night of seven hours in bed that ends on this day. */
export const nightOf = (day: string, changed: object = {}) => ({
  id: newId(),
  day,
  type: "long_sleep",
  bedtime_start: `${shiftDate(day, -1)}T23:30:00-05:00`,
  bedtime_end: `${day}T06:30:00-05:00`,
  time_in_bed: 25_200,
  total_sleep_duration: 23_000,
  low_battery_alert: false,
  period: 0,
  ...changed,
});
