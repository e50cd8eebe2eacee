import { createHash } from "node:crypto";
import type { PolarExercise } from "./schema.ts";

/** The fields of the list that an edit in Flow, or a repeated sync of a watch, can change. */
const shown = [
  "upload_time",
  "device",
  "start_time",
  "start_time_utc_offset",
  "duration",
  "calories",
  "distance",
  "heart_rate",
  "sport",
  "detailed_sport_info",
  "training_load_pro",
  "running_index",
] as const satisfies readonly (keyof PolarExercise)[];

/** Returns the fingerprint of an exercise, as a list without samples would give it. */
export const exerciseFingerprint = (exercise: PolarExercise): string => {
  const text = JSON.stringify(shown.map((key) => exercise[key] ?? null));
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
};
