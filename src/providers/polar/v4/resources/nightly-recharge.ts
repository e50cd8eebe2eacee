/** Nightly Recharge: its values, of many nights in one call, and its samples, of one night a call. */
import { z } from "zod";
import { asSent, date, number, text, time, unused } from "../../../kit/fields.ts";
import { instantMs, isParsed, parseTime } from "../../../kit/iso-time.ts";
import { carried, type Fate, ignored, type Ledger, mapped, numeric } from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { polling } from "../polling.ts";
import { seconds } from "../reading.ts";
import { byDays, type ListCall, list } from "../resource.ts";
import { oneADate, othersFate, othersKey } from "./one-a-date.ts";

const values = {
  sleepResultDate: date,
  created: unused,
  modified: unused,
  ansStatus: asSent,
  ansRate: asSent,
  recoveryIndicator: number,
  recoveryIndicatorSubLevel: asSent,
  meanNightlyRecoveryRri: number,
  meanNightlyRecoveryRmssd: number,
  meanNightlyRecoveryRespirationInterval: asSent,
};

/** An item of `/nightly-recharge-results` without features (captured: all values, empty lists of samples). */
const schema = z.looseObject({
  ...values,
  hrvSamples: unused,
  breathingRateSamples: unused,
  [othersKey]: asSent,
});

export type V4Recharge = z.output<typeof schema>;

/** Sources: [R] captured bodies; the same night was compared with v3's. */
const date_: Fate = mapped(
  "sleep.metadata.summary_id",
  "key",
  "joins it to the night: a recharge has no times of its own [R]",
);
const baseline = (what: string): Fate =>
  numeric(carried(`${what} of the person's usual nights, ms [R]; 0 is none`, [0]));

const ledger: Ledger = {
  sleepResultDate: date_,
  created: ignored("when Polar computed it"),
  modified: ignored("when Polar computed it"),
  ansStatus: numeric(
    carried("−10 to +10: the autonomic nervous system against the person's usual, 0; v3's ans_charge [R]"),
  ),
  ansRate: carried("1–5, `ansStatus` in words; v3's ans_charge_status [R]", [0]),
  recoveryIndicator: mapped(
    "sleep.readiness_data.recovery_level",
    "exact",
    "very poor (1) to very good (6), v3's nightly_recharge_status [R]: Terra's RecoveryLevel has the same six",
  ),
  recoveryIndicatorSubLevel: numeric(carried("finer than `recoveryIndicator` [R]")),
  meanNightlyRecoveryRri: mapped(
    "sleep.heart_rate_data.summary.avg_hr_bpm",
    "derived: 60,000 / ms between beats",
    "over the same 4 hours as v3's, which rounds it: 844 ms is 71 bpm [R]; 0 is none",
  ),
  meanNightlyRecoveryRmssd: mapped(
    "sleep.heart_rate_data.summary.avg_hrv_rmssd",
    "exact",
    "ms, equal to v3's [R]; 0 is none",
  ),
  meanNightlyRecoveryRespirationInterval: numeric(
    carried("ms a breath; 0, which is none, in every night seen, while v3 has the breathing rate [R]", [0]),
  ),
  meanBaselineRri: baseline("mean time between beats"),
  sdBaselineRri: baseline("deviation of the time between beats"),
  meanBaselineRmssd: baseline("mean RMSSD"),
  sdBaselineRmssd: baseline("deviation of the RMSSD"),
  meanBaselineRespirationInterval: baseline("mean time of a breath"),
  sdBaselineRespirationInterval: baseline("deviation of the time of a breath"),
  exerciseTip: carried("Polar's advice in words [R]"),
  sleepTip: carried("Polar's advice in words"),
  vitalityTip: carried("Polar's advice in words"),
  hrvSamples: ignored("empty without features [R]; see v4-nightly-recharge-samples"),
  breathingRateSamples: ignored("empty without features [R]; see v4-nightly-recharge-samples"),
  [othersKey]: othersFate("the one that was modified last"),
};

const call = {
  path: "/nightly-recharge-results",
  scope: "nightly_recharge:read",
  place: { list: "nightlyRechargeResults", outer: "nightlyRechargeResults" },
} as const satisfies ListCall;

const series = z.array(z.number().nullable()).nullish();

const samplesSchema = z.looseObject({
  sleepResultDate: date,
  hrvSamples: z
    .array(z.looseObject({ startTime: time, sampleInterval: seconds, hrvValues: series }))
    .nullish(),
  breathingRateSamples: z
    .array(z.looseObject({ startTime: time, sampleInterval: seconds, breathingRateValues: series }))
    .nullish(),
  exerciseTip: text,
  [othersKey]: asSent,
});

export type V4RechargeSamples = z.output<typeof samplesSchema>;

const times = (to: string) =>
  mapped(to, "derived: start + place × interval", "local without a zone; the night's offset is in force [R]");

const again = ignored("also in v4-nightly-recharge");
const sampleLeaves: Ledger = {
  "hrvSamples[].startTime": times("sleep.heart_rate_data.detailed.hrv_samples_rmssd.timestamp"),
  "hrvSamples[].sampleInterval": times("sleep.heart_rate_data.detailed.hrv_samples_rmssd.timestamp"),
  "hrvSamples[].hrvValues": mapped(
    "sleep.heart_rate_data.detailed.hrv_samples_rmssd.hrv_rmssd",
    "exact",
    "ms; 0 is no signal",
  ),
  "breathingRateSamples[].startTime": times("sleep.respiration_data.breaths_data.samples.timestamp"),
  "breathingRateSamples[].sampleInterval": times("sleep.respiration_data.breaths_data.samples.timestamp"),
  "breathingRateSamples[].breathingRateValues": mapped(
    "sleep.respiration_data.breaths_data.samples.breaths_per_min",
    "exact",
    "0 is no signal. They give no average: v3's is of four hours, and this list of the whole night",
  ),
};

/** A leaf of the values is the same in both; only the samples and the date are used. */
const samplesLedger: Ledger = {
  ...Object.fromEntries(
    Object.keys(ledger)
      .filter((leaf) => !(leaf.endsWith("Samples") || leaf === "sleepResultDate" || leaf === othersKey))
      .map((leaf) => [leaf, again]),
  ),
  sleepResultDate: date_,
  [othersKey]: othersFate("the one that was modified last"),
  ...sampleLeaves,
};

/** Returns when a recharge was modified; 0 where that cannot be read. */
function modifiedAt({ modified }: { readonly modified?: unknown }): number {
  return typeof modified === "string" && isParsed(() => parseTime(modified))
    ? instantMs(parseTime(modified))
    : 0;
}

/**
 * The samples of a night. Polar was seen to answer 500 for one night with samples: as calls of their own they cost
 * nothing else.
 */
export const v4RechargeSamples = list({
  ...call,
  name: "v4-nightly-recharge-samples",
  features: ["samples"],
  schema: samplesSchema,
  ledger: samplesLedger,
  discovery: null,
  keys: ({ sleepResultDate }) => [sleepResultDate],
  gather: oneADate("sleepResultDate", modifiedAt),
});

export const v4Recharge = list({
  ...call,
  name: "v4-nightly-recharge",
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 28, announcedBy: accesslink, polling: polling.recharge }),
  keys: ({ sleepResultDate }) => [sleepResultDate],
  gather: oneADate("sleepResultDate", modifiedAt),
  followUps: ({ key }) => [{ resource: v4RechargeSamples.name, key }],
});
