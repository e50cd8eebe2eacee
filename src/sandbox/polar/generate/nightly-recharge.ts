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
  const { stages, heartRate, hrv, breathing } = nightSignals(athlete, night);
  const [rate, variability, breath] = [heartRate, hrv, breathing].map((signal) => firstHours(night, signal));
  const ans = ansCharge(athlete, rate ?? 0, variability ?? 0);
  const ansStatus = clamp(Math.round(3 + ans / 3.5), 1, 5);
  return {
    polar_user: polarUser(athlete),
    date: night.date,
    heart_rate_avg: Math.round(rate ?? 0),
    beat_to_beat_avg: Math.round(60_000 / (rate ?? 60)),
    heart_rate_variability_avg: Math.round(variability ?? 0),
    breathing_rate_avg: decimal(breath ?? 0, 1),
    nightly_recharge_status: clamp(Math.round((ansStatus + sleepScores(stages).charge) * 0.6), 1, 6),
    ans_charge: decimal(ans, 1),
    ans_charge_status: ansStatus,
    hrv_samples: byMinute(hrv, Math.round),
    breathing_samples: byMinute(breathing, (value) => decimal(value, 1)),
  };
}

/** Compares the night with the usual level: a slower and more variable heart rate is better. */
function ansCharge(athlete: Athlete, rate: number, variability: number): number {
  const slower = (athlete.restingHr + 6 - rate) * 0.7;
  const freer = ((variability - athlete.hrv * 0.93) / athlete.hrv) * 14;
  return clamp(slower + freer, -10, 10);
}
