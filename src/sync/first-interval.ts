/** How often each resource is looked at to begin with; what is found there adapts it (store/coverage.ts). */
import type { NewCoverage } from "../store/coverage.ts";
import type { DiscoverableResource } from "./coverage.ts";

const hourMs = 3_600_000;

/** What is announced is looked at less often, unless there is an index, which costs little. */
export const firstInterval = ({ name, discovery }: DiscoverableResource): NewCoverage => ({
  resource: name,
  everyMs: (discovery.announced && discovery.index === null ? 12 : 6) * hourMs,
});
