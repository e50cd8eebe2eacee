/** Workouts of both APIs: v3's exercises and v4's sessions, which are one where they start at nearly the same time. */
import { instantMs, type LocalTime } from "../kit/iso-time.ts";
import { isPartOf } from "../kit/parts.ts";
import type { Normalizer, Part } from "../provider.ts";
import { activityNormalizer, startOf } from "./normalize/activity.ts";
import { oneRecord } from "./one-record.ts";
import { exercise } from "./resources/exercise/exercise.ts";
import { startOfSession, v4ActivityNormalizer } from "./v4/normalize/activity.ts";
import { trainingSession } from "./v4/resources/training-session/training-session.ts";

/** Polar gives the same workout other ids in v3 and v4; within this time it is the same one (POLAR-V4 §7). */
const withinMs = 120_000;

/** Returns the instant; null without an offset, since the same local time is another moment elsewhere. */
const instantOf = (time: LocalTime): number | null => (time.offsetMinutes === null ? null : instantMs(time));

function startOfPart(part: Part): number | null {
  if (isPartOf(exercise, part)) return instantOf(startOf(part.value));
  return isPartOf(trainingSession, part) ? instantOf(startOfSession(part.value)) : null;
}

export const activity: Normalizer = {
  ...oneRecord(activityNormalizer, v4ActivityNormalizer),
  sharing: { resources: [exercise.name, trainingSession.name], withinMs, startOf: startOfPart },
};
