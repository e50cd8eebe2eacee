/** The metric of fields that a provider sends and we do not know, or cannot read. */
import { Counter, type Registry } from "prom-client";

type CountLeaves = (
  kind: "unknown" | "unreadable",
  provider: string,
  resource: string,
  count: number,
) => void;

export function countUnknownLeaves(registry: Registry): CountLeaves {
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames: ["provider", "resource"], registers: [registry] });
  const leaves = {
    unknown: counter(
      "systole_unknown_leaves_total",
      "Leaves of fetched bodies that no ledger knows, each path once a body",
    ),
    unreadable: counter(
      "systole_unreadable_leaves_total",
      "Leaves of fetched bodies that could not be read and are null in the record, each path once a body",
    ),
  };
  return (kind, provider, resource, count) => leaves[kind].inc({ provider, resource }, count);
}
