/** The metrics of the process itself and of every delivery attempt. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/**
 * Between two measurements of the event loop's lag, which they include. The usual 10 ms took a fifth of an idle process's
 * time.
 */
const lagPrecisionMs = 100;

export interface Metrics {
  readonly registry: Registry;
  readonly deliveries: {
    attempted(attempt: {
      destinationId: string;
      kind: string;
      outcome: string;
      code: string;
      seconds: number;
    }): void;
    paused(destinationId: string, paused: boolean): void;
  };
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagPrecisionMs });
  const attempts = new Counter({
    name: "systole_delivery_attempts_total",
    help: "Attempts to deliver an event, by the destination's kind, the outcome and the error code",
    labelNames: ["destination_id", "kind", "outcome", "code"],
    registers,
  });
  const duration = new Histogram({
    name: "systole_delivery_attempt_seconds",
    help: "How long an attempt took",
    labelNames: ["destination_id", "kind", "outcome"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8],
    registers,
  });
  const paused = new Gauge({
    name: "systole_destination_paused",
    help: "1 while a destination is left alone because it keeps failing",
    labelNames: ["destination_id"],
    registers,
  });
  return {
    registry,
    deliveries: {
      attempted({ destinationId: destination_id, kind, outcome, code, seconds }) {
        attempts.inc({ destination_id, kind, outcome, code });
        duration.observe({ destination_id, kind, outcome }, seconds);
      },
      paused: (destinationId, isPaused) => paused.set({ destination_id: destinationId }, isPaused ? 1 : 0),
    },
  };
}
