/**
 * Checks lengths that no device comes near, before a body is validated: validation takes time and memory for
 * every name and item, and a faulty provider may send a million of them. The reader itself limits the depth:
 * too deep a value loses its leaf, not the body.
 */
import { ProviderError, type ResourceRef } from "../../providers/provider.ts";

const usual = {
  /** The names of one object: a night has one for each change of sleep stage, a few hundred. */
  keys: 20_000,
  /** The items of one list: three days, second by second. */
  items: 260_000,
  /** All names and items together. */
  values: 2_000_000,
};
type Limits = Readonly<typeof usual>;

/** A person's client pushes years at once, and its bodies are limited in bytes before. */
const pushed: Limits = { keys: 200_000, items: 10_000_000, values: 30_000_000 };

/** @throws ProviderError PROVIDER_BODY_TOO_LARGE, final: another fetch would bring the same body */
export function checkLengths(ref: ResourceRef, body: unknown, isPushed = false): void {
  const most = isPushed ? pushed : usual;
  const open: object[] = nestedIn([body]);
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inside = Object.values(next);
    values += inside.length;
    const exceeded = exceededBy(most, next, { length: inside.length, values });
    if (exceeded !== null) throw tooLong(ref, exceeded, most[exceeded]);
    for (const nested of nestedIn(inside)) open.push(nested);
  }
}

function nestedIn(values: readonly unknown[]): object[] {
  const nested: object[] = [];
  for (const value of values) {
    if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) nested.push(value);
  }
  return nested;
}

function exceededBy(
  most: Limits,
  value: object,
  { length, values }: { readonly length: number; readonly values: number },
): keyof Limits | null {
  const kind = Array.isArray(value) ? "items" : "keys";
  if (length > most[kind]) return kind;
  return values > most.values ? "values" : null;
}

function tooLong({ resource, key }: ResourceRef, limit: keyof Limits, most: number): ProviderError {
  return new ProviderError("PROVIDER_BODY_TOO_LARGE", "never", { resource, key, limit, most });
}
