/** Routes that show the progress of a user's data and request new data at once. */
import { z } from "zod";
import { apisDeclaredBy, apisOfConnection, consentsGiven } from "../../providers/consents.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Connection } from "../../store/connections.ts";
import { type Coverage, listCoverage } from "../../store/coverage.ts";
import { type Pushes, readPushes } from "../../store/pushes.ts";
import {
  type ResourceProgress,
  readProgress,
  readTroubles,
  type Trouble,
} from "../../store/sync-progress.ts";
import { discoverableFor } from "../../sync/discoverable.ts";
import { environmentIdOf } from "../auth.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { iso, isoOrNull, time } from "./parameters.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: users"];
const day = z.string().meta({ format: "date" });

const resourceShown = z.object({
  resource: z.string(),
  announced: z.boolean().describe("Whether the provider's notifications name new data"),
  covered: z.array(z.object({ from: day, to: day })).describe("Days that were fetched with success"),
  asked_until: time.nullable().describe("When the newest data was last fetched with success"),
  orders: z.object({
    waiting: z.int().describe("Fetch tasks that are not done yet"),
    done: z.int(),
    failed: z.int(),
  }),
  next_try_at: time.nullable(),
  trouble: z
    .object({
      code: z.string(),
      key: z.string(),
      state: z.string(),
      attempts: z.int(),
      next_try_at: time.nullable(),
      since: time,
    })
    .nullable()
    .describe("The latest failure that still lasts, with a code of docs/errors.md"),
  unavailable: z
    .object({ code: z.string(), status: z.int().nullable(), since: time })
    .nullable()
    .describe(
      "Set while the person's account has no such data, with the provider's status; asked for again at `next_reconcile_at`",
    ),
  next_reconcile_at: time.nullable(),
  reconcile_every_seconds: z.int().nullable(),
  gaps_found: z.int().describe("Found by reconciliation, without a notification"),
  last_gap_at: time.nullable(),
});

const pushedShown = z.object({
  silent: z.boolean().describe("Whether nothing was pushed for longer than this connection usually takes"),
  expected_until: time
    .nullable()
    .describe("When a silence becomes unusual, or became so; null where everything is sent by hand"),
  formats: z.array(
    z.object({
      format: z.string(),
      last_pushed_at: time,
      pushes: z.int(),
      usual_gap_seconds: z
        .int()
        .nullable()
        .describe(
          "The usual time between two occasions, learned from this connection's own; null before two",
        ),
    }),
  ),
});

const apiShown = z.object({
  name: z.string(),
  is_open: z.boolean().describe("Whether this connection can fetch from it"),
  consent: z
    .string()
    .nullable()
    .describe("The person's consent whose permission is used for it; null where it is not open"),
});

const shown = z.object({
  user_id: z.string(),
  apis: z.array(apiShown).describe("The provider's APIs. Any of them may be open, or all"),
  syncing: z.boolean().describe("Whether a fetch is in progress or due"),
  pushed: pushedShown.nullable().describe("What the person's own clients push; null where nothing is pushed"),
  resources: z.array(resourceShown),
});

export function syncRoutes(app: Api, services: ApiServices): void {
  progressRoute(app, services);
  refreshRoute(app, services);
}

function progressRoute(app: Api, { store, providers }: ApiServices): void {
  const schema = {
    tags,
    summary: "The progress of fetching a user's data",
    params: userParams,
    response: { 200: shown },
  };
  app.get("/users/:id/sync", { schema }, async (request) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    const [coverage, progress, troubles, pushes] = await Promise.all([
      listCoverage(store.db, id),
      readProgress(store.db, connection),
      readTroubles(store.db, connection),
      readPushes(store.db, id),
    ]);
    const announced = announcedBy(providers, connection);
    const names = [...new Set([...coverage, ...progress].map(({ resource }) => resource))].sort();
    return {
      user_id: connection.user_id,
      apis: showApis(providers, connection),
      syncing: progress.some(({ isSyncing }) => isSyncing),
      pushed: isPushed(providers, connection) ? showPushes(pushes) : null,
      resources: names.map((name) => ({
        resource: name,
        announced: announced.has(name),
        ...showCoverage(coverage.find(({ resource }) => resource === name)),
        ...showProgress(progress.find(({ resource }) => resource === name)),
        trouble: showTrouble(troubles.find(({ resource }) => resource === name)),
      })),
    };
  });
}

function refreshRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Ask the provider for new data at once",
    description: "Pull-to-refresh: runs before background work, within the provider's limits.",
    params: userParams,
    response: { 202: z.object({ resources: z.int().describe("The number of resources that are fetched") }) },
  };
  app.post("/users/:id/refresh", { schema }, async (request, reply) => {
    const connection = await connectionOf(services.store.db, environmentIdOf(request), request.params.id);
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    return reply.code(202).send({ resources: await services.refresh(id) });
  });
}

function announcedBy(providers: ApiServices["providers"], connection: Connection): ReadonlySet<string> {
  const provider = providers.find(({ slug }) => slug === connection.provider);
  const found = provider === undefined ? [] : discoverableFor(provider, connection, provider.resources);
  return new Set(found.filter(({ discovery }) => discovery.announced).map(({ name }) => name));
}

function showApis(providers: ApiServices["providers"], connection: Connection) {
  const provider = providers.find(({ slug }) => slug === connection.provider);
  if (provider === undefined) return [];
  const open = apisOfConnection(provider, connection);
  const given = consentsGiven(provider, connection);
  return Object.keys(provider.apis).map((name) => ({
    name,
    is_open: open.includes(name),
    consent: open.includes(name) ? consentFor(provider, given, name) : null,
  }));
}

/** A consent for the API itself goes before one that was found to open it. */
const consentFor = (provider: Provider, given: readonly string[], api: string): string | null =>
  given.find((consent) => apisDeclaredBy(provider, { consent }).includes(api)) ?? given[0] ?? null;

const isPushed = (providers: ApiServices["providers"], { provider }: Connection): boolean =>
  providers.some(({ slug, connecting }) => slug === provider && connecting.kind === "upload");

const showPushes = ({ formats, silentAfter, isSilent }: Pushes) => ({
  silent: isSilent,
  expected_until: isoOrNull(silentAfter),
  formats: formats.map(({ format, pushedAt, pushes, usualGapMs }) => ({
    format,
    last_pushed_at: iso(pushedAt),
    pushes,
    usual_gap_seconds: usualGapMs === null ? null : Math.round(usualGapMs / 1000),
  })),
});

const showCoverage = (coverage: Coverage | undefined) => ({
  covered: [...(coverage?.days ?? [])],
  asked_until: isoOrNull(coverage?.askedUntil ?? null),
  unavailable: showUnavailable(coverage?.unavailable ?? null),
  next_reconcile_at: isoOrNull(coverage?.nextReconcileAt ?? null),
  reconcile_every_seconds: coverage === undefined ? null : Math.round(coverage.reconcileEveryMs / 1000),
  gaps_found: coverage?.gapsFound ?? 0,
  last_gap_at: isoOrNull(coverage?.lastGapAt ?? null),
});

const showUnavailable = (unavailable: Coverage["unavailable"]) =>
  unavailable && {
    code: "PROVIDER_RESOURCE_UNAVAILABLE",
    status: unavailable.status,
    since: iso(unavailable.since),
  };

const showProgress = (progress: ResourceProgress | undefined) => ({
  orders: { waiting: progress?.waiting ?? 0, done: progress?.done ?? 0, failed: progress?.failed ?? 0 },
  next_try_at: isoOrNull(progress?.nextTryAt ?? null),
});

const showTrouble = (trouble: Trouble | undefined) =>
  trouble === undefined
    ? null
    : {
        code: trouble.code,
        key: trouble.key,
        state: trouble.state,
        attempts: trouble.attempts,
        next_try_at: isoOrNull(trouble.nextTryAt),
        since: iso(trouble.since),
      };
