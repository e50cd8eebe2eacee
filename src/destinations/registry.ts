/** All kinds of destinations. A kind is loaded when its first destination is used. */
import { SystoleError } from "../errors.ts";
import type { Destination } from "./destination.ts";
import { limitAnswers } from "./kit/answer-limit.ts";
import { destinationLoaders } from "./registry.gen.ts";

export type DestinationKind = keyof typeof destinationLoaders;

export const destinationKinds = Object.keys(destinationLoaders) as readonly DestinationKind[];

const loaded = new Map<string, Destination>();

/** @throws SystoleError DESTINATION_KIND_UNKNOWN */
export async function loadDestination(kind: string): Promise<Destination> {
  // It is asked for with each attempt, and importing what is imported still takes a while.
  const known = loaded.get(kind);
  if (known !== undefined) return known;
  const load = Object.hasOwn(destinationLoaders, kind) ? destinationLoaders[kind as DestinationKind] : null;
  if (load === null) throw new SystoleError("DESTINATION_KIND_UNKNOWN", { kind, kinds: destinationKinds });
  const { default: destination } = await load();
  const limited = limitAnswers(destination as unknown as Destination);
  loaded.set(kind, limited);
  return limited;
}
