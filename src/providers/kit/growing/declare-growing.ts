/** Declares a resource whose parts grow. */
import { SystoleError } from "../../../errors.ts";
import type { Ledger } from "../../ledger.ts";
import type { Growing, Part, Resource } from "../../provider.ts";

export interface GrowingDeclaration<Item> {
  readonly name: string;
  /** The leaves of `{ samples: items }`. */
  readonly ledger: Ledger;
  readonly companions?: Growing["companions"];
  readonly concernsAll?: true;
  /** Returns the day of a part, or its local time, as text that sorts; null when it has none. */
  readonly timeOf?: (part: Part<readonly Item[]>) => string | null;
}

export function declareGrowing<Item>({
  name,
  ledger,
  companions,
  concernsAll,
  timeOf,
}: GrowingDeclaration<Item>): Resource<readonly Item[]> {
  const hasNoBodies = (): never => {
    throw new SystoleError("INTERNAL", { resource: name, reason: "a growing resource has no bodies" });
  };
  return {
    name,
    ledger,
    growing: { ...(companions !== undefined && { companions }), ...(concernsAll && { concernsAll }) },
    discovery: null,
    ...(timeOf !== undefined && { timeOf }),
    decode: hasNoBodies,
    parts: hasNoBodies,
  };
}
