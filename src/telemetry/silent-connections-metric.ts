/** The metric of connections that have pushed nothing for longer than they usually take. */
import { Gauge, type Registry } from "prom-client";

/** Counting looks at every connection of a pushing provider. */
const freshMs = 60_000;

/** @param count returns the number of silent connections by provider */
export function watchSilentConnections(
  registry: Registry,
  count: () => Promise<ReadonlyMap<string, number>>,
): void {
  let countedAt = Number.NEGATIVE_INFINITY;
  const gauge = new Gauge({
    name: "systole_silent_connections",
    help: "Connections that pushed nothing for longer than each of them usually takes",
    labelNames: ["provider"],
    registers: [registry],
    async collect() {
      if (performance.now() - countedAt < freshMs) return;
      const silent = await count();
      countedAt = performance.now();
      for (const [provider, connections] of silent) gauge.set({ provider }, connections);
    },
  });
}
