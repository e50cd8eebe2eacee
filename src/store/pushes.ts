/** What connections push in each upload format, and when their silence becomes unusual. */
import { type RawBuilder, sql } from "kysely";
import { SystoleError } from "../errors.ts";
import type { ConnectionId } from "./connections.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

/** A phone pushes only while it is unlocked and has a network, so a shorter silence says nothing. */
const shortest = sql`interval '2 days'`;
/** A silence is unusual when it lasts this many times as long as usual. */
const patience = 3;
/** Pushes closer together than this are one occasion: a phone sends what it has in several parts. */
const occasionMs = 3_600_000;
/** How much a new gap counts against what was learned before. */
const weight = 0.2;
/** One long absence, such as a lost phone, counts as no more than this many usual gaps. */
const longestCounted = 4;

export interface PushedFormat {
  readonly format: string;
  /** Whether people send it by hand, so that nothing is expected. */
  readonly isByHand: boolean;
}

/**
 * Holds the connection's row until the transaction ends, so that nothing is kept for one that has ended meanwhile.
 * @throws SystoleError UPLOAD_CONNECTION_ENDED
 */
export async function assertConnected(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<void> {
  const { rows } = await sql`SELECT FROM connections
    WHERE environment_id = ${environmentId} AND user_id = ${userId} FOR KEY SHARE`.execute(tx);
  if (rows.length === 0) throw new SystoleError("UPLOAD_CONNECTION_ENDED");
}

/** Notes a push, in the transaction that keeps it. @throws SystoleError UPLOAD_CONNECTION_ENDED */
export async function notePush(
  tx: DatabaseTransaction,
  id: ConnectionId,
  { format, isByHand }: PushedFormat,
): Promise<void> {
  await assertConnected(tx, id);
  const expected = (silence: RawBuilder<unknown>) => (isByHand ? null : sql`now() + ${silence}`);
  const patient = sql`greatest(${shortest}, make_interval(secs => ${patience} * (${learned}) / 1000))`;
  await sql`
    INSERT INTO pushes AS known (environment_id, user_id, format, pushed_at, silent_after)
    VALUES (${id.environmentId}, ${id.userId}, ${format}, now(), ${expected(shortest)})
    ON CONFLICT (environment_id, user_id, format) DO UPDATE SET
      pushes = known.pushes + 1,
      pushed_at = now(),
      usual_gap_ms = ${learned},
      silent_after = ${expected(patient)}`.execute(tx);
}

const gapMs = sql`extract(epoch FROM now() - known.pushed_at)::float8 * 1000`;
const learned: RawBuilder<unknown> = sql`CASE
  WHEN ${gapMs} < ${occasionMs} THEN known.usual_gap_ms
  WHEN known.usual_gap_ms IS NULL THEN ${gapMs}
  ELSE (1 - ${weight}::float8) * known.usual_gap_ms
    + ${weight}::float8 * least(${gapMs}, ${longestCounted} * known.usual_gap_ms) END`;

export interface FormatPushes {
  readonly format: string;
  readonly pushes: number;
  readonly pushedAt: Date;
  readonly usualGapMs: number | null;
}

export interface Pushes {
  /** Those of each format, the latest first. */
  readonly formats: readonly FormatPushes[];
  /** When the silence becomes unusual, or became so; null when nothing is expected. */
  readonly silentAfter: Date | null;
  readonly isSilent: boolean;
}

/** A connection that never pushed anything is waited for from its beginning. */
const silentAfter = sql`coalesce(
  (SELECT max(p.silent_after) FROM pushes p WHERE p.environment_id = c.environment_id AND p.user_id = c.user_id),
  CASE WHEN NOT EXISTS (SELECT FROM pushes p WHERE p.environment_id = c.environment_id AND p.user_id = c.user_id)
    THEN c.created_at + ${shortest} END)`;

export async function readPushes(db: DatabaseOrTransaction, id: ConnectionId): Promise<Pushes> {
  const { environmentId, userId } = id;
  const { rows } = await sql<{ silent_after: Date | null; silent: boolean | null }>`
    SELECT ${silentAfter} AS silent_after, ${silentAfter} < now() AS silent FROM connections c
    WHERE c.environment_id = ${environmentId} AND c.user_id = ${userId}`.execute(db);
  const formats = await db
    .selectFrom("pushes")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .orderBy("pushed_at", "desc")
    .execute();
  return {
    formats: formats.map((row) => ({
      format: row.format,
      pushes: Number(row.pushes),
      pushedAt: row.pushed_at,
      usualGapMs: row.usual_gap_ms,
    })),
    silentAfter: rows[0]?.silent_after ?? null,
    isSilent: rows[0]?.silent ?? false,
  };
}

/** Whether a connection itself has pushed anything, and not only one that it replaced. */
export async function hasPushed(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<boolean> {
  const row = await db
    .selectFrom("pushes")
    .innerJoin("connections", (join) =>
      join
        .onRef("connections.environment_id", "=", "pushes.environment_id")
        .onRef("connections.user_id", "=", "pushes.user_id")
        .onRef("connections.created_at", "<=", "pushes.pushed_at"),
    )
    .select("pushes.format")
    .where("pushes.environment_id", "=", environmentId)
    .where("pushes.user_id", "=", userId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Counts the connections of these providers that are silent for longer than usual; paused ones are not. */
export async function countSilent(
  db: DatabaseOrTransaction,
  providers: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ provider: string; silent: number }>`
    SELECT c.provider, count(*)::int AS silent FROM connections c
    WHERE c.provider = ANY(${[...providers]}::text[]) AND c.state = 'active' AND c.active
      AND ${silentAfter} < now()
    GROUP BY c.provider`.execute(db);
  const counted = new Map(rows.map(({ provider, silent }) => [provider, silent]));
  return new Map(providers.map((provider) => [provider, counted.get(provider) ?? 0]));
}
