/** The first interval between reconciliations of a resource; its results adapt it later (store/coverage.ts). */
import type { NewCoverage } from "../store/coverage.ts";
import type { DiscoverableResource } from "./coverage.ts";

const hourMs = 3_600_000;

/** Announced resources are reconciled less often, unless they have an index, which costs little. */
export const firstInterval = ({ name, discovery }: DiscoverableResource): NewCoverage => ({
  resource: name,
  everyMs: (discovery.announced && discovery.index === null ? 12 : 6) * hourMs,
});
