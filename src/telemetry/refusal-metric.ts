/** The metric of refused notifications. */
import { Counter, type Registry } from "prom-client";

export function countRefusals(registry: Registry): (provider: string, code: string) => void {
  const refused = new Counter({
    name: "systole_notifications_refused_total",
    help: "Notifications that were refused, by error code",
    labelNames: ["provider", "code"],
    registers: [registry],
  });
  return (provider, code) => refused.inc({ provider, code });
}
