/**
 * The one place that knows Polar spells keys both ways: the documentation says `sample-type`, devices send
 * `sample_type`, and `training_load_pro` holds kebab-case keys inside a snake_case object (POLAR-API §2).
 */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return snakeItems(value);
  return typeof value === "object" && value !== null ? snakeFields(value) : value;
}

/** Parts without a kebab-case key are returned as they are: most bodies have none, and some are long. */
function snakeItems(items: readonly unknown[]): readonly unknown[] {
  let changed = false;
  const result = items.map((item) => {
    const renamed = snakeKeys(item);
    changed ||= renamed !== item;
    return renamed;
  });
  return changed ? result : items;
}

function snakeFields(fields: object): object {
  let changed = false;
  const result = Object.entries(fields).map(([key, item]): [string, unknown] => {
    const name = key.includes("-") ? key.replaceAll("-", "_") : key;
    const renamed = snakeKeys(item);
    changed ||= name !== key || renamed !== item;
    return [name, renamed];
  });
  return changed ? Object.fromEntries(result) : fields;
}
