/** The first interval between reconciliations of a resource; its results adapt it later (store/coverage.ts). */
import type { NewCoverage } from "../store/coverage.ts";
import type { DiscoverableResource } from "./coverage.ts";

const hourMs = 3_600_000;

/**
 * Polled resources have the interval that their provider declares. Announced ones are reconciled less often than others,
 * unless they have an index, which costs little.
 */
export const firstInterval = ({ name, discovery }: DiscoverableResource): NewCoverage => ({
  resource: name,
  everyMs: discovery.polling?.everyMs ?? (discovery.announced && discovery.index === null ? 12 : 6) * hourMs,
});
