/**
 * The deletions of a body. HealthKit tells an app the uuid of a deleted object and nothing else; an app that
 * remembers its type and its start may say them, and then the part is known.
 */
import { z } from "zod";
import { anyPart } from "../../../provider.ts";
import { utcDay } from "../../healthkit/growing-parts.ts";
import { timeOf, typeName } from "../fields.ts";
import type { Statements } from "../statements.ts";

const uuid = z.string().min(1).max(100);

const deletion = z.union([
  uuid.transform((named) => ({ uuid: named, type: null, start: null })),
  z.object({
    uuid,
    type: typeName.nullable().catch(null),
    start: z.string().nullable().catch(null),
  }),
]);

const workoutType = "HKWorkoutTypeIdentifier";

/**
 * Adds a deletion. Where its type or its start cannot be read, the uuid alone deletes. Returns false when anything cannot
 * be read.
 */
export function readDeletion(item: unknown, statements: Statements): boolean {
  const { data } = deletion.safeParse(item);
  if (data === undefined) return false;
  const id = data.uuid.toLowerCase();
  const start = timeOf(data.start);
  if (data.type === null || start === null) {
    statements.delete("samples", anyPart, id);
    statements.delete("workouts", anyPart, id);
    return typeof item === "string";
  }
  if (data.type === workoutType) statements.delete("workouts", utcDay(start.ms), id);
  else statements.delete("samples", `${utcDay(start.ms)}/${data.type}`, id);
  return true;
}
