/**
 * The keys of `provider_data` that providers' ledgers declare. They are plain data, so that a destination can use them
 * without knowing any provider.
 */
import type { DataType } from "./data-type.ts";

export type ProviderKeyKind = "number" | "text" | "json";

export interface ProviderKey {
  /** The provider's slug: the first key within `provider_data`. */
  readonly provider: string;
  readonly type: DataType;
  readonly resource: string;
  /** Set when the resource stands there as a list. */
  readonly several?: true;
  /** The path within the resource, as ledgers write it. */
  readonly path: string;
  readonly kind: ProviderKeyKind;
  /** Unit and meaning. */
  readonly what: string;
}
