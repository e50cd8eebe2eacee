/** The metrics of gaps, and of our webhooks at the providers. */
import { Counter, type Registry } from "prom-client";

export interface SyncMetrics {
  gapsFound(provider: string, resource: string, count: number): void;
  bodyRefused(provider: string, resource: string, code: string): void;
  webhookSilent(provider: string): void;
  webhookMended(provider: string, action: string): void;
}

export function countSync(registry: Registry): SyncMetrics {
  const registers = [registry];
  const gaps = new Counter({
    name: "systole_sync_gaps_total",
    help: "New or changed things that reconciliation found and no notification had announced",
    labelNames: ["provider", "resource"],
    registers,
  });
  const refused = new Counter({
    name: "systole_provider_bodies_refused_total",
    help: "Bodies that a provider sent and that cannot be read, or not whole, by error code",
    labelNames: ["provider", "resource", "code"],
    registers,
  });
  const silences = new Counter({
    name: "systole_webhook_silences_total",
    help: "Times that a provider's webhook was found silent while there was something to announce",
    labelNames: ["provider"],
    registers,
  });
  const mended = new Counter({
    name: "systole_webhook_changes_total",
    help: "Times that our webhook at a provider was created, updated or reactivated",
    labelNames: ["provider", "action"],
    registers,
  });
  return {
    gapsFound: (provider, resource, count) => gaps.inc({ provider, resource }, count),
    bodyRefused: (provider, resource, code) => refused.inc({ provider, resource, code }),
    webhookSilent: (provider) => silences.inc({ provider }),
    webhookMended: (provider, action) => mended.inc({ provider, action }),
  };
}
