import type { KeyName } from "../kit/clean-item.ts";

/** The one API of the provider. */
export const garminApi = "garmin-personal";

const known = new Map<string, string>();

/** Converts Garmin's keys to snake_case: `averageSpO2Value` → `average_sp_o2_value`, `maxHR` → `max_hr`. */
export const snakeCase: KeyName = (key) => {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
  // Keys of foreign bodies are unlimited; those that are worth remembering are few.
  if (known.size < 2_000) known.set(key, made);
  return made;
};
