import { clamp } from "../../kit/random.ts";
import { decimal } from "../decimal.ts";
import { type Athlete, polarUser } from "./athlete.ts";
import { byMinute, firstHours, nightSignals } from "./night-signals.ts";
import type { Night } from "./plan.ts";
import { sleepScores } from "./sleep.ts";

/**
 * Makes a night as `GET /v3/users/nightly-recharge/{date}` returns it: without a start time; its date joins it to the
 * sleep.
 */
export function rechargeBody(athlete: Athlete, night: Night): object {
  const { hrv, breathing } = nightSignals(athlete, night);
  const { rate, variability, breath, ans, ansStatus, status } = rechargeOf(athlete, night);
  return {
    polar_user: polarUser(athlete),
    date: night.date,
    heart_rate_avg: Math.round(rate),
    beat_to_beat_avg: Math.round(60_000 / rate),
    heart_rate_variability_avg: Math.round(variability),
    breathing_rate_avg: decimal(breath, 1),
    nightly_recharge_status: status,
    ans_charge: decimal(ans, 1),
    ans_charge_status: ansStatus,
    hrv_samples: byMinute(hrv, Math.round),
    breathing_samples: byMinute(breathing, (value) => decimal(value, 1)),
  };
}

export interface Recharge {
  rate: number;
  variability: number;
  breath: number;
  ans: number;
  ansStatus: number;
  status: number;
}

/** Returns the figures of a night that v3 and v4 both tell. */
export function rechargeOf(athlete: Athlete, night: Night): Recharge {
  const { stages, heartRate, hrv, breathing } = nightSignals(athlete, night);
  const [rate = 60, variability = 0, breath = 0] = [heartRate, hrv, breathing].map((signal) =>
    firstHours(night, signal),
  );
  const ans = ansCharge(athlete, rate, variability);
  const ansStatus = clamp(Math.round(3 + ans / 3.5), 1, 5);
  const status = clamp(Math.round((ansStatus + sleepScores(stages).charge) * 0.6), 1, 6);
  return { rate, variability, breath, ans, ansStatus, status };
}

/** Compares the night with the usual level: a slower and more variable heart rate is better. */
function ansCharge(athlete: Athlete, rate: number, variability: number): number {
  const slower = (athlete.restingHr + 6 - rate) * 0.7;
  const freer = ((variability - athlete.hrv * 0.93) / athlete.hrv) * 14;
  return clamp(slower + freer, -10, 10);
}
