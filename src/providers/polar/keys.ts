import { cleaned, type KeyName } from "../kit/clean-item.ts";

/**
 * Converts keys to snake_case. Only here does the code know that Polar spells keys both ways: the documentation says
 * `sample-type`, devices send `sample_type`, and `training_load_pro` holds kebab-case keys inside a snake_case object
 * (POLAR-API §2).
 */
export const snakeCase: KeyName = (key) => (key.includes("-") ? key.replaceAll("-", "_") : key);

/** Returns a body in the form that schemas and ledgers read. */
export const snakeKeys = (value: unknown): unknown => cleaned(value, snakeCase);
