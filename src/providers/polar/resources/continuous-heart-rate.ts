/** A day's continuous heart rate. */
import { z } from "zod";
import { parseRange } from "../../kit/discovery.ts";
import { clock, date, number, unused } from "../../kit/fields.ts";
import { isDate } from "../../kit/iso-time.ts";
import { ignored, type Ledger, mapped } from "../../ledger.ts";
import { ranged, resource } from "../resource.ts";

/** GET /v3/users/continuous-heart-rate/{date} (Polar's OpenAPI, continuous-heartrate). */
const schema = z.looseObject({
  polar_user: unused,
  date,
  heart_rate_samples: z.array(z.looseObject({ heart_rate: number, sample_time: clock })).nullish(),
});

export type PolarHeartRateDay = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
  polar_user: ignored("a link whose host varies [R]; the person is known by the token"),
  date: mapped("daily.metadata.start_time", "key", "[O]"),
  "heart_rate_samples[].heart_rate": mapped(
    [
      "daily.heart_rate_data.detailed.hr_samples.bpm",
      "daily.heart_rate_data.summary.max_hr_bpm",
      "daily.heart_rate_data.summary.min_hr_bpm",
    ],
    "exact; derived: largest and smallest sample",
    '"5 min average samples… There may be periods with samples more often" [O]. 0 is no signal. No average: irregular samples have no mean that is the day\'s',
  ),
  "heart_rate_samples[].sample_time": mapped(
    "daily.heart_rate_data.detailed.hr_samples.timestamp",
    "exact",
    '"Device time used for measurement" [O]: local',
  ),
};

const path = "/v3/users/continuous-heart-rate";

export const continuousHeartRate = resource({
  name: "continuous-heart-rate",
  schema,
  ledger,
  discovery: ranged(28, true),
  envelope: "heart_rates",
  path: (key) => {
    const range = parseRange(key);
    if (range) return `${path}?from=${range.from}&to=${range.to}`;
    return isDate(key) ? `${path}/${key}` : null;
  },
  keys: ({ date }) => [date],
});
