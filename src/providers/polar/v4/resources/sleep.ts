/** A night's sleep, by the day of waking up, and the list of the days that have one. */
import { z } from "zod";
import { declareIndex } from "../../../kit/declare-index.ts";
import { rangeKey } from "../../../kit/discovery.ts";
import { asSent, date, number, text, time, unused } from "../../../kit/fields.ts";
import { instantMs, parseTime } from "../../../kit/iso-time.ts";
import {
  alsoIn,
  carried,
  composite,
  type Fate,
  ignored,
  type Ledger,
  mapped,
  numeric,
} from "../../../ledger.ts";
import { accesslink } from "../../names.ts";
import { compared } from "../../resource.ts";
import { polling } from "../polling.ts";
import { seconds } from "../reading.ts";
import { byDays, type ListCall, list } from "../resource.ts";
import { oneADate, othersFate, othersKey } from "./one-a-date.ts";
import { impersonal } from "./personal.ts";

const resultSchema = z.looseObject({
  hypnogram: z
    .looseObject({
      sleepStart: time,
      sleepEnd: time,
      sleepStateChanges: z.array(z.looseObject({ offsetFromStart: seconds, newState: text })).nullish(),
      alarmSnoozeTimes: impersonal,
      sleepStartOffsetSeconds: asSent,
      sleepEndOffsetSeconds: asSent,
      sleepGoal: asSent,
      sleepRating: asSent,
      batteryRanOut: asSent,
      birthday: unused,
      deviceReference: z.looseObject({ uuid: text }).nullish(),
    })
    .nullish(),
  sleepCycles: impersonal,
});

const evaluationSchema = z.looseObject({
  sleepType: asSent,
  sleepSpan: asSent,
  asleepDuration: seconds.nullish(),
  age: unused,
  analysis: z.looseObject({}).nullish(),
  interruptions: z
    .looseObject({
      totalDuration: seconds.nullish(),
      longDuration: seconds.nullish(),
      shortDuration: seconds.nullish(),
      totalCount: z.int().nullish(),
    })
    .nullish(),
  phaseDurations: z
    .looseObject({
      wake: asSent,
      rem: seconds.nullish(),
      light: seconds.nullish(),
      deep: seconds.nullish(),
      unknown: seconds.nullish(),
    })
    .nullish(),
});

/** An item of `/sleeps` with all features (captured, June 2025). Without features there is only the date. */
const schema = z.looseObject({
  sleepDate: date,
  sleepResult: resultSchema.nullish(),
  originalSleepResult: resultSchema.nullish(),
  sleepEvaluation: evaluationSchema.nullish(),
  sleepScore: z.looseObject({ sleepScore: number }).nullish(),
  [othersKey]: asSent,
});

export type V4Night = z.output<typeof schema>;

const personal = ignored("not needed: a person's birth date and age are no part of a night");

/** Before an edit. Only edited nights have it [Q], and none was seen. */
const original = (what: string) => carried(`${what}, before the person changed it [Q]`);

const score = (what: string): Fate => ({ ...carried(`0–100, ${what} [R]`, [0]), kind: "number" });

/** Sources: [R] captured bodies, [L] a live test that somebody reports, [Q] Polar's text as somebody quotes it. */
const ledger: Ledger = {
  sleepDate: alsoIn(
    "sleep.metadata.summary_id",
    carried("the day of waking up [R]. The id is made from it, and is each person's own"),
  ),
  "sleepResult.hypnogram.sleepStart": mapped(
    [
      "sleep.metadata.start_time",
      "sleep.sleep_durations_data.other.duration_in_bed_seconds",
      "sleep.sleep_durations_data.hypnogram_samples.timestamp",
      "sleep.heart_rate_data.detailed.hrv_samples_rmssd.timestamp",
      "sleep.respiration_data.breaths_data.samples.timestamp",
    ],
    "exact; derived: end − start; its offset",
    "with offset and milliseconds [R]",
  ),
  "sleepResult.hypnogram.sleepEnd": mapped(
    [
      "sleep.metadata.end_time",
      "sleep.sleep_durations_data.other.duration_in_bed_seconds",
      "sleep.sleep_durations_data.hypnogram_samples.level",
    ],
    "exact; derived: end − start; a change at or after it begins no stage of the night",
  ),
  "sleepResult.hypnogram.sleepStateChanges[].offsetFromStart": mapped(
    "sleep.sleep_durations_data.hypnogram_samples.timestamp",
    "derived: sleepStart + offset",
    "to the second. phaseDurations count from the first sleep to the last change, which lies 30 s behind the end [R]",
  ),
  "sleepResult.hypnogram.sleepStateChanges[].newState": mapped(
    "sleep.sleep_durations_data.hypnogram_samples.level",
    "converted",
    "WAKE Awake, REM, NON_REM1 and NON_REM2 Light, NON_REM3 Deep; any other Unknown",
  ),
  "sleepResult.hypnogram.alarmSnoozeTimes": composite(carried("when an alarm was put off [R: empty]")),
  "sleepResult.hypnogram.sleepStartOffsetSeconds": numeric(
    carried("s by which the person moved the start [R: 0]"),
  ),
  "sleepResult.hypnogram.sleepEndOffsetSeconds": numeric(
    carried("s by which the person moved the end [R: 0]"),
  ),
  "sleepResult.hypnogram.sleepGoal": carried(
    "the person's setting, as a duration in seconds, such as 28800s [R]",
  ),
  "sleepResult.hypnogram.sleepRating": carried("the person's own word on the night [R]", [
    "SLEEP_RATING_UNKNOWN",
  ]),
  "sleepResult.hypnogram.batteryRanOut": carried("whether the watch stopped before the end [R]"),
  "sleepResult.hypnogram.birthday": personal,
  "sleepResult.hypnogram.deviceReference.uuid": alsoIn(
    "sleep.metadata.upload_type",
    carried("the device, by the id that v4 has for it [R]; with a device the upload type is Automatic (2)"),
  ),
  "sleepResult.sleepCycles": composite(
    carried(
      "cycles, with `secondsFromSleepStart` that is not what it says: 64,005 in a night of 28,020 s [R]",
    ),
  ),
  "originalSleepResult.hypnogram.sleepStart": original("beginning, with offset"),
  "originalSleepResult.hypnogram.sleepEnd": original("end, with offset"),
  "originalSleepResult.hypnogram.sleepStateChanges": composite(original("changes of stage")),
  "originalSleepResult.hypnogram.alarmSnoozeTimes": composite(original("when an alarm was put off")),
  "originalSleepResult.hypnogram.sleepStartOffsetSeconds": original("s"),
  "originalSleepResult.hypnogram.sleepEndOffsetSeconds": original("s"),
  "originalSleepResult.hypnogram.sleepGoal": original("the person's setting"),
  "originalSleepResult.hypnogram.sleepRating": original("the person's own word"),
  "originalSleepResult.hypnogram.batteryRanOut": original("whether the watch stopped"),
  "originalSleepResult.hypnogram.birthday": personal,
  "originalSleepResult.hypnogram.deviceReference.uuid": original("the device"),
  "originalSleepResult.sleepCycles": composite(original("cycles")),
  "sleepEvaluation.sleepType": carried("what the device can tell: SLEEP_TYPE_SLEEP_PLUS_STAGES [R]"),
  "sleepEvaluation.sleepSpan": carried("sleepEnd − sleepStart, as a duration in seconds [R]"),
  "sleepEvaluation.asleepDuration": mapped(
    "sleep.sleep_durations_data.asleep.duration_asleep_state_seconds",
    "converted to seconds",
    "light + deep + REM [R]",
  ),
  "sleepEvaluation.age": personal,
  "sleepEvaluation.analysis.efficiencyPercent": numeric(
    carried(
      "asleep over the span [R]; Terra's efficiency is of the time in bed, and this night begins with sleep",
    ),
  ),
  "sleepEvaluation.analysis.continuityIndex": carried("1.0–5.0, 5 is uninterrupted [R]", [0]),
  "sleepEvaluation.analysis.continuityClass": carried("1–5, the index in words [R]", [0]),
  "sleepEvaluation.analysis.feedback": carried("the number of a text in Polar's app [R]"),
  "sleepEvaluation.interruptions.totalDuration": mapped(
    "sleep.sleep_durations_data.awake.duration_awake_state_seconds",
    "converted to seconds",
    "equals phaseDurations.wake [R]",
  ),
  "sleepEvaluation.interruptions.longDuration": mapped(
    "sleep.sleep_durations_data.awake.duration_long_interruption_seconds",
    "converted to seconds",
  ),
  "sleepEvaluation.interruptions.shortDuration": mapped(
    "sleep.sleep_durations_data.awake.duration_short_interruption_seconds",
    "converted to seconds",
  ),
  "sleepEvaluation.interruptions.totalCount": mapped(
    "sleep.sleep_durations_data.awake.num_wakeup_events",
    "exact",
    "long and short interruptions [R]",
  ),
  "sleepEvaluation.interruptions.longCount": numeric(carried("interruptions of 90 s or more [R]")),
  "sleepEvaluation.interruptions.shortCount": numeric(carried("interruptions of less than 90 s [R]")),
  "sleepEvaluation.phaseDurations.wake": carried(
    "awake, as a duration in seconds; equals interruptions.totalDuration [R]",
  ),
  "sleepEvaluation.phaseDurations.rem": mapped(
    "sleep.sleep_durations_data.asleep.duration_REM_sleep_state_seconds",
    "converted to seconds",
  ),
  "sleepEvaluation.phaseDurations.light": mapped(
    "sleep.sleep_durations_data.asleep.duration_light_sleep_state_seconds",
    "converted to seconds",
    "N1 and N2 [R]",
  ),
  "sleepEvaluation.phaseDurations.deep": mapped(
    "sleep.sleep_durations_data.asleep.duration_deep_sleep_state_seconds",
    "converted to seconds",
  ),
  "sleepEvaluation.phaseDurations.unknown": mapped(
    "sleep.sleep_durations_data.other.duration_unmeasurable_sleep_seconds",
    "converted to seconds",
  ),
  "sleepEvaluation.phaseDurations.remPercentage": numeric(carried("% of the span [R]")),
  "sleepEvaluation.phaseDurations.deepPercentage": numeric(carried("% of the span [R]")),
  "sleepScore.created": ignored("when Polar computed the score"),
  "sleepScore.lastModified": ignored("when Polar computed the score"),
  "sleepScore.sleepScore": mapped(
    "sleep.scores.sleep",
    "exact",
    "with decimals, which v3 rounds [R]; 0 is no score",
  ),
  "sleepScore.sleepTimeOwnTargetScore": score("the time asleep against the person's own target"),
  "sleepScore.sleepTimeRecommendationScore": score("the time asleep against the recommendation"),
  "sleepScore.continuityScore": score("how solid the sleep was"),
  "sleepScore.efficiencyScore": score("the efficiency"),
  "sleepScore.remScore": score("REM sleep"),
  "sleepScore.n3Score": score("deep sleep"),
  "sleepScore.longInterruptionsTimeScore": score("long interruptions"),
  "sleepScore.groupDurationScore": score("a part of the score"),
  "sleepScore.groupSolidityScore": score("a part of the score"),
  "sleepScore.groupRefreshScore": score("a part of the score"),
  "sleepScore.scoreRate": carried("1–5, the score against the person's usual [R]", [0]),
  [othersKey]: othersFate("the longest night"),
};

const call = {
  path: "/sleeps",
  scope: "sleep:read",
  place: { list: "nightSleeps" },
} as const satisfies ListCall;

/** What the list says of a night: that there is one. */
const fingerprint = "there";

const nightDates = list({
  ...call,
  name: "v4-sleep-index",
  schema: z.looseObject({ sleepDate: date }),
  ledger: { sleepDate: compared },
  discovery: null,
  keys: ({ sleepDate }) => [sleepDate],
});

export const sleepIndex = declareIndex(nightDates, ({ key }) => ({ resource: "v4-sleep", key, fingerprint }));

/** Returns how long a night was, in ms; 0 where that cannot be read. */
function lengthOf(item: object): number {
  const read = schema.safeParse(item).data?.sleepResult?.hypnogram;
  if (!read) return 0;
  return instantMs(parseTime(read.sleepEnd)) - instantMs(parseTime(read.sleepStart));
}

/** With features Polar answers one day a call. */
export const v4Sleep = list({
  ...call,
  name: "v4-sleep",
  features: ["sleep-result", "original-sleep-result", "sleep-evaluation", "sleep-score"],
  schema,
  ledger,
  discovery: byDays({
    daysPerCall: 1,
    announcedBy: accesslink,
    polling: polling.sleep,
    dayIndex: { resource: sleepIndex.name, daysPerCall: 28, key: rangeKey, tellsChanges: false },
  }),
  keys: ({ sleepDate }) => [sleepDate],
  gather: oneADate("sleepDate", lengthOf),
  fingerprint: () => fingerprint,
});
