/** Polar's normalisers. Each adds to its records what their bodies say beyond Terra's fields. */
import type { Normalizer } from "../provider.ts";
import { activityNormalizer } from "./normalize/activity.ts";
import { athleteNormalizer } from "./normalize/athlete.ts";
import { bodyNormalizer } from "./normalize/body.ts";
import { dailyNormalizer } from "./normalize/daily.ts";
import { sleepNormalizer } from "./normalize/sleep.ts";

export const normalizers: readonly Normalizer[] = [
  activityNormalizer,
  dailyNormalizer,
  sleepNormalizer,
  bodyNormalizer,
  athleteNormalizer,
];
