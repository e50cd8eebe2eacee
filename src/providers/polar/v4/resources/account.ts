/** The account: the person, their settings and limits. */
import { z } from "zod";
import { single } from "../../../kit/discovery.ts";
import { offsetMinutes, unused } from "../../../kit/fields.ts";
import { carried, ignored, type Ledger, mapped, numeric } from "../../../ledger.ts";
import { thing } from "../resource.ts";
import { physicalInformation } from "./physical-information.ts";

/** GET /v4/data/user/account-data. */
const schema = z.looseObject({
  physicalInformation: physicalInformation.nullish(),
  localizationSettings: z.looseObject({ timezoneOffsetMinutes: offsetMinutes }).nullish(),
  email: unused,
  emailAddress: unused,
});

export type V4Account = z.output<typeof schema>;

const info = "physicalInformation";
const noTime = "without a time it is no measurement";

/** Sources: [C] the code of two implementers, [R] physical information as other captured bodies have it. */
const ledger: Ledger = {
  [`${info}.birthday`]: mapped("athlete.date_of_birth", "exact", "[R]"),
  [`${info}.sex`]: mapped(["athlete.sex", "athlete.gender"], "converted to lower case", "[R]"),
  [`${info}.weight`]: numeric(carried(`kg [R]; ${noTime}`)),
  [`${info}.height`]: numeric(carried(`cm [R]; ${noTime}`)),
  [`${info}.weightSource`]: carried("where the weight is from [R]"),
  [`${info}.trainingBackground`]: carried("the person's setting [R]"),
  [`${info}.sleepGoal`]: numeric(carried("ms, the person's setting [R]")),
  [`${info}.maximumHeartRate`]: numeric(carried("bpm, the limit that holds now [C]; also in `limits`")),
  [`${info}.restingHeartRate`]: numeric(carried("bpm, the limit that holds now [C]; also in `limits`")),
  [`${info}.vo2Max`]: numeric(carried("ml/min/kg, the limit that holds now [C]; also in `limits`")),
  "localizationSettings.timezoneOffsetMinutes": numeric(
    carried("minutes east of UTC, where the person is now [C]"),
  ),
  email: ignored("personal, and no record needs it"),
  emailAddress: ignored("personal, and no record needs it"),
};

export const account = thing({
  name: "v4-account",
  path: "/user/account-data",
  scope: "profile:read",
  place: { known: ["physicalInformation", "localizationSettings"], outer: "accountData" },
  schema,
  ledger,
  discovery: single(false),
});
