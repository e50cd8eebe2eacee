import { Random } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { localSecond, MINUTE, toUtc } from "../../generate/local-time.ts";
import { nightSignals, type Timed } from "../../generate/night-signals.ts";
import { rechargeOf } from "../../generate/nightly-recharge.ts";
import { type Night, nightEnd } from "../../generate/plan.ts";
import type { Json } from "../data.ts";
import type { Switches } from "../switches.ts";

const FIVE_MINUTES = "300s";

/** Makes a night as `/nightly-recharge-results` with samples returns it: v3's figures, some of them as 0. */
export function rechargeV4(athlete: Athlete, night: Night, { recharge_zeros }: Switches): Json {
  const { hrv, breathing } = nightSignals(athlete, night);
  const { rate, variability, breath, ans, ansStatus, status } = rechargeOf(athlete, night);
  const random = new Random(athlete.seed, night.date, "baseline");
  const orZero = (value: number) => (recharge_zeros ? 0 : Math.round(value));
  const created = new Date(toUtc(nightEnd(night) + 4 * MINUTE, athlete.utcOffset)).toISOString();
  return {
    created,
    modified: created,
    ansStatus: Math.fround(ans),
    recoveryIndicator: status,
    recoveryIndicatorSubLevel: random.int(1, 99),
    ansRate: ansStatus,
    meanNightlyRecoveryRri: Math.round(60_000 / rate),
    meanNightlyRecoveryRmssd: Math.round(variability),
    meanNightlyRecoveryRespirationInterval: orZero(60_000 / breath),
    meanBaselineRri: orZero(60_000 / (athlete.restingHr + 4)),
    sdBaselineRri: random.int(30, 60),
    meanBaselineRmssd: orZero(athlete.hrv),
    sdBaselineRmssd: random.int(3, 9),
    meanBaselineRespirationInterval: Math.round(60_000 / athlete.breathing),
    sdBaselineRespirationInterval: random.int(60, 120),
    exerciseTip: "An easy day would do you good.",
    sleepResultDate: night.date,
    hrvSamples: [{ ...series(hrv), hrvValues: hrv.map(({ value }) => value) }],
    breathingRateSamples: [
      { ...series(breathing), breathingRateValues: breathing.map(({ value }) => value) },
    ],
  };
}

const series = (signal: Timed): Json => ({
  startTime: localSecond(signal[0]?.time ?? 0),
  sampleInterval: FIVE_MINUTES,
});
