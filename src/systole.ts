/**
 * Systole put together: the store, the rooms, the HTTP server. Everything that was opened is closed again in
 * the reverse order, also when starting fails half-way.
 */
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { assertTokenFits, isShort } from "./admin-exposure.ts";
import { hookRoutes } from "./api/hooks/hooks.ts";
import { createOperationServer, createServer } from "./api/server.ts";
import type { ApiServices } from "./api/services.ts";
import { uploadRoutes } from "./api/uploads.ts";
import { startDataRequests } from "./api/v2/send-data.ts";
import type { Config } from "./config.ts";
import type { ConnectionsDeps } from "./connections/deps.ts";
import { disconnect } from "./connections/disconnect.ts";
import { ProviderClients } from "./connections/provider-clients.ts";
import { authorizationService } from "./connections/service.ts";
import { ensureSubscriptions } from "./connections/subscriptions.ts";
import { watchWebhooks } from "./connections/webhook-health.ts";
import { checkDestination } from "./delivery/check.ts";
import { startDelivery } from "./delivery/worker.ts";
import { destinationKinds, loadDestination } from "./destinations/registry.ts";
import { SystoleError } from "./errors.ts";
import { type Made, prepareHousehold } from "./first-run.ts";
import { NotificationDoor } from "./ingest/accept.ts";
import { acceptUpload } from "./ingest/accept-upload.ts";
import { NotificationWriter } from "./ingest/notification-writer.ts";
import { Parsing } from "./ingest/parsing/parsing.ts";
import { Recipients } from "./ingest/recipients.ts";
import { RefusalLog } from "./ingest/refusals.ts";
import { startRenormalizing } from "./ingest/renormalize/worker.ts";

import { UnknownLeaves } from "./ingest/unknown-leaves.ts";
import { startIngest } from "./ingest/worker.ts";
import { startMaintenance } from "./maintenance.ts";
import { openStore } from "./open-store.ts";
import { providerBySlug, providers } from "./providers/registry.ts";
import { createAddressGuard, createProviderGuard } from "./security/address-guard.ts";
import { startNotes } from "./start-notes.ts";
import { readBacklogs } from "./store/destination-health.ts";
import { nextFetchOrder } from "./store/raw-payloads.ts";
import type { Store } from "./store/store.ts";
import { storeError } from "./store/store-error.ts";
import { startReconciliation } from "./sync/loop.ts";
import { CallPlanner } from "./sync/planner/planner.ts";
import { readBudgets } from "./sync/planner/report.ts";
import { reconcileDue, refresh } from "./sync/reconcile.ts";
import { watchBacklogs } from "./telemetry/backlog-metrics.ts";
import type { Logger } from "./telemetry/log.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { countCalls, watchBudgets } from "./telemetry/provider-metrics.ts";
import { countRefusals } from "./telemetry/refusal-metric.ts";
import { countSync, type SyncMetrics } from "./telemetry/sync-metrics.ts";
import { countUnknownLeaves } from "./telemetry/unknown-leaves-metric.ts";

export interface Systole {
  /** Where it listens; null for a process that only works. */
  readonly url: string | null;
  /** How the world reaches it. */
  readonly publicUrl: string;
  readonly made: Made;
  /** What is odd about the configuration, in sentences for the one who starts it. */
  readonly notes: readonly string[];
  /** Looks after our webhooks at the providers now; otherwise that happens every ten minutes. */
  ensureSubscriptions(): Promise<void>;
  /** Asks for what reconciliation is due for now; a worker looks every half minute by itself. */
  reconcile(): Promise<void>;
  /** Looks for silent webhooks now; otherwise that happens every minute. */
  watchWebhooks(): Promise<void>;
  /** Finishes what is under way, then stops. */
  close(): Promise<void>;
}

const never = new AbortController().signal;

/**
 * The signal ends a start that is under way, with its reason: what was opened is closed again.
 * @throws SystoleError with one of the codes under "starting and the store" in docs/errors.md
 */
export async function startSystole(
  config: Config,
  log: Logger,
  env: NodeJS.ProcessEnv,
  signal = never,
): Promise<Systole> {
  const opened = new AsyncDisposableStack();
  try {
    return await start({ config, log, env, signal }, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw storeError(error) ?? error;
  }
}

interface Start {
  readonly config: Config;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

async function start({ config, log, env, signal }: Start, opened: AsyncDisposableStack): Promise<Systole> {
  const isApi = config.SYSTOLE_ROLES.includes("api");
  assertTokenFits(config, isShort(config.SYSTOLE_ADMIN_TOKEN));
  // Ask before anything else is started: "the port is in use" should be the first thing said, not the last.
  const port = isApi ? await usablePort(config) : config.SYSTOLE_PORT;
  const store = await openStore(config, log, opened, signal);
  warnOfShortSecrets(config, log);
  const household = await prepareHousehold(store, config, env);
  assertTokenFits(config, household.adminToken.short);
  if (household.adminToken.ignored) {
    log.error(
      "SYSTOLE_ADMIN_TOKEN was replaced before and stays out of force: set the one in use, or a new one",
    );
  }
  const publicUrl = config.SYSTOLE_PUBLIC_URL ?? `http://${urlHost(config.SYSTOLE_HOST)}:${port}`;
  const metrics = createMetrics();
  const syncMetrics = countSync(metrics.registry);
  const allowPrivate = config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS;
  const clients = new ProviderClients(store, createProviderGuard({ allowPrivate }));
  const deps: ConnectionsDeps = { store, log, publicUrl, clients, metrics: syncMetrics };
  const planner = new CallPlanner(store, deps.clients, countCalls(metrics.registry));
  if (config.SYSTOLE_ROLES.includes("worker")) {
    await startWorkers(deps, planner, config, { ...metrics, ...syncMetrics }, opened);
  }
  watchBacklogs(metrics.registry, () => readBacklogs(store.db));
  watchBudgets(metrics.registry, () => readBudgets(store, clients, Date.now()));
  const url = isApi ? await startApi(deps, config, metrics, port, opened) : null;
  await startOperation(store, config, metrics, opened);
  const stopMaintenance = startMaintenance(deps, {
    keepsSubscriptions: isApi && config.SYSTOLE_PUBLIC_URL !== undefined,
    auditDays: config.SYSTOLE_AUDIT_RETENTION_DAYS,
  });
  opened.defer(stopMaintenance);
  return {
    url,
    publicUrl,
    made: household.made,
    notes: await startNotes(store.db, env),
    ensureSubscriptions: () => ensureSubscriptions(deps, AbortSignal.timeout(60_000)),
    reconcile: async () => {
      await reconcileDue(store, new Date());
    },
    watchWebhooks: () => watchWebhooks(deps, isApi, new Date(), AbortSignal.timeout(60_000)),
    close: () => opened.disposeAsync(),
  };
}

const safeSecretLength = 16;

/** A key of one's own choosing is accepted as it is, but a short one can be guessed. */
function warnOfShortSecrets(config: Config, log: Logger): void {
  for (const variable of ["SYSTOLE_API_KEY", "SYSTOLE_ADMIN_TOKEN"] as const) {
    const secret = config[variable];
    if (secret !== undefined && secret.length < safeSecretLength) {
      log.warn({ variable }, `shorter than ${safeSecretLength} characters: fit for trying things out only`);
    }
  }
}

async function startWorkers(
  { store, log, clients, publicUrl }: ConnectionsDeps,
  planner: CallPlanner,
  config: Config,
  metrics: Metrics & SyncMetrics,
  opened: AsyncDisposableStack,
): Promise<void> {
  const guard = createAddressGuard({ allowPrivate: config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS });
  const delivery = await startDelivery({ store, log, guard, publicUrl, metrics: metrics.deliveries });
  opened.defer(() => delivery.stop());
  await startDataRequests(store);
  const parsing = new Parsing({ store, log });
  const stopping = new AbortController();
  opened.defer(() => {
    stopping.abort();
    return parsing.close();
  });
  await startRenormalizing({ store, log, parsing, providerOf: providerBySlug });
  const unknownLeaves = new UnknownLeaves({ store, log, count: countUnknownLeaves(metrics.registry) });
  opened.defer(() => unknownLeaves.close());
  await startIngest({
    store,
    log,
    parsing,
    clients,
    planner,
    gapsFound: metrics.gapsFound,
    bodyRefused: metrics.bodyRefused,
    unknownLeaves,
    stopping: stopping.signal,
  });
  opened.defer(startReconciliation({ store, log }));
}

async function startApi(
  deps: ConnectionsDeps,
  config: Config,
  metrics: Metrics,
  port: number,
  opened: AsyncDisposableStack,
): Promise<string> {
  const refusals = new RefusalLog({ ...deps, count: countRefusals(metrics.registry) });
  opened.defer(() => refusals.close());
  const services = apiServices(deps, config, metrics, refusals);
  const { SYSTOLE_ADMIN_PORT: adminPort, SYSTOLE_ADMIN_HOST: adminHost = config.SYSTOLE_HOST } = config;
  const trustedProxies = config.SYSTOLE_TRUSTED_PROXIES ?? [];
  const serves = adminPort === undefined ? "everything" : "public";
  await listen(
    createServer(services, { serves, trustedProxies }),
    { host: config.SYSTOLE_HOST, port, variable: "SYSTOLE_PORT" },
    opened,
  );
  if (adminPort !== undefined) {
    const app = createServer(services, { serves: "admin", trustedProxies });
    await listen(app, { host: adminHost, port: adminPort, variable: "SYSTOLE_ADMIN_PORT" }, opened);
  }
  return `http://${urlHost(config.SYSTOLE_HOST)}:${port}`;
}

async function listen(
  app: FastifyInstance,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
  opened: AsyncDisposableStack,
): Promise<void> {
  opened.defer(() => app.close());
  await app.listen({ host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw portError(cause, port, variable);
  });
}

/** Health and metrics on a port of their own, where one is given. */
async function startOperation(
  store: Store,
  { SYSTOLE_HOST: host, SYSTOLE_METRICS_PORT: port }: Config,
  { registry }: Metrics,
  opened: AsyncDisposableStack,
): Promise<void> {
  if (port === undefined) return;
  const app = createOperationServer({ store, metrics: registry });
  await listen(app, { host, port, variable: "SYSTOLE_METRICS_PORT" }, opened);
}

const largestUpload = (): number =>
  Math.max(
    1024,
    ...providers.flatMap(({ uploads }) => Object.values(uploads ?? {}).map(({ maxBytes }) => maxBytes)),
  );

function apiServices(
  deps: ConnectionsDeps,
  config: Config,
  metrics: Metrics,
  refusals: RefusalLog,
): ApiServices {
  const { store, log, publicUrl, clients } = deps;
  const guard = createAddressGuard({ allowPrivate: config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS });
  const door = new NotificationDoor({
    recipients: new Recipients(store, clients),
    writer: new NotificationWriter(store),
    nextFetchOrder: () => nextFetchOrder(store.db),
    refusals,
  });
  return {
    store,
    log,
    publicUrl,
    providers,
    assertProviderAddresses: (provider, settings) => clients.assertAddressesAllowed(provider, settings),
    authorization: authorizationService(deps),
    disconnect: (request) => disconnect(deps, request),
    refresh: (id) => refresh(store, id, new Date()),
    providerConfigured: () => {
      if (config.SYSTOLE_PUBLIC_URL) void ensureSubscriptions(deps, AbortSignal.timeout(60_000));
    },
    destinations: {
      kinds: destinationKinds,
      load: loadDestination,
      context: guard,
      check: (id, signal) => checkDestination({ store, guard }, id, signal),
    },
    metrics: metrics.registry,
    hooks: hookRoutes(door, Math.max(...providers.map(({ notifications }) => notifications?.maxBytes ?? 0))),
    uploads: uploadRoutes((arrived) => acceptUpload(store, arrived), largestUpload()),
  };
}

const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** The configured port, or any free one for 0; fails at once when it is taken. */
function usablePort({ SYSTOLE_HOST: host, SYSTOLE_PORT: wanted }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createTcpServer();
    probe.once("error", (cause: NodeJS.ErrnoException) => reject(portError(cause, wanted, "SYSTOLE_PORT")));
    probe.listen({ host, port: wanted }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function portError(cause: NodeJS.ErrnoException, port: number, variable: string): Error {
  if (cause.code === "EADDRINUSE") return new SystoleError("PORT_IN_USE", { port, variable }, { cause });
  if (cause.code === "EACCES" || cause.code === "EADDRNOTAVAIL") {
    return new SystoleError(
      "CONFIG_INVALID",
      { variables: [`${variable} and its host: ${cause.message}`] },
      { cause },
    );
  }
  return cause;
}
