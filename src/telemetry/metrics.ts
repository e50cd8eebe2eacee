/** What `/metrics` shows of the process; rooms add their own. */
import { collectDefaultMetrics, Registry } from "prom-client";

export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
