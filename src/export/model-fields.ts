/** Lists the fields of the models from their schemas. */
import { z } from "zod";
import { type DataType, models } from "../models/index.ts";

/**
 * Returns the paths of all leaves of a data type, in the schema's order: `laps_data.laps[].distance_meters`. A map whose
 * keys are data (a score's contributors) and a pair of coordinates are leaves.
 */
export const fieldsOf = (type: DataType): readonly string[] => leaves("", models[type]);

function leaves(path: string, schema: unknown): string[] {
  const inner = withoutAbsence(schema);
  if (inner instanceof z.ZodArray) return leaves(`${path}[]`, inner.element);
  if (!(inner instanceof z.ZodObject)) return [path];
  return Object.entries(inner.shape).flatMap(([name, child]) => leaves(joined(path, name), child));
}

const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function withoutAbsence(schema: unknown): unknown {
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  return isWrapped ? withoutAbsence(schema.unwrap()) : schema;
}
