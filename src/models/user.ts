import { z } from "zod";
import { flag, section, text, time } from "./section.ts";

/** A connection as clients see it; Terra calls it a user. */
export const terraUserSchema = section({
  /** Any string, not always a UUID. */
  user_id: z.string(),
  /** The provider's name, in capitals. */
  provider: z.string(),
  created_at: time,
  last_webhook_update: time,
  /** The granted scopes, separated by commas; for debugging. */
  scopes: text,
  /** The developer's own id for the person. */
  reference_id: text,
  /** False when no more updates will come. */
  active: flag,
});

export type TerraUser = z.infer<typeof terraUserSchema>;
