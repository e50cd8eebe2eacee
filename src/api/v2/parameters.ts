/** Parameters that several routes take. */
import { z } from "zod";

/** A boolean in a query, where everything is text; Python writes it with a capital. */
export const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["true", "false", "1", "0"]))
  .transform((text) => text === "true" || text === "1")
  .meta({ type: "boolean" });

/**
 * The parameters that start an authorisation. Terra's Java client puts them into the query and leaves the body empty.
 */
export const authParameters = z.object({
  language: z.string().max(64).nullish(),
  reference_id: z.string().max(512).nullish(),
  auth_success_redirect_url: z.string().max(4_096).nullish(),
  auth_failure_redirect_url: z.string().max(4_096).nullish(),
});
