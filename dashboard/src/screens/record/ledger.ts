/**
 * The origin of each field of a record, and what became of each field that the provider sent. The ledger writes
 * paths with `[]` for the items of a list and `{}` for keys that are data; `provider_data.…` is where a record carries
 * what no field of its own holds.
 */
import type { paths } from "../../api/schema.gen.ts";

type Answer =
  paths["/admin/v1/users/{id}/records/{type}/{natural_key}/ledger"]["get"]["responses"][200]["content"]["application/json"];
export type Part = Answer["parts"][number];
type Leaf = Part["leaves"][number];

/** `a.0.b` of shown JSON is `a[].b` of a ledger. */
export const plainPath = (path: string): string => path.replaceAll(/\.\d+(?=\.|$)/g, "[]");

/** Does as `plainPath`, and writes `{}` for a key that is data: one that the ledger does not know by name. */
export function ledgerPath(path: string, known: readonly string[]): string {
  let built = "";
  for (const token of path.split(".")) {
    // A body that is a list at its top is split into its items, which have paths of their own.
    if (built === "[]" && !begins(known, built)) built = "";
    const named = built === "" ? token : `${built}.${token}`;
    if (/^\d+$/.test(token) && !begins(known, named)) built += "[]";
    else if (begins(known, named)) built = named;
    else if (begins(known, `${built}{}`)) built += "{}";
    else built = named;
  }
  return built;
}

/** Says whether a path is one of these or leads to one. */
const begins = (known: readonly string[], path: string): boolean => known.some((one) => isWithin(one, path));

/** Says whether one names the other or something within it. */
export const isWithin = (path: string, whole: string): boolean =>
  path === whole || (path.startsWith(whole) && /[.[{]/.test(path.charAt(whole.length)));

/** The places of a leaf in the record of this type, in the record's own paths. */
function placesOf(leaf: Leaf, type: string): string[] {
  const prefix = `${type}.`;
  return leaf.fates
    .flatMap(({ to, carried_in: carried }) => [...to, ...carried])
    .filter((place) => place.startsWith(prefix))
    .map((place) => place.slice(prefix.length));
}

export interface Traced {
  readonly part: number;
  readonly leaf: Leaf;
  readonly places: readonly string[];
}

export const tracedOf = (parts: readonly Part[], type: string): Traced[] =>
  parts.flatMap((part, index) =>
    part.leaves.map((leaf) => ({ part: index, leaf, places: placesOf(leaf, type) })),
  );

export const fateOf = ({ fates }: Leaf): "mapped" | "carried" | "ignored" | "unknown" =>
  fates.find(({ fate }) => fate === "mapped")?.fate ?? fates[0]?.fate ?? "unknown";
