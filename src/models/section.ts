import { z } from "zod";
import { timestampSchema } from "./timestamp.ts";

/**
 * A schema of one object of a model. Keys that Terra added later are kept at run time, but the type knows only the
 * declared ones: an index signature would let a misspelt field pass the compiler.
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strip> {
  return z.looseObject(shape) as unknown as z.ZodObject<Shape, z.core.$strip>;
}

// Terra leaves nearly every property optional and nullable, so these are the common case; the few required ones are
// written out where they occur.
export const number = z.number().nullish();
export const integer = z.int().nullish();
export const text = z.string().nullish();
export const flag = z.boolean().nullish();
export const time = timestampSchema.nullish();

/** An array that may be absent or null; its elements may not. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).nullish();
}

/** A latitude and a longitude in degrees; either may be null. */
export const coordinates = z.tuple([z.number().nullable(), z.number().nullable()]);
export type Coordinates = z.infer<typeof coordinates>;

/** Name of a contributing factor → its weighted share of a score. */
export const contributors = z.record(z.string(), z.number()).nullish();
