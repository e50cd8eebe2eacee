/** Destinations that store events, on their real servers behind a proxy that fails as networks do. */
import { FaultyProxy } from "../../src/destinations/conformance/proxy.ts";
import type { Place, Target } from "../../src/destinations/conformance/target.ts";
import type { Troubled } from "./trouble.ts";

const faults = { "is down": "refuse", hangs: "stall", "loses answers": "mute" } as const;

export interface StoreTarget extends Troubled {
  readonly kind: string;
  readonly server: string;
  readonly settings: Place["settings"];
  /** Returns the stored revisions by record; more than one would be a second copy. */
  standing(): Promise<ReadonlyMap<string, readonly number[]>>;
  close(): Promise<void>;
}

/** Recognises a record in what a kind stores: the JSON of an event or of a record. */
export type KeyOf = (json: string) => { readonly key: string; readonly revision: number } | null;

export async function openStoreTarget(kind: string, target: Target, keyOf: KeyOf): Promise<StoreTarget> {
  const proxy = await FaultyProxy.start(target.address, target.proxyPort);
  const place = await target.open(proxy.address);
  const restart = target.restart?.bind(target);
  return {
    kind,
    name: kind,
    server: target.server,
    settings: place.settings,
    troubles: [...Object.keys(faults), ...(restart === undefined ? [] : ["restarts"])],
    async begin(trouble) {
      if (trouble === "restarts") await restart?.();
      else proxy.fail(faults[trouble as keyof typeof faults]);
    },
    end: () => proxy.pass(),
    standing: async () => standing(place, keyOf),
    async close() {
      await place.close();
      await proxy.close();
      await target.close();
    },
  };
}

/**
 * Returns the stored revisions. Each counts twice: as the target stores it beside the record, and as the
 * record itself says.
 */
async function standing(place: Place, keyOf: KeyOf): Promise<Map<string, number[]>> {
  const held = new Map<string, number[]>();
  for (const { json, revision } of await place.arrivals()) {
    const known = keyOf(json);
    if (known === null) continue;
    const agreed = known.revision === revision ? known.revision : Number.NaN;
    held.set(known.key, [...(held.get(known.key) ?? []), agreed]);
  }
  return held;
}
