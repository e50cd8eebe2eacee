/**
 * Lengths that no device comes near, looked at before a body is validated: validating takes a time and a memory
 * that grow with every name and item, and a provider gone wrong may send a million of them.
 */
import { ProviderError, type ResourceRef } from "../../providers/provider.ts";

const most = {
  /** Objects and lists inside each other. */
  depth: 64,
  /** Names of one object: a night has one for each change of sleep stage, some hundred. */
  keys: 20_000,
  /** Items of one list: three days, second by second. */
  items: 260_000,
  /** Names and items altogether. */
  values: 4_000_000,
};

interface Nested {
  readonly value: object;
  readonly depth: number;
}

/** @throws ProviderError PROVIDER_BODY_TOO_LARGE, for good: fetching it again brings the same */
export function checkLengths(ref: ResourceRef, body: unknown): void {
  const open: Nested[] = nestedIn([body], 1);
  let values = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const inside = Object.values(next.value);
    values += inside.length;
    const exceeded = exceededBy(next, inside.length, values);
    if (exceeded !== null) throw tooLong(ref, exceeded);
    for (const nested of nestedIn(inside, next.depth + 1)) open.push(nested);
  }
}

function nestedIn(values: readonly unknown[], depth: number): Nested[] {
  const nested: Nested[] = [];
  for (const value of values) {
    const isNested = typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
    if (isNested) nested.push({ value, depth });
  }
  return nested;
}

function exceededBy({ value, depth }: Nested, length: number, values: number): keyof typeof most | null {
  if (depth > most.depth) return "depth";
  const kind = Array.isArray(value) ? "items" : "keys";
  if (length > most[kind]) return kind;
  return values > most.values ? "values" : null;
}

function tooLong({ resource, key }: ResourceRef, limit: keyof typeof most): ProviderError {
  return new ProviderError("PROVIDER_BODY_TOO_LARGE", "never", { resource, key, limit, most: most[limit] });
}
