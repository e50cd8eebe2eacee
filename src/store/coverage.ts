/** The days of each resource that were requested with success, and the time of its next reconciliation. */
import { sql } from "kysely";
import type { ConnectionId } from "./connections.ts";
import { type DayRange, parseDays } from "./days.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

const hourMs = 3_600_000;
const longestMs = 24 * hourMs;

/** The limits of a resource's interval. */
export interface Pace {
  readonly shortestMs: number;
  readonly longestMs: number;
  /** The interval after something new was found; half of the present one when absent. */
  readonly afterNewsMs?: number;
  /** The longest one for some days after something was found that should have been announced; as usual when absent. */
  readonly longestAfterGapsMs?: number;
}

/** The pace of reconciliation. A shorter interval is declared by a provider, and stays as it is. */
export const usualPace: Pace = { shortestMs: hourMs, longestMs };

export interface Coverage {
  readonly resource: string;
  readonly days: readonly DayRange[];
  readonly askedUntil: Date | null;
  /** The first day of the oldest answer that had data; null while none had. */
  readonly oldestFound: string | null;
  readonly reconcileEveryMs: number;
  readonly nextReconcileAt: Date;
  readonly gapsFound: number;
  readonly lastGapAt: Date | null;
  /** Set while the person's account has no such resource. */
  readonly unavailable: Unavailable | null;
}

export interface Unavailable {
  readonly since: Date;
  readonly status: number | null;
}

export interface NewCoverage {
  readonly resource: string;
  readonly everyMs: number;
}

/**
 * Between 75 % and 100 % of the interval, so that people who connected together are not asked for together. What is
 * unavailable is asked for once a day.
 */
const soon = sql<Date>`now() + make_interval(secs => (0.75 + 0.25 * random()) *
  CASE WHEN unavailable_since IS NULL THEN reconcile_every_ms ELSE ${longestMs} END / 1000.0)`;

/** Creates the coverage rows of a connection; existing ones stay. */
export async function openCoverage(
  tx: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  resources: readonly NewCoverage[],
): Promise<void> {
  if (resources.length === 0) return;
  await tx
    .insertInto("coverage")
    .values(
      resources.map(({ resource, everyMs }) => ({
        environment_id: environmentId,
        user_id: userId,
        resource,
        reconcile_every_ms: everyMs,
        next_reconcile_at: sql<Date>`now() + make_interval(secs => ${everyMs / 1000} * (0.75 + 0.25 * random()))`,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Postpones the reconciliation of resources that are requested for another reason now. */
export async function postponeReconciling(
  tx: DatabaseTransaction,
  id: ConnectionId,
  resources: readonly string[],
): Promise<void> {
  if (resources.length === 0) return;
  await updateCoverage(tx, id, ...resources)
    .set({ next_reconcile_at: soon })
    .execute();
}

/** The grant that a resource needs. */
export interface NeededGrant {
  readonly provider: string;
  /** The API that serves it; null if it is only pushed. */
  readonly api: string | null;
  /** The consents that open it; one of them suffices. */
  readonly consents: readonly string[];
  /** Whether the consent of connections without stored consents is among them. */
  readonly isFormer: boolean;
  /** Null if it needs none. */
  readonly scope: string | null;
}

/**
 * Creates the coverage rows of everybody who connected before this resource was known, and granted it; due at
 * random within the next interval. Connections are locked meanwhile.
 */
export async function openCoverageOfAll(
  db: DatabaseOrTransaction,
  { provider, api, consents, isFormer, scope }: NeededGrant,
  { resource, everyMs }: NewCoverage,
): Promise<void> {
  await sql`INSERT INTO coverage (environment_id, user_id, resource, reconcile_every_ms, next_reconcile_at)
    SELECT environment_id, user_id, ${resource}, ${everyMs}::integer,
        now() + make_interval(secs => ${everyMs / 1000} * random())
      FROM connections WHERE provider = ${provider} AND state = 'active'
        AND CASE WHEN apis IS NOT NULL THEN ${api} = ANY(apis)
          WHEN consents IS NULL THEN ${isFormer} ELSE consents && ${[...consents]}::text[] END
        AND (${scope}::text IS NULL OR scopes IS NULL OR ${scope} = ANY(string_to_array(scopes, ' ')))
      FOR SHARE
    ON CONFLICT DO NOTHING`.execute(db);
}

export async function listCoverage(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<Coverage[]> {
  const rows = await db
    .selectFrom("coverage")
    .selectAll()
    .select(sql<string | null>`oldest_found::text`.as("oldest_found_day"))
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .orderBy("resource")
    .execute();
  return rows.map((row) => ({
    resource: row.resource,
    days: parseDays(row.days),
    askedUntil: row.asked_until,
    oldestFound: row.oldest_found_day,
    reconcileEveryMs: row.reconcile_every_ms,
    nextReconcileAt: row.next_reconcile_at,
    gapsFound: row.gaps_found,
    lastGapAt: row.last_gap_at,
    unavailable: row.unavailable_since && { since: row.unavailable_since, status: row.unavailable_status },
  }));
}

export const updateCoverage = (
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  ...resources: readonly string[]
) =>
  db
    .updateTable("coverage")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("resource", "in", resources);

/** Requests carry the clock of the process that made them. One too many is asked again, which harms nothing. */
const clockSkewSeconds = 60;

/** What a request has told, with all its data stored and made into records. */
export interface Covered {
  readonly resource: string;
  /** Null where no day up to now was requested. */
  readonly days: DayRange | null;
  readonly askedUntil: Date | null;
  /** The first of the days, where the answer had data of them. */
  readonly foundFrom?: string | null;
  /** The start of the request. */
  readonly begunAt: Date;
}

/**
 * Notes what was requested. A request that began before something was left out may lack it, and is not noted. What was
 * unavailable is available now, and due at once: its history is to be fetched.
 */
export async function markCovered(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, days, askedUntil, foundFrom = null, begunAt }: Covered,
): Promise<void> {
  const isWhole = sql<boolean>`coalesce(
    forgotten_at < ${begunAt}::timestamptz - make_interval(secs => ${clockSkewSeconds}), true)`;
  await updateCoverage(db, id, resource)
    .where(isWhole)
    .set({
      ...(days && {
        days: sql<string>`days + datemultirange(daterange(${days.from}::date, ${days.to}::date, '[]'))`,
      }),
      asked_until: sql<Date | null>`greatest(asked_until, ${askedUntil}::timestamptz)`,
      ...(foundFrom !== null && { oldest_found: sql<string>`least(oldest_found, ${foundFrom}::date)` }),
      next_reconcile_at: sql<Date>`CASE WHEN unavailable_since IS NULL THEN next_reconcile_at ELSE now() END`,
      unavailable_since: null,
      unavailable_at: null,
      unavailable_status: null,
    })
    .execute();
}

/**
 * Notes that something was left out of these resources: of them, nothing counts as requested any more. They are due at
 * once, because they may have been chosen again since the work that left something out began.
 */
export async function forgetCovered(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  resources: readonly string[],
): Promise<void> {
  await updateCoverage(db, id, ...resources)
    .set({
      days: "{}",
      asked_until: null,
      forgotten_at: sql<Date>`now()`,
      next_reconcile_at: sql<Date>`now()`,
    })
    .execute();
}

/** About this many people's resources become due each second, so that a large environment is not asked at once. */
const duePerSecond = 50;

/** Makes resources of all of a provider's connections due for reconciliation. */
export async function dueAtOnce(
  tx: DatabaseTransaction,
  { environmentId, provider }: ProviderConfigId,
  resources: readonly string[],
): Promise<void> {
  if (resources.length === 0) return;
  await sql`WITH meant AS (
      SELECT user_id, row_number() OVER (ORDER BY created_at) - 1 AS place FROM connections
      WHERE environment_id = ${environmentId} AND provider = ${provider})
    UPDATE coverage SET next_reconcile_at = now() + make_interval(secs => meant.place / ${duePerSecond}::int)
    FROM meant WHERE coverage.environment_id = ${environmentId} AND coverage.user_id = meant.user_id
      AND coverage.resource = ANY(${[...resources]}::text[])`.execute(tx);
}

const shortened = ({ shortestMs, afterNewsMs }: Pace) =>
  afterNewsMs === undefined
    ? sql<number>`least(reconcile_every_ms, greatest(${shortestMs}::int, reconcile_every_ms / 2))`
    : sql<number>`least(reconcile_every_ms, ${afterNewsMs}::int)`;

/** Shortens the interval: something was found that was not announced. */
export async function noteGaps(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, count, pace = usualPace }: { resource: string; count: number; pace?: Pace },
): Promise<void> {
  const everyMs = shortened(pace);
  await updateCoverage(db, id, resource)
    .set({
      gaps_found: sql<number>`gaps_found + ${count}`,
      last_gap_at: sql<Date>`now()`,
      reconcile_every_ms: everyMs,
      next_reconcile_at: sql<Date>`least(next_reconcile_at, now() + make_interval(secs => ${everyMs} / 1000.0))`,
    })
    .execute();
}

/** How long a gap is remembered: a night is announced once a day, and a day without the device may come between. */
const gapDays = 3;

/** Lengthens the interval: nothing was missing. */
export async function noteNoGaps(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, pace = usualPace }: { resource: string; pace?: Pace },
): Promise<void> {
  const { shortestMs, longestMs, longestAfterGapsMs = longestMs } = pace;
  const most = sql<number>`CASE WHEN last_gap_at > now() - make_interval(days => ${gapDays}::int)
    THEN ${longestAfterGapsMs}::int ELSE ${longestMs}::int END`;
  const lengthened = sql<number>`CASE WHEN reconcile_every_ms < ${shortestMs} THEN reconcile_every_ms
    ELSE least(${most}, reconcile_every_ms / 2 * 3) END`;
  await updateCoverage(db, id, resource).set({ reconcile_every_ms: lengthened }).execute();
}

/**
 * Brings the interval of a resource within its pace, where another one held before; the next look is then no later than
 * the new interval.
 */
export async function keepPace(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  { resource, everyMs, pace }: NewCoverage & { readonly pace: Pace },
): Promise<void> {
  await updateCoverage(db, id, resource)
    .where(sql<boolean>`reconcile_every_ms NOT BETWEEN ${pace.shortestMs} AND ${pace.longestMs}`)
    .set({
      reconcile_every_ms: everyMs,
      next_reconcile_at: sql<Date>`least(next_reconcile_at, now() + make_interval(secs => ${everyMs} / 1000.0))`,
    })
    .execute();
}

export interface DueCoverage extends ConnectionId {
  readonly resource: string;
}

/**
 * Claims the resources due for reconciliation, of people whose data can be fetched. They and their
 * connections are locked until the transaction ends and postponed by their interval, so that several
 * processes share the work; a connection that is locked just now is left for the next turn. For one person,
 * claims all resources that are not unavailable: the caller holds the connection's lock.
 */
export async function claimDue(
  tx: DatabaseTransaction,
  limit: number,
  only?: ConnectionId,
): Promise<DueCoverage[]> {
  const due = await tx
    .selectFrom("coverage")
    .innerJoin("connections", (join) =>
      join
        .onRef("connections.environment_id", "=", "coverage.environment_id")
        .onRef("connections.user_id", "=", "coverage.user_id"),
    )
    .select(["coverage.environment_id", "coverage.user_id", "coverage.resource"])
    .where("connections.state", "=", "active")
    .where("connections.active", "=", true)
    .$if(only === undefined, (query) => query.where("coverage.next_reconcile_at", "<=", sql<Date>`now()`))
    .$if(only !== undefined, (query) =>
      query
        .where("coverage.environment_id", "=", only?.environmentId ?? "")
        .where("coverage.user_id", "=", only?.userId ?? "")
        .where(sql<boolean>`(coverage.unavailable_since IS NULL OR coverage.next_reconcile_at <= now())`),
    )
    .orderBy("coverage.next_reconcile_at")
    .limit(limit)
    .forNoKeyUpdate(["coverage", "connections"])
    .$if(only === undefined, (query) => query.skipLocked())
    .execute();
  if (due.length > 0) {
    await tx
      .updateTable("coverage")
      .set({ next_reconcile_at: soon })
      .where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple("environment_id", "user_id", "resource"),
          "in",
          due.map((row) => tuple(row.environment_id, row.user_id, row.resource)),
        ),
      )
      .execute();
  }
  return due.map((row) => ({
    environmentId: row.environment_id,
    userId: row.user_id,
    resource: row.resource,
  }));
}
