/** The dependencies of this module, passed in by the composition root. */
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import type { SyncMetrics } from "../telemetry/sync-metrics.ts";
import type { ProviderClients } from "./provider-clients.ts";

export interface ConnectionsDeps {
  readonly store: Store;
  readonly clients: ProviderClients;
  readonly log: Logger;
  /** Our public address for browsers and providers, without a trailing slash. */
  readonly publicUrl: string;
  readonly metrics?: Pick<SyncMetrics, "webhookSilent" | "webhookMended">;
}
