/** Whether all is well, in figures and in sentences. */

import { z } from "zod";
import manifest from "../../../package.json" with { type: "json" };
import { readWaiting } from "../../store/destination-stats.ts";
import { listDestinations, type StoredDestination } from "../../store/destinations.ts";
import {
  listProviderTroubles,
  type ProviderTrouble,
  readSize,
  readThroughput,
  type StoredSize,
} from "../../store/overview.ts";
import { listProviderConfigs } from "../../store/provider-configs.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { type HealthFacts, problemsOf } from "./health-problems.ts";
import { isoOrNull, time } from "./parameters.ts";

const minuteMs = 60_000;
const rateMinutes = 5;
/** Asking every table for its size reads the directory of files. */
const sizeFreshMs = 60_000;

const health = component(
  "Health",
  z.object({
    version: z.string(),
    problems: z
      .array(z.object({ severity: z.enum(["error", "warning"]), text: z.string(), remedy: z.string() }))
      .describe("Plain sentences; none when all is well"),
    queues: z
      .array(z.object({ queue: z.string(), waiting: z.int(), active: z.int() }))
      .describe("Jobs of all environments that are due, and those under way; a few seconds old"),
    oldest_undelivered_at: time.nullable().describe("When the oldest event that still waits was planned"),
    rates: z
      .object({ minutes: z.int(), events: z.int(), delivered: z.int(), failed: z.int() })
      .describe("Events written and attempts made in the last minutes, in this environment"),
    provider_errors: z.array(
      z.object({ provider: z.string(), code: z.string(), people: z.int(), since: time.nullable() }),
    ),
    database: z.object({
      bytes: z.number(),
      tables: z.array(
        z.object({
          table: z.string(),
          bytes: z.number(),
          kept_days: z.int().nullable().describe("Null: kept for ever"),
        }),
      ),
    }),
  }),
);

export function adminHealthRoute(app: Api, services: ApiServices): void {
  const readSizeSometimes = remembered(() => readSize(services.store.db));
  const schema = {
    tags: ["Admin: overview"],
    summary: "Whether all is well, and what to do where it is not",
    response: { 200: health },
  };
  app.get("/health", { schema }, async (request) => {
    const environmentId = environmentIdOf(request);
    const [facts, size, queues] = await Promise.all([
      readFacts(services, environmentId),
      readSizeSometimes(),
      services.store.queue.depths(services.store.db),
    ]);
    const { rates, troubles, oldestPending } = facts;
    return {
      version: manifest.version,
      problems: problemsOf({ ...facts, now: new Date() }),
      queues: queues.map((depth) => ({ ...depth })),
      oldest_undelivered_at: isoOrNull(oldestPending),
      rates: { minutes: rateMinutes, ...rates },
      provider_errors: troubles.map(showTrouble),
      database: showSize(size),
    };
  });
}

type Facts = Omit<HealthFacts, "now"> & {
  readonly rates: Awaited<ReturnType<typeof readThroughput>>;
  readonly oldestPending: Date | null;
};

async function readFacts({ store: { db, keyRing } }: ApiServices, environmentId: string): Promise<Facts> {
  const [rates, troubles, destinations, configs] = await Promise.all([
    readThroughput(db, environmentId, new Date(Date.now() - rateMinutes * minuteMs)),
    listProviderTroubles(db, environmentId),
    listDestinations(db, keyRing, environmentId),
    listProviderConfigs(db),
  ]);
  const waiting = await Promise.all(
    destinations.map(({ destination_id: destinationId }) =>
      readWaiting(db, { environmentId, destinationId }),
    ),
  );
  const times = waiting.flatMap(({ oldestPending }) => oldestPending ?? []);
  return {
    rates,
    troubles,
    destinations: destinations.map((kept: StoredDestination, index) => ({
      ...kept,
      pending: waiting[index]?.pending ?? 0,
      dead: waiting[index]?.dead ?? 0,
    })),
    configs: configs.filter((config) => config.environment_id === environmentId),
    oldestPending: times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
  };
}

/** What was read within the last minute, read anew otherwise; several callers share one reading. */
function remembered(read: () => Promise<StoredSize>): () => Promise<StoredSize> {
  let known: Promise<StoredSize> | null = null;
  let readAt = 0;
  return () => {
    if (known !== null && performance.now() - readAt < sizeFreshMs) return known;
    readAt = performance.now();
    const reading = read();
    reading.catch(() => {
      known = null;
    });
    known = reading;
    return reading;
  };
}

const showTrouble = ({ provider, code, people, since }: ProviderTrouble) => ({
  provider,
  code,
  people,
  since: isoOrNull(since),
});

const showSize = ({ bytes, tables }: StoredSize) => ({
  bytes,
  tables: tables.map(({ table, bytes, keptDays }) => ({ table, bytes, kept_days: keptDays })),
});
