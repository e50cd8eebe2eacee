/** A day's cardio load. */
import { z } from "zod";
import { parseRange } from "../../kit/discovery.ts";
import { asSent, date, number } from "../../kit/fields.ts";
import { carried, type Ledger, mapped } from "../../ledger.ts";
import { listOrDay, ranged, resource } from "../resource.ts";

const unavailable = "LOAD_STATUS_NOT_AVAILABLE";

/**
 * GET /v3/users/cardio-load/{date} (Polar's OpenAPI, cardio-load). Without a status, a strain of 0.0 means none
 * (POLAR-API §3); with a status it is a week without training.
 */
const schema = z
  .looseObject({
    date,
    cardio_load_status: asSent,
    cardio_load: number,
    strain: asSent,
    tolerance: asSent,
    cardio_load_ratio: asSent,
    cardio_load_level: asSent,
  })
  .transform((load) =>
    load.cardio_load_status === unavailable && load.strain === 0 ? { ...load, strain: null } : load,
  );

export type PolarCardioLoad = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [R] captured bodies of real devices. */
const ledger: Ledger = {
  date: mapped(
    "daily.metadata.start_time",
    "key",
    "every date of a list is there, with or without a load [O]",
  ),
  cardio_load: mapped(
    "daily.strain_data.strain_level",
    "exact",
    'TRIMP: "how much strain your training session put on your cardiovascular system" [O], which is what Terra\'s `strain_level` is, "cardiovascular strain imposed on the user during the day". On Polar\'s scale; −1 → null',
  ),
  cardio_load_status: carried("the person's state in one word: DETRAINING to OVERREACHING [O]", [
    "LOAD_STATUS_NOT_AVAILABLE",
  ]),
  strain: carried(
    "mean daily load of the past 7 days [O]: not Terra's `strain_level`, which is of the day. 0 on a day without a status [R] → null",
    [-1],
  ),
  tolerance: carried("mean daily load of the past 28 days [O]; −1 when none [R]", [-1]),
  cardio_load_ratio: carried("`strain` ÷ `tolerance` [O]; −1 when none [R]", [-1]),
  "cardio_load_level.very_low": carried(
    "load up to which a session is very low for this person; 0 when none [R]",
    [0, -1],
  ),
  "cardio_load_level.low": carried("as `very_low`", [0, -1]),
  "cardio_load_level.medium": carried("as `very_low`", [0, -1]),
  "cardio_load_level.high": carried("as `very_low`", [0, -1]),
  "cardio_load_level.very_high": carried('as `very_low`; "very-high" in the documentation [O]', [0, -1]),
};

const basePath = "/v3/users/cardio-load";

/** Returns the path of a period: `90d` for the last 90 days, 180 at most; `6m` for as many months. */
function periodPath(key: string): string | null {
  const [, count, unit] = /^([1-9]\d{0,2})([dm])$/.exec(key) ?? [];
  const most = unit === "d" ? 180 : 6;
  if (count === undefined || Number(count) > most) return null;
  return `${unit === "d" ? "days" : "months"}/${count}`;
}

/**
 * The resource of cardio loads. Notifications do not name it. Polar lists every date, so a day without training is
 * known to be one.
 */
export const cardioLoad = resource({
  name: "cardio-load",
  schema,
  ledger,
  // "Period of days", 180 at most [O]: longer than its list, which has 28.
  discovery: ranged(180, false),
  envelope: "cardio_loads",
  path: (key) => {
    const range = parseRange(key);
    if (range) return `${basePath}/date?from=${range.from}&to=${range.to}`;
    const period = periodPath(key);
    return period ? `${basePath}/period/${period}` : listOrDay(basePath, key);
  },
  keys: ({ date }) => [date],
});
