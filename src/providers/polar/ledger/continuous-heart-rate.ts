import { ignored, type Ledger, mapped } from "../../ledger.ts";

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
export const continuousHeartRateLedger: Ledger = {
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
