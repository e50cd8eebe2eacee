import { Random } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";

/** Returns the id by which v4 names the person's watch, or another device of theirs. */
export const deviceUuid = (athlete: Athlete, which = "watch"): string =>
  new Random(athlete.userId, athlete.seed, which, "device").uuid().toLowerCase();
