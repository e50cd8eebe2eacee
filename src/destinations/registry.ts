/** All kinds of destinations. A kind is loaded when its first destination is used. */
import { SystoleError } from "../errors.ts";
import type { Destination } from "./destination.ts";
import { limitAnswers } from "./kit/answer-limit.ts";
import { destinationLoaders } from "./registry.gen.ts";

export type DestinationKind = keyof typeof destinationLoaders;

export const destinationKinds = Object.keys(destinationLoaders) as readonly DestinationKind[];

/** @throws SystoleError DESTINATION_KIND_UNKNOWN */
export async function loadDestination(kind: string): Promise<Destination> {
  const load = Object.hasOwn(destinationLoaders, kind) ? destinationLoaders[kind as DestinationKind] : null;
  if (load === null) throw new SystoleError("DESTINATION_KIND_UNKNOWN", { kind, kinds: destinationKinds });
  // Node caches loaded modules.
  const { default: destination } = await load();
  return limitAnswers(destination as unknown as Destination);
}
