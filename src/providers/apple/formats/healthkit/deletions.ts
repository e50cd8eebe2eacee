/**
 * The deletions of a body. HealthKit tells an app the uuid of a deleted object and nothing else; an app that
 * remembers its type and its start may say them, and then the part is known.
 */
import { z } from "zod";
import { anyPart } from "../../../provider.ts";
import { utcDay } from "../../healthkit/growing-parts.ts";
import { timeOf, typeName } from "../fields.ts";
import type { Statements } from "../statements.ts";

const deletion = z.union([
  z
    .string()
    .min(1)
    .max(100)
    .transform((uuid) => ({ uuid, type: null, start: null })),
  z.object({ uuid: z.string().min(1).max(100), type: typeName, start: z.string() }),
]);

const workoutType = "HKWorkoutTypeIdentifier";

/** Adds a deletion. Returns false when it cannot be read. */
export function readDeletion(item: unknown, statements: Statements): boolean {
  const { data } = deletion.safeParse(item);
  if (data === undefined) return false;
  const uuid = data.uuid.toLowerCase();
  const start = timeOf(data.start);
  if (data.type === null || start === null) {
    statements.delete("samples", anyPart, uuid);
    statements.delete("workouts", anyPart, uuid);
  } else if (data.type === workoutType) statements.delete("workouts", utcDay(start.ms), uuid);
  else statements.delete("samples", `${utcDay(start.ms)}/${data.type}`, uuid);
  return true;
}
