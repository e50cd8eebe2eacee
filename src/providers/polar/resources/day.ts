import { activityLedger } from "../ledger/activity.ts";
import { cardioLoadLedger } from "../ledger/cardio-load.ts";
import { continuousHeartRateLedger } from "../ledger/continuous-heart-rate.ts";
import { cardioLoadSchema } from "../schema/cardio-load.ts";
import { activityDaySchema, heartRateDaySchema } from "../schema/day.ts";
import { dateOf, isDate } from "../time.ts";
import { everything, listOrDay, parseRange, ranged, resource } from "./declare.ts";

const activityQuery = "steps=true&activity_zones=true&inactivity_stamps=true";

export const activity = resource({
  name: "activity",
  schema: activityDaySchema,
  ledger: activityLedger,
  discovery: ranged(365, true),
  envelope: "activities",
  path: (key) => {
    if (key === everything) return `/v3/users/activities?${activityQuery}`;
    const range = parseRange(key);
    if (range) return `/v3/users/activities?from=${range.from}&to=${range.to}&${activityQuery}`;
    return isDate(key) ? `/v3/users/activities/${key}?${activityQuery}` : null;
  },
  // The samples carry the date; without them a day is the one asked for, or the one it starts on.
  keys: ({ samples, start_time }, askedKey) => {
    if (samples?.date) return [samples.date];
    if (isDate(askedKey)) return [askedKey];
    return start_time ? [dateOf(start_time)] : null;
  },
});

export const continuousHeartRate = resource({
  name: "continuous-heart-rate",
  schema: heartRateDaySchema,
  ledger: continuousHeartRateLedger,
  discovery: ranged(28, true),
  envelope: "heart_rates",
  path: (key) => {
    const range = parseRange(key);
    if (range) return `/v3/users/continuous-heart-rate?from=${range.from}&to=${range.to}`;
    return isDate(key) ? `/v3/users/continuous-heart-rate/${key}` : null;
  },
  keys: ({ date }) => [date],
});

const cardioLoadPath = "/v3/users/cardio-load";

/** `90d` the last 90 days, 180 at most; `6m` as many months. */
function periodPath(key: string): string | null {
  const [, count, unit] = /^([1-9]\d{0,2})([dm])$/.exec(key) ?? [];
  const most = unit === "d" ? 180 : 6;
  if (count === undefined || Number(count) > most) return null;
  return `${unit === "d" ? "days" : "months"}/${count}`;
}

/** No notification names it. Every date is there, so that a day without training is known to be one. */
export const cardioLoad = resource({
  name: "cardio-load",
  schema: cardioLoadSchema,
  ledger: cardioLoadLedger,
  // "Period of days", 180 at most [O]: further back than its list, which has 28.
  discovery: ranged(180, false),
  envelope: "cardio_loads",
  path: (key) => {
    const range = parseRange(key);
    if (range) return `${cardioLoadPath}/date?from=${range.from}&to=${range.to}`;
    const period = periodPath(key);
    return period ? `${cardioLoadPath}/period/${period}` : listOrDay(cardioLoadPath, key);
  },
  keys: ({ date }) => [date],
});
