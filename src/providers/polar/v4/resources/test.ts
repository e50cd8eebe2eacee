/** Orthostatic and fitness tests: the resources and their ledgers. */
import { z } from "zod";
import { time } from "../../../kit/fields.ts";
import { dateOf, localTime } from "../../../kit/iso-time.ts";
import {
  alsoIn,
  carried,
  composite,
  identifying,
  ignored,
  type Ledger,
  mapped,
  numeric,
} from "../../../ledger.ts";
import { byDays, list } from "../resource.ts";
import { impersonal } from "./personal.ts";
import { physicalInformation } from "./physical-information.ts";

/** Numbers of an orthostatic test that a record needs; the others are carried with them. */
const orthostatic = z.looseObject({ rmssdSupine: z.number().nullish().catch(null) });

/** GET /v4/data/tests/list: one test. Its kind is told by the result that it has. */
const schema = z.looseObject({
  startTime: time,
  identifier: impersonal,
  timezoneOffsetMinutes: impersonal,
  deviceReference: impersonal,
  orthostaticTestResult: impersonal,
  fitnessTestResult: z.looseObject({ physicalInformation: physicalInformation.nullish() }).nullish(),
});

export type V4Test = z.output<typeof schema>;

/** Returns the RMSSD lying down, in ms, as it was sent; null where the test has none. */
export function rmssdSupineOf({ orthostaticTestResult }: V4Test): number | null {
  const read = orthostatic.safeParse(orthostaticTestResult);
  return read.success ? (read.data.rmssdSupine ?? null) : null;
}

const body = "body.heart_data.heart_rate_data";
const info = "fitnessTestResult.physicalInformation";

/** Sources: [L] one implementer's live test; [R] physical information as other captured bodies have it. */
const ledger: Ledger = {
  startTime: identifying(
    mapped(
      ["body.metadata.start_time", "body.measurements_data.measurements.measurement_time"],
      "key, exact",
      "its date is the record's",
    ),
  ),
  identifier: composite(carried("Polar's id of the test")),
  created: ignored("when Polar stored it"),
  modified: ignored("when Polar changed it"),
  timezoneOffsetMinutes: numeric(
    carried(
      "minutes east of UTC, as sessions have them; nobody has seen it with a test, so times stay local",
    ),
  ),
  deviceReference: composite(carried("the device that measured")),
  orthostaticTestResult: alsoIn(
    [`${body}.detailed.hrv_samples_rmssd.hrv_rmssd`, `${body}.detailed.hrv_samples_rmssd.timestamp`],
    composite(
      carried(
        "the test's results as sent, in ms: rmssdSupine, rmssdStand, rrAvgSupine, rrMinStandup, and long-term averages [L]; rmssdSupine is also a sample of HRV at the start of the test",
      ),
    ),
  ),
  "fitnessTestResult.ownIndex": numeric(carried("Polar's name for the estimate of VO2max")),
  "fitnessTestResult.averageHeartRate": numeric(carried("bpm during the test")),
  "fitnessTestResult.fitnessClass": carried("the result in words"),
  [`${info}.weight`]: mapped("body.measurements_data.measurements.weight_kg", "exact", "kg [R]"),
  [`${info}.height`]: mapped("body.measurements_data.measurements.height_cm", "exact", "cm [R]"),
  [`${info}.restingHeartRate`]: mapped(`${body}.summary.resting_hr_bpm`, "exact", "bpm [L]"),
  [`${info}.maximumHeartRate`]: mapped(
    `${body}.summary.user_max_hr_bpm`,
    "exact",
    "bpm, the person's setting",
  ),
  [`${info}.vo2Max`]: mapped(
    "body.oxygen_data.vo2max_ml_per_min_per_kg",
    "exact",
    "the result of a fitness test; of several on one day the last [L]",
  ),
  [`${info}.weightSource`]: alsoIn(
    "body.measurements_data.measurements.weight_kg",
    carried("where the weight is from; one from a default was given by nobody, and `weight_kg` is null"),
  ),
  [`${info}.trainingBackground`]: carried("the person's setting"),
  [`${info}.sleepGoal`]: numeric(carried("ms, the person's setting")),
  [`${info}.sex`]: ignored("the person's, who has a record of their own"),
  [`${info}.birthday`]: ignored("personal, and no measurement needs it"),
};

export const test = list({
  name: "v4-test",
  path: "/tests/list",
  scope: "tests:read",
  place: { list: "tests" },
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 28 }),
  keys: ({ startTime }) => [localTime(startTime)],
  // Samples come only with a feature, and then a call may ask for one day.
  followUps: ({ value: { startTime } }) => [{ resource: "v4-test-samples", key: dateOf(startTime) }],
});

const keptRaw = "the results are in v4-test; samples are kept raw, since nobody has reported their form";
const sampleSchema = z.looseObject({ startTime: time });

/** The same tests with their samples, whose form nobody has reported: they are kept as they came. */
export const testSamples = list({
  name: "v4-test-samples",
  path: "/tests/list",
  scope: "tests:read",
  place: { list: "tests" },
  features: ["samples"],
  schema: sampleSchema,
  ledger: {
    startTime: ignored("as the test has it"),
    identifier: ignored("as the test has it"),
    created: ignored("as the test has it"),
    modified: ignored("as the test has it"),
    timezoneOffsetMinutes: ignored("as the test has it"),
    deviceReference: ignored("as the test has it"),
    orthostaticTestResult: ignored(keptRaw),
    fitnessTestResult: ignored(keptRaw),
    samples: ignored(keptRaw),
  },
  discovery: null,
  keys: ({ startTime }) => [localTime(startTime)],
});
