/** What `/metrics` shows of fields that a provider sends and we do not know. */
import { Counter, type Registry } from "prom-client";

export function countUnknownLeaves(
  registry: Registry,
): (provider: string, resource: string, count: number) => void {
  const leaves = new Counter({
    name: "systole_unknown_leaves_total",
    help: "Leaves of fetched bodies that no ledger knows, each path once a body",
    labelNames: ["provider", "resource"],
    registers: [registry],
  });
  return (provider, resource, count) => leaves.inc({ provider, resource }, count);
}
