import { cleaned, type KeyName } from "../kit/clean-item.ts";

/**
 * The one place that knows Polar spells keys both ways: the documentation says `sample-type`, devices send
 * `sample_type`, and `training_load_pro` holds kebab-case keys inside a snake_case object (POLAR-API §2).
 */
export const snakeCase: KeyName = (key) => (key.includes("-") ? key.replaceAll("-", "_") : key);

/** A body as schemas and ledgers read it. */
export const snakeKeys = (value: unknown): unknown => cleaned(value, snakeCase);
