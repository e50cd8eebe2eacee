import { secondsStamp } from "../../kit/clock.ts";
import { decimal } from "../decimal.ts";
import { type Athlete, zoneLimits } from "./athlete.ts";
import { DAY } from "./local-time.ts";

/** Makes the body of `GET /v3/users/physical-info`; `now` is in UTC. */
export function physicalInfoBody(athlete: Athlete, now: number): object {
  const limits = zoneLimits(athlete);
  return {
    weight: decimal(athlete.weight),
    height: decimal(athlete.height),
    created: secondsStamp(now - 200 * DAY),
    modified: secondsStamp(now - DAY),
    birthday: athlete.birthdate,
    gender: athlete.female ? "FEMALE" : "MALE",
    maximum_heart_rate: athlete.maximumHr,
    resting_heart_rate: athlete.restingHr,
    aerobic_threshold: limits[2] ?? 0,
    anaerobic_threshold: limits[4] ?? 0,
    vo2_max: athlete.vo2max,
    weight_source: "SOURCE_USER",
    training_background: "REGULAR",
    typical_day: "MOSTLY_SITTING",
    sleep_goal: "PT8H",
  };
}
