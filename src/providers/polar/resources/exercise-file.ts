/**
 * Declares the files of an exercise. They are stored as they came; what the exercise does not contain itself (laps,
 * pauses) is read from them. A file that cannot be read is stored too, but makes no part.
 */
import type { z } from "zod";
import { declareFile, type FileDeclaration } from "../../kit/declare-file.ts";
import type { ServedResource } from "../../provider.ts";
import { accesslink } from "../names.ts";
import { exerciseIdPattern } from "./exercise/schema.ts";

interface ExerciseFile<Schema extends z.ZodType, Derived extends object>
  extends Omit<FileDeclaration<Schema, Derived>, "api" | "name" | "request"> {
  /** The last segment of the path, and the end of the resource's name after `exercise-`. */
  readonly format: string;
  /** The media type to ask for: Polar answers 406 to any other. */
  readonly accept: string;
}

/** Declares one kind of file. Each is fetched by its exercise's id, once the exercise is there. */
export function exerciseFile<Schema extends z.ZodType<object>, Derived extends object>({
  format,
  accept,
  ...declaration
}: ExerciseFile<Schema, Derived>): ServedResource<z.output<Schema> & Derived> {
  return declareFile({
    ...declaration,
    name: `exercise-${format}`,
    fileFormat: format,
    api: accesslink,
    request: (key) =>
      exerciseIdPattern.test(key) ? { method: "GET", path: `/v3/exercises/${key}/${format}`, accept } : null,
  });
}
