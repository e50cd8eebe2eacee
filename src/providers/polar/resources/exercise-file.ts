/**
 * An exercise's files. They are kept as they came; what the exercise does not say itself (laps, pauses) is read
 * from them. A file that cannot be read is kept all the same and is no part of anything.
 */
import type { z } from "zod";
import { declareFile, type FileDeclaration } from "../../kit/declare-file.ts";
import type { ServedResource } from "../../provider.ts";
import { accesslink } from "../names.ts";
import { exerciseIdPattern } from "./exercise/schema.ts";

interface ExerciseFile<Schema extends z.ZodType, Derived extends object>
  extends Omit<FileDeclaration<Schema, Derived>, "api" | "name" | "request"> {
  /** What follows the exercise's id in the path, and `exercise-` in the resource's name. */
  readonly format: string;
  /** Polar answers 406 to any other. */
  readonly accept: string;
}

/** Each is asked for by its exercise's id, once that is there. */
export function exerciseFile<Schema extends z.ZodType<object>, Derived extends object>({
  format,
  accept,
  ...declaration
}: ExerciseFile<Schema, Derived>): ServedResource<z.output<Schema> & Derived> {
  return declareFile({
    ...declaration,
    name: `exercise-${format}`,
    api: accesslink,
    request: (key) =>
      exerciseIdPattern.test(key) ? { method: "GET", path: `/v3/exercises/${key}/${format}`, accept } : null,
  });
}
