/** Wires the dependencies of the HTTP API, for the server and for the tests' server. */
import type { Registry } from "prom-client";
import { allowUpload } from "./api/connection-limits.ts";
import { fileRoutes } from "./api/files/routes.ts";
import { hookRoutes } from "./api/hooks/hooks.ts";
import type { ApiServices } from "./api/services.ts";
import { uploadRoutes } from "./api/uploads.ts";
import type { ConnectionsDeps } from "./connections/deps.ts";
import { disconnect } from "./connections/disconnect.ts";
import type { PersonSubscriptionDeps } from "./connections/person-subscriptions.ts";
import { runCheck } from "./connections/probe.ts";
import { connectSandboxPerson, listSandboxed, syncWatch } from "./connections/sandbox.ts";
import { authorizationService } from "./connections/service.ts";
import { ensureSubscriptions } from "./connections/subscriptions.ts";
import { Converter } from "./converting/converter.ts";
import { checkDestination } from "./delivery/check.ts";
import type { SenderContext } from "./destinations/destination.ts";
import { destinationKinds, loadDestination } from "./destinations/registry.ts";
import type { ConfiguredExports } from "./export/contract.ts";
import { exportSettings } from "./export/settings.ts";
import { NotificationEndpoint } from "./ingest/accept.ts";
import { acceptFrom, acceptUpload } from "./ingest/accept-upload.ts";
import { NotificationWriter } from "./ingest/notification-writer.ts";
import { Receiving } from "./ingest/receiving/receiving.ts";
import { Recipients } from "./ingest/recipients.ts";
import { RefusalLog } from "./ingest/refusals.ts";
import { openWearablesRoutes } from "./open-wearables/routes.ts";
import { Previews } from "./previews/previews.ts";
import { providerBySlug, providers } from "./providers/registry.ts";
import type { ProviderConfigId } from "./store/provider-config-id.ts";
import { nextFetchOrders } from "./store/raw-payloads.ts";
import { clientName, readBudgets } from "./sync/planner/report.ts";
import { refresh } from "./sync/reconcile.ts";
import type { BudgetSource } from "./telemetry/provider-metrics.ts";
import { countRefusals } from "./telemetry/refusal-metric.ts";

export interface ServiceParts {
  readonly deps: PersonSubscriptionDeps;
  /** Checks the addresses of destinations. */
  readonly guard: SenderContext;
  readonly registry: Registry;
  /** Whether providers can reach this server. Only then is a webhook created at a provider once it is configured. */
  readonly isPublic: boolean;
  /** By default as in delivery/worker.ts. */
  readonly exports?: ConfiguredExports;
}

export function apiServices(parts: ServiceParts, opened: AsyncDisposableStack): ApiServices {
  const { deps, guard, registry, isPublic } = parts;
  const { store, log, publicUrl, clients } = deps;
  const { exports = exportSettings(publicUrl) } = parts;
  const converter = new Converter();
  opened.defer(() => converter.close());
  const receiving = new Receiving(store.bodies.incoming);
  opened.defer(() => receiving.close());
  return {
    store,
    log,
    publicUrl,
    exports,
    converter,
    providers,
    assertProviderAddresses: (provider, settings) => clients.assertAddressesAllowed(provider, settings),
    authorization: authorizationService(deps),
    disconnect: (request) => disconnect(deps, request),
    runCheck: (connection, check) => runCheck(deps, connection, check),
    refresh: (id) => refresh(store, id, new Date()),
    providerConfigured: () => {
      if (isPublic) void ensureSubscriptions(deps, AbortSignal.timeout(60_000));
    },
    budgetsOf: (id) => budgetsOf(deps, id),
    repairWebhooks: (signal) => ensureSubscriptions(deps, signal),
    previews: new Previews(),
    sandbox: {
      list: (environmentId, signal) => listSandboxed(deps, environmentId, signal),
      connect: (person) => connectSandboxPerson(deps, person),
      syncWatch: (connection, sync) => syncWatch(deps, connection, sync),
    },
    destinations: {
      kinds: destinationKinds,
      load: loadDestination,
      context: guard,
      check: (id, signal) => checkDestination({ store, guard }, id, signal),
    },
    metrics: registry,
    hooks: notificationRoutes(parts, opened),
    acceptUpload: (connection, sent) => acceptFrom({ store, receiving }, connection, sent),
    files: fileRoutes(store, providers),
    uploads: uploadRoutes((arrived) => acceptUpload({ store, receiving }, arrived)),
    openWearables: openWearablesRoutes({
      store,
      accept: (connection, sent) => acceptFrom({ store, receiving }, connection, sent),
      known: allowUpload,
    }),
  };
}

async function budgetsOf(
  { store, clients }: Pick<ConnectionsDeps, "store" | "clients">,
  id: ProviderConfigId,
): Promise<readonly BudgetSource[]> {
  const { apis } = providerBySlug(id.provider);
  const own = await Promise.all(Object.keys(apis).map((api) => clients.budgetFor(id, api)));
  const names = new Set(own.map(({ key }) => clientName(key)));
  const { budgets } = await readBudgets(store, clients, Date.now());
  return budgets.filter(({ provider, client }) => provider === id.provider && names.has(client));
}

function notificationRoutes({ deps, registry }: ServiceParts, opened: AsyncDisposableStack) {
  const { store, clients } = deps;
  const refusals = new RefusalLog({ ...deps, count: countRefusals(registry) });
  opened.defer(() => refusals.close());
  const endpoint = new NotificationEndpoint({
    recipients: new Recipients(store, clients),
    writer: new NotificationWriter(store),
    nextFetchOrders: (count) => nextFetchOrders(store.db, count),
    refusals,
  });
  return hookRoutes(
    endpoint,
    Math.max(...providers.map(({ notifications }) => notifications?.maxBytes ?? 0)),
  );
}
