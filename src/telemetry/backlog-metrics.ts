/** The backlog of each destination, read from the database when metrics are collected, but not at every collection. */
import { Gauge, type Registry } from "prom-client";

export interface BacklogSource {
  readonly destinationId: string;
  readonly kind: string;
  readonly pending: number;
  readonly oldestSeconds: number | null;
  readonly failingSeconds: number | null;
}

/** Counting a long backlog costs the database something. */
const freshMs = 15_000;

export function watchBacklogs(registry: Registry, read: () => Promise<readonly BacklogSource[]>): void {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ["destination_id", "kind"], registers: [registry], collect });
  const pending = gauge("systole_deliveries_pending", "Deliveries that wait");
  const oldest = gauge("systole_delivery_oldest_pending_seconds", "Age of the oldest delivery that waits");
  const failing = gauge("systole_destination_failing_seconds", "Since when no delivery has succeeded");

  /** Reads the backlogs. The gauges are collected at the same time: the first one reads for all of them. */
  function collect(): Promise<void> | undefined {
    if (performance.now() - readAt < freshMs) return undefined;
    reading ??= fill().finally(() => {
      reading = null;
    });
    return reading;
  }

  async function fill(): Promise<void> {
    const backlogs = await read();
    readAt = performance.now();
    for (const one of [pending, oldest, failing]) one.reset();
    for (const { destinationId, kind, ...backlog } of backlogs) {
      const labels = { destination_id: destinationId, kind };
      pending.set(labels, backlog.pending);
      oldest.set(labels, backlog.oldestSeconds ?? 0);
      failing.set(labels, backlog.failingSeconds ?? 0);
    }
  }
}
