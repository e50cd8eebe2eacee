/** Polar's normalisers. Each adds to its records what their bodies say beyond Terra's fields. */
import type { Normalizer } from "../provider.ts";
import { activity } from "./activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { bodyNormalizer } from "./normalize/body.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";
import { oneRecord } from "./one-record.ts";
import { athleteOfV4 } from "./v4/normalize/athlete.ts";
import { bodyOfV4 } from "./v4/normalize/body.ts";
import { v4DailyNormalizer } from "./v4/normalize/daily.ts";
import { v4SleepNormalizer } from "./v4/normalize/sleep.ts";

export const normalizers: readonly Normalizer[] = [
  activity,
  oneRecord(dailyNormalizer, v4DailyNormalizer),
  oneRecord(sleepNormalizer, v4SleepNormalizer),
  oneRecord(bodyNormalizer, bodyOfV4),
  oneRecord(athleteNormalizer, athleteOfV4),
];
