/** Compares records that were made of the same facts by two formats. */

/**
 * Returns the paths of the leaves that differ, without the places in lists. Numbers are equal up to their seventh
 * digit, since formats convert between units.
 */
export function differences(one: unknown, other: unknown, at = ""): string[] {
  if (isLeaf(one) || isLeaf(other)) return isSame(one, other) ? [] : [at];
  if (Array.isArray(one) && Array.isArray(other) && one.length !== other.length) return [`${at}.length`];
  const [fields, others] = [one as Fields, other as Fields];
  const keys = new Set([...Object.keys(fields), ...Object.keys(others)]);
  return [...keys].flatMap((key) =>
    differences(fields[key] ?? null, others[key] ?? null, Array.isArray(one) ? `${at}[]` : join(at, key)),
  );
}

type Fields = Readonly<Record<string, unknown>>;

const join = (at: string, key: string): string => (at === "" ? key : `${at}.${key}`);

const isLeaf = (value: unknown): boolean => typeof value !== "object" || value === null;

const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === "number" && typeof other === "number"
    ? Math.abs(one - other) <= 1e-7 * Math.max(1, Math.abs(one))
    : one === other;
