import { z } from "zod";
import { sqlSettings } from "../kit/sql/settings.ts";

export const settings = z.strictObject({
  ...sqlSettings(5_432, 63),
  schema: z
    .string()
    .max(63)
    .regex(/^[\p{L}_][\p{L}\p{N}_$-]*$/u, "must be a plain name")
    .optional()
    .describe("The schema of the tables, which must be there. Otherwise the user's default one."),
});
export type Settings = z.output<typeof settings>;
