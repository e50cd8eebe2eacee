/** Parsing of settings with the schema of their kind. */
import type { z } from "zod";
import { SystoleError } from "../errors.ts";
import type { Destination } from "./destination.ts";

/** @throws SystoleError DESTINATION_SETTINGS_INVALID naming each setting, never its value. */
export function parseSettings<Settings extends z.ZodType>(
  destination: Destination<Settings>,
  given: unknown,
): z.output<Settings> {
  const parsed = destination.settings.safeParse(given);
  if (parsed.success) return parsed.data;
  const settings = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new SystoleError("DESTINATION_SETTINGS_INVALID", { kind: destination.kind, settings });
}
