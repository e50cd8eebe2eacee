/**
 * Builds `provider_data`: what a provider said that no Terra field holds, offered beside Terra's fields under the
 * provider's slug and the resource's name.
 */

import type { ProviderKeyKind } from "../models/index.ts";
import { carriedOf } from "./ledger-carried.ts";
import { isFields } from "./ledger-tree.ts";
import type { Normalizer, Part, Resource } from "./provider.ts";

/**
 * A value that the normaliser itself adds to `provider_data`, named by its path under the provider's slug. It is in no
 * body.
 */
export interface Told {
  readonly path: string;
  readonly kind: ProviderKeyKind;
  /** Unit and meaning. */
  readonly what: string;
}

/** The resources whose carried leaves belong to a record: of each, one part or a list of parts. */
export interface Offered {
  readonly one: readonly Resource[];
  readonly several?: readonly Resource[];
  /** The values that the normaliser itself adds. */
  readonly told?: readonly Told[];
}

export interface OfferingNormalizer extends Normalizer {
  readonly offered: Offered;
}

/**
 * Returns the normaliser with `provider_data` added to its records: what the ledgers of these resources carry of the
 * record's parts. A record with nothing to carry has no `provider_data`. The normaliser's own values come first.
 */
export function withProviderData(slug: string, normalizer: Normalizer, offered: Offered): OfferingNormalizer {
  return {
    ...normalizer,
    offered,
    normalize(parts, naturalKey) {
      const record = normalizer.normalize(parts, naturalKey);
      if (!isFields(record)) return record;
      const { provider_data: before, ...fields } = record;
      const own = isFields(before) ? before[slug] : undefined;
      const data = { ...(isFields(own) && own), ...carriedParts(parts, offered) };
      return Object.keys(data).length > 0 ? { ...fields, provider_data: { [slug]: data } } : fields;
    },
  };
}

export const isOffering = (normalizer: Normalizer): normalizer is OfferingNormalizer =>
  "offered" in normalizer;

function carriedParts(parts: readonly Part[], { one, several = [] }: Offered): Record<string, unknown> {
  const carriedBy = ({ name, ledger }: Resource) =>
    parts
      .filter((part) => part.resource === name)
      .map(({ value }) => carriedOf(ledger, value))
      .filter((carried) => carried !== null);
  const single = one.map((resource) => [resource.name, carriedBy(resource)[0]] as const);
  const lists = several.map((resource) => [resource.name, carriedBy(resource).flat()] as const);
  return Object.fromEntries([
    ...single.filter(([, carried]) => carried !== undefined),
    ...lists.filter(([, carried]) => carried.length > 0),
  ]);
}
