/** What this room is given by the composition root. */
import type { ProviderClients } from "../connections/provider-clients.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";

export interface IngestDeps {
  readonly store: Store;
  readonly clients: ProviderClients;
  readonly log: Logger;
}
