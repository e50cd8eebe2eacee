/** Nightly Recharge: how much a night's sleep restored the person. */
import { z } from "zod";
import { asSent, date, number, unused } from "../../kit/fields.ts";
import { carried, ignored, type Ledger, mapped, numeric } from "../../ledger.ts";
import { clockSeries } from "../clock-series.ts";
import { listed, listOrDay, resource } from "../resource.ts";

/** GET /v3/users/nightly-recharge/{date} (Polar's OpenAPI, nightly-recharge). */
const schema = z.looseObject({
  polar_user: unused,
  date,
  heart_rate_avg: number,
  beat_to_beat_avg: asSent,
  heart_rate_variability_avg: number,
  breathing_rate_avg: number,
  nightly_recharge_status: number,
  ans_charge: asSent,
  ans_charge_status: asSent,
  hrv_samples: clockSeries,
  breathing_samples: clockSeries,
});

export type PolarRecharge = z.output<typeof schema>;

/** Sources: [O] Polar's OpenAPI description, [D] its HTML documentation, [R] captured bodies of real devices. */
const ledger: Ledger = {
  polar_user: ignored("a link whose host varies [R]; the person is known by the token"),
  date: mapped(
    "sleep.metadata.summary_id",
    "key",
    "joins it to the night: a recharge has no times of its own [R]",
  ),
  heart_rate_avg: mapped(
    "sleep.heart_rate_data.summary.avg_hr_bpm",
    "exact",
    'bpm, "during a 4-hour period starting at 30 minutes after falling asleep" [O], not of the whole night',
  ),
  beat_to_beat_avg: carried("ms between heart beats, over the same 4 hours as `heart_rate_avg` [O]", [0, -1]),
  heart_rate_variability_avg: mapped(
    "sleep.heart_rate_data.summary.avg_hrv_rmssd",
    "exact",
    'ms. "Root Mean Square of Successive Differences (RMSSD)" [O], over the same 4 hours',
  ),
  breathing_rate_avg: mapped(
    "sleep.respiration_data.breaths_data.avg_breaths_per_min",
    "exact",
    "over the same 4 hours [O]",
  ),
  nightly_recharge_status: mapped(
    "sleep.readiness_data.recovery_level",
    "exact",
    "very poor (1) to very good (6) [O]: Terra's RecoveryLevel has the same six",
  ),
  ans_charge: numeric(
    carried(
      "−10 to +10: the autonomic nervous system against the person's usual, 0 [O]; Terra's readiness is 0–100",
    ),
  ),
  ans_charge_status: carried("1–5, `ans_charge` in words [O]", [0, -1]),
  "hrv_samples{}": mapped(
    "sleep.heart_rate_data.detailed.hrv_samples_rmssd.hrv_rmssd",
    "exact",
    "ms, 5-minute averages of the whole night [R]; by the average above RMSSD. 0 is no signal",
  ),
  "breathing_samples{}": mapped(
    "sleep.respiration_data.breaths_data.samples.breaths_per_min",
    "exact",
    "5-minute averages [O]; 0 is no signal",
  ),
};

export const nightlyRecharge = resource({
  name: "nightly-recharge",
  schema,
  ledger,
  discovery: listed(28, false),
  envelope: "recharges",
  path: (key) => listOrDay("/v3/users/nightly-recharge", key),
  keys: ({ date }) => [date],
});
