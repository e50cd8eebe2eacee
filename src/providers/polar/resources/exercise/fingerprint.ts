import { createHash } from "node:crypto";
import type { PolarExercise } from "./schema.ts";

/** Whatever an edit in Flow, or a watch that is synced again, can change of what the list shows. */
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

/** How a list that leaves the samples out would describe an exercise. */
export const exerciseFingerprint = (exercise: PolarExercise): string => {
  const text = JSON.stringify(shown.map((key) => exercise[key] ?? null));
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
};
