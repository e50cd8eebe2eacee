import type { z } from "zod";
import type { Part } from "../../provider.ts";
import { exerciseOffsetLedger } from "../ledger/exercise-offset.ts";
import { listedExerciseSchema, type PolarExerciseOffset } from "../schema/exercise.ts";
import { hourOf } from "../time.ts";
import { resource } from "./declare.ts";

const name = "exercise-offset";
/** Samples and routes are long, and say nothing of an offset. */
const exerciseOffsetSchema = listedExerciseSchema
  .pick({ start_time: true, start_time_utc_offset: true })
  .strip();

/**
 * What an exercise says of its day: the offset in force. It is kept under the local hour in which the exercise
 * began ("2025-05-11T06"). Of two exercises begun within the same hour the one that was fetched last is known.
 */
export function offsetParts({
  start_time,
  start_time_utc_offset,
}: z.output<typeof exerciseOffsetSchema>): readonly Part[] {
  if (typeof start_time_utc_offset !== "number") return [];
  const value: PolarExerciseOffset = { start_time, start_time_utc_offset };
  return [{ resource: name, key: hourOf(start_time), value }];
}

/** The keys that one date has. */
export const hoursOf = (date: string): readonly string[] =>
  Array.from({ length: 24 }, (_, hour) => `${date}T${String(hour).padStart(2, "0")}`);

/** Never asked for: its bodies are those of exercises, of which nothing else is read. */
export const exerciseOffset = resource({
  name,
  schema: exerciseOffsetSchema,
  ledger: exerciseOffsetLedger,
  discovery: null,
  envelope: "exercises",
  path: () => null,
  keys: () => [],
  beside: offsetParts,
});
