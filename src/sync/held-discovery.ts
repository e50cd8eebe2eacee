import type { Discovery, Polling } from "../providers/provider.ts";

/** A discovery as it holds for one connection. */
export interface HeldDiscovery extends Discovery {
  /**
   * The polling of a resource that another API's notifications announce. Nobody knows whether they come for everything:
   * its pace is kept while something is found that was not announced.
   */
  readonly whereUntold?: Polling;
}
