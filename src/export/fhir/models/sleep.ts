/** A night or a nap: the time asleep with its stages as components, the measures and series as members. */
import { sleepStages } from "../own-codes.ts";
import {
  type FhirTable,
  flag,
  loinc,
  minutes,
  own,
  quantity,
  samples,
  sampleTime,
  series,
  state,
  under,
  used,
} from "../table.ts";
import * as shared from "./shared.ts";

const component = { place: "component" } as const;

const stages = under("sleep_durations_data", {
  sleep_efficiency: quantity(own("sleep-efficiency"), "%"),
  ...under("asleep", {
    duration_asleep_state_seconds: minutes(loinc("93832-4"), { place: "value" }),
    duration_deep_sleep_state_seconds: minutes(loinc("93831-6"), component),
    duration_light_sleep_state_seconds: minutes(loinc("93830-8"), component),
    duration_REM_sleep_state_seconds: minutes(loinc("93829-0"), component),
    num_REM_events: quantity(own("rem-episodes"), "{count}", component),
  }),
  ...under("awake", {
    duration_awake_state_seconds: minutes(own("awake-duration"), component),
    duration_long_interruption_seconds: minutes(own("long-interruptions-duration"), component),
    duration_short_interruption_seconds: minutes(own("short-interruptions-duration"), component),
    num_wakeup_events: quantity(own("awakenings"), "{count}", component),
    num_out_of_bed_events: quantity(own("out-of-bed"), "{count}", component),
    sleep_latency_seconds: minutes(own("sleep-latency"), component),
    wake_up_latency_seconds: minutes(own("wake-up-latency"), component),
  }),
  ...under("other", {
    duration_in_bed_seconds: minutes(own("in-bed-duration"), component),
    duration_unmeasurable_sleep_seconds: minutes(own("unmeasurable-sleep-duration"), component),
  }),
  "hypnogram_samples[].timestamp": used("effectivePeriod of each stage"),
  "hypnogram_samples[].level": state(own("sleep-stage"), sleepStages),
});

const ownPeriod = {
  start_time: used("effective[x] of the Observations of this part"),
  end_time: used("effectivePeriod.end of the Observations of this part"),
};
const breath = (statistic: "average" | "maximum" | "minimum") =>
  quantity(loinc("9279-1"), "/min", { statistic });

const respiration = under("respiration_data", {
  ...under("breaths_data", {
    ...ownPeriod,
    avg_breaths_per_min: breath("average"),
    max_breaths_per_min: breath("maximum"),
    min_breaths_per_min: breath("minimum"),
    on_demand_reading: flag(own("breathing-on-demand")),
    "samples[].timestamp": sampleTime,
    "samples[].breaths_per_min": series(loinc("9279-1"), "/min"),
  }),
  ...under("oxygen_saturation_data", {
    ...ownPeriod,
    avg_saturation_percentage: quantity(shared.spo2, "%", { statistic: "average" }),
    "samples[].timestamp": sampleTime,
    "samples[].percentage": shared.saturationSeries,
    "samples[].type": shared.saturationType,
  }),
  ...under("snoring_data", {
    ...ownPeriod,
    num_snoring_events: quantity(own("snoring-events"), "{count}"),
    total_snoring_duration_seconds: quantity(own("snoring-duration"), "s"),
    "samples[].timestamp": sampleTime,
    "samples[].duration_seconds": series(own("snoring-duration"), "s"),
  }),
});

const period = { start: "start_time", end: "end_time" };

export const sleepTable: FhirTable = {
  category: "activity",
  momentOf: "start",
  panel: { code: loinc("93832-4") },
  periods: {
    "respiration_data.breaths_data": period,
    "respiration_data.oxygen_saturation_data": period,
    "respiration_data.snoring_data": period,
  },
  lists: {
    ...shared.heartLists,
    "sleep_durations_data.hypnogram_samples": samples,
    "respiration_data.breaths_data.samples": samples,
    "respiration_data.oxygen_saturation_data.samples": samples,
    "respiration_data.snoring_data.samples": samples,
  },
  fields: {
    ...under("metadata", {
      ...shared.times,
      summary_id: used("identifier (as the natural key)", false),
      upload_type: shared.uploadTag,
      is_nap: flag(own("is-nap"), component),
    }),
    ...shared.device,
    ...shared.heart(shared.heartCodesOfNight),
    ...stages,
    ...respiration,
    "temperature_data.delta": quantity(own("skin-temperature-delta"), "Cel", { signed: true }),
    "readiness_data.readiness": quantity(own("readiness"), "{score}"),
    "readiness_data.recovery_level": quantity(own("recovery-level"), "{score}", { signed: true }),
    "scores.sleep": quantity(own("sleep-score"), "{score}"),
    ...shared.enrichment(
      "sleep_score",
      "sleep_contributors",
      "readiness_score",
      "readiness_contributors",
      "sleep_score_v2",
      "sleep_score_v2_contributors",
      "respiratory_score_v2",
      "respiratory_score_v2_contributors",
    ),
  },
};
