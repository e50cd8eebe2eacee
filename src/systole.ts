/**
 * Puts Systole together: the store, the modules, the HTTP server. Everything opened is closed in the reverse
 * order, also when the start fails half-way.
 */
import { assertTokenFits, isShort } from "./admin-exposure.ts";
import { createOperationServer, createServer } from "./api/server.ts";
import type { Config } from "./config.ts";
import { fillFormerScopes } from "./connections/former-scopes.ts";
import {
  ensurePersonSubscriptions,
  type PersonSubscriptionDeps,
} from "./connections/person-subscriptions.ts";
import { ProviderClients } from "./connections/provider-clients.ts";
import { completeRegistrations } from "./connections/registrations.ts";
import { ensureSubscriptions } from "./connections/subscriptions.ts";
import { watchWebhooks } from "./connections/webhook-health.ts";
import { startDelivery } from "./delivery/worker.ts";
import type { SenderContext } from "./destinations/destination.ts";
import { exportSettings } from "./export/settings.ts";
import { type Made, prepareFirstRun } from "./first-run.ts";
import { startImports } from "./ingest/files/worker.ts";
import { Parsing } from "./ingest/parsing/parsing.ts";
import { startRenormalizing } from "./ingest/renormalize/worker.ts";
import { UnknownLeaves } from "./ingest/unknown-leaves.ts";
import { startIngest } from "./ingest/worker.ts";
import { listen, urlHost, usablePort } from "./listening.ts";
import { startMaintenance } from "./maintenance.ts";
import { openStore } from "./open-store.ts";
import { providerBySlug, providers } from "./providers/registry.ts";
import { isReceiverUrl } from "./receivers/own-url.ts";
import { startDataRequests } from "./requests/worker.ts";
import { createAddressGuard, createProviderGuard } from "./security/address-guard.ts";
import { apiServices } from "./services.ts";
import { startNotes } from "./start-notes.ts";
import { readBacklogs } from "./store/destination-health.ts";
import { countSilent } from "./store/pushes.ts";
import type { Store } from "./store/store.ts";
import { storeError } from "./store/store-error.ts";
import { startReconciliation } from "./sync/loop.ts";
import { CallPlanner } from "./sync/planner/planner.ts";
import { readBudgets } from "./sync/planner/report.ts";
import { reconcileDue } from "./sync/reconcile.ts";
import { watchBacklogs } from "./telemetry/backlog-metrics.ts";
import type { Logger } from "./telemetry/log.ts";
import { createMetrics, type Metrics } from "./telemetry/metrics.ts";
import { countCalls, watchBudgets } from "./telemetry/provider-metrics.ts";
import { watchSilentConnections } from "./telemetry/silent-connections-metric.ts";
import { countSync, type SyncMetrics } from "./telemetry/sync-metrics.ts";
import { countUnknownLeaves } from "./telemetry/unknown-leaves-metric.ts";

export interface Systole {
  /** The address it listens at; null for a process that only runs workers. */
  readonly url: string | null;
  /** Our public address. */
  readonly publicUrl: string;
  readonly made: Made;
  /** Notes about the configuration, in sentences for the operator. */
  readonly notes: readonly string[];
  /** Checks our webhooks at the providers now; otherwise that happens at intervals. */
  ensureSubscriptions(): Promise<void>;
  /** Runs the reconciliation that is due now; a worker does so every half minute. */
  reconcile(): Promise<void>;
  /** Looks for silent webhooks now; otherwise that happens every minute. */
  watchWebhooks(): Promise<void>;
  /** Finishes the work under way, then stops. */
  close(): Promise<void>;
}

const never = new AbortController().signal;

/**
 * Starts Systole. The signal ends a start under way, with its reason: everything opened is closed again.
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
  // Checked before anything else is started: "the port is in use" should be the first message, not the last.
  const port = isApi ? await usablePort(config) : config.SYSTOLE_PORT;
  const store = await openStore(config, log, opened, signal);
  warnOfShortSecrets(config, log);
  const firstRun = await prepareFirstRun(store, config, env);
  await fillFormerScopes(store.db, providers);
  assertTokenFits(config, firstRun.adminToken.short);
  if (firstRun.adminToken.ignored) {
    log.error(
      "SYSTOLE_ADMIN_TOKEN was replaced before and stays out of force: set the one in use, or a new one",
    );
  }
  const publicUrl = config.SYSTOLE_PUBLIC_URL ?? `http://${urlHost(config.SYSTOLE_HOST)}:${port}`;
  const metrics = createMetrics();
  const syncMetrics = countSync(metrics.registry);
  const allowPrivate = config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS;
  const clients = new ProviderClients(store, createProviderGuard({ allowPrivate }));
  const planner = new CallPlanner(store, clients, countCalls(metrics.registry));
  const deps = { store, log, publicUrl, clients, planner, metrics: syncMetrics };
  if (config.SYSTOLE_ROLES.includes("worker")) {
    await startWorkers(deps, config, { ...metrics, ...syncMetrics }, opened);
  }
  watchBacklogs(metrics.registry, () => readBacklogs(store.db));
  watchBudgets(metrics.registry, () => readBudgets(store, clients, Date.now()));
  watchSilentConnections(metrics.registry, () => countSilent(store.db, pushingProviders()));
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
    made: firstRun.made,
    notes: await startNotes(store.db, env, publicUrl),
    ensureSubscriptions: async () => {
      await ensureSubscriptions(deps, AbortSignal.timeout(60_000));
      await ensurePersonSubscriptions(deps, AbortSignal.timeout(60_000));
      await completeRegistrations(deps, AbortSignal.timeout(60_000));
    },
    reconcile: async () => {
      await reconcileDue(store, new Date());
    },
    watchWebhooks: () => watchWebhooks(deps, isApi, new Date(), AbortSignal.timeout(60_000)),
    close: () => opened.disposeAsync(),
  };
}

/** Returns the slugs of the providers whose data is pushed to us. */
const pushingProviders = (): string[] =>
  providers.flatMap(({ slug, connecting }) => (connecting.kind === "upload" ? [slug] : []));

const safeSecretLength = 16;

/** Accepts a configured key as it is, but warns of a short one, which can be guessed. */
function warnOfShortSecrets(config: Config, log: Logger): void {
  for (const variable of ["SYSTOLE_API_KEY", "SYSTOLE_ADMIN_TOKEN"] as const) {
    const secret = config[variable];
    if (secret !== undefined && secret.length < safeSecretLength) {
      log.warn({ variable }, `shorter than ${safeSecretLength} characters: fit for trying things out only`);
    }
  }
}

/** Workers and the API alike: a process that only works posts to the receivers of the one that serves the API. */
const destinationGuard = (
  { SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: allowPrivate }: Config,
  publicUrl: string,
): SenderContext => createAddressGuard({ allowPrivate, isOwn: (url) => isReceiverUrl(publicUrl, url) });

async function startWorkers(
  { store, log, clients, publicUrl, planner }: PersonSubscriptionDeps,
  config: Config,
  metrics: Metrics & SyncMetrics,
  opened: AsyncDisposableStack,
): Promise<void> {
  const guard = destinationGuard(config, publicUrl);
  const delivery = await startDelivery({
    store,
    log,
    guard,
    publicUrl,
    exports: exportSettings(publicUrl, config),
    metrics: metrics.deliveries,
  });
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
  const importing = {
    store,
    log,
    parsing,
    unknownLeaves,
    stopping: stopping.signal,
    providerOf: providerBySlug,
  };
  await startImports(importing);
  await startIngest({
    store,
    log,
    parsing,
    clients,
    planner,
    publicUrl,
    gapsFound: metrics.gapsFound,
    bodyRefused: metrics.bodyRefused,
    unknownLeaves,
    stopping: stopping.signal,
    ...(config.SYSTOLE_KEEP_FILES && { keepFiles: config.SYSTOLE_KEEP_FILES }),
  });
  opened.defer(startReconciliation({ store, log }));
}

async function startApi(
  deps: PersonSubscriptionDeps,
  config: Config,
  metrics: Metrics,
  port: number,
  opened: AsyncDisposableStack,
): Promise<string> {
  const guard = destinationGuard(config, deps.publicUrl);
  const isPublic = config.SYSTOLE_PUBLIC_URL !== undefined;
  const services = apiServices(
    { deps, guard, registry: metrics.registry, isPublic, exports: exportSettings(deps.publicUrl, config) },
    opened,
  );
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

/** Serves health and metrics on their own port, if one is configured. */
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
