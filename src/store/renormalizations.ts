/** Jobs that rebuild records: a row has the filter, the progress and the findings. */
import { type Selectable, sql } from "kysely";
import { newId } from "./identifiers.ts";
import { lastKey, lastOrder } from "./refold.ts";
import type {
  RenormalizationCounts,
  RenormalizationCursor,
  RenormalizationDifference,
  RenormalizationFilter,
  RenormalizationOptions,
  RenormalizationState,
  RenormalizationTotals,
} from "./renormalization-job.ts";
import type { DatabaseOrTransaction, DatabaseTransaction, RenormalizationsTable } from "./tables.ts";

export type Renormalization = Selectable<RenormalizationsTable>;

export interface RenormalizationId {
  readonly environmentId: string;
  readonly renormalizationId: string;
}

const nothing: RenormalizationCounts = {
  records: 0,
  payloads: 0,
  types: {},
  unreadable: {},
  events: 0,
  pathsLeftOut: 0,
};

export function insertRenormalization(
  tx: DatabaseTransaction,
  environmentId: string,
  asked: {
    readonly filter: RenormalizationFilter;
    readonly options: RenormalizationOptions;
    readonly totals: RenormalizationTotals;
    readonly cursor: RenormalizationCursor;
  },
): Promise<Renormalization> {
  return tx
    .insertInto("renormalizations")
    .values({
      environment_id: environmentId,
      renormalization_id: newId(),
      state: "running",
      filter: JSON.stringify(asked.filter),
      options: JSON.stringify(asked.options),
      totals: JSON.stringify(asked.totals),
      cursor: JSON.stringify(asked.cursor),
      counts: JSON.stringify(nothing),
      differences: "[]",
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

const byId = (db: DatabaseOrTransaction, { environmentId, renormalizationId }: RenormalizationId) =>
  db
    .selectFrom("renormalizations")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("renormalization_id", "=", renormalizationId);

export async function findRenormalization(
  db: DatabaseOrTransaction,
  id: RenormalizationId,
): Promise<Renormalization | null> {
  return (await byId(db, id).executeTakeFirst()) ?? null;
}

/** Locks a job until the transaction ends: its batches go one after the other. */
export async function lockRenormalization(
  tx: DatabaseTransaction,
  id: RenormalizationId,
): Promise<Renormalization | null> {
  return (await byId(tx, id).forUpdate().executeTakeFirst()) ?? null;
}

/** Returns the newest first. */
export function listRenormalizations(
  db: DatabaseOrTransaction,
  environmentId: string,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<Renormalization[]> {
  let query = db.selectFrom("renormalizations").selectAll().where("environment_id", "=", environmentId);
  if (before !== undefined) query = query.where("renormalization_id", "<", before);
  return query.orderBy("renormalization_id", "desc").limit(limit).execute();
}

const row = (db: DatabaseOrTransaction, { environmentId, renormalizationId }: RenormalizationId) =>
  db
    .updateTable("renormalizations")
    .where("environment_id", "=", environmentId)
    .where("renormalization_id", "=", renormalizationId);

/** The state after a batch; a null cursor is the end. */
export interface Progress {
  readonly cursor: RenormalizationCursor | null;
  readonly counts: RenormalizationCounts;
  readonly differences: readonly RenormalizationDifference[];
}

export async function saveProgress(
  tx: DatabaseTransaction,
  id: RenormalizationId,
  { cursor, counts, differences }: Progress,
): Promise<void> {
  const now = new Date();
  await row(tx, id)
    .set(({ eb }) => ({
      step: eb("step", "+", 1),
      counts: JSON.stringify(counts),
      differences: JSON.stringify(differences),
      updated_at: now,
      ...(cursor === null
        ? { state: "done" as const, finished_at: now }
        : { cursor: JSON.stringify(cursor) }),
    }))
    .execute();
}

/** Resumes a job where it was, or stops it there; a job already queued is outdated from now on. */
export async function moveRenormalization(
  db: DatabaseOrTransaction,
  id: RenormalizationId,
  state: Exclude<RenormalizationState, "done">,
  code: string | null = null,
): Promise<Renormalization> {
  const now = new Date();
  return row(db, id)
    .set(({ eb }) => ({
      state,
      code,
      step: eb("step", "+", 1),
      updated_at: now,
      finished_at: state === "running" ? null : now,
    }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Removes a person from every job: from its filter, its examples, and its cursor. */
export async function forgetInRenormalizations(
  tx: DatabaseTransaction,
  environmentId: string,
  userIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<Renormalization>`SELECT * FROM renormalizations
    WHERE environment_id = ${environmentId}
      AND (filter::text || cursor::text || differences::text) ~* ${userIds.join("|")}
    ORDER BY renormalization_id FOR UPDATE`.execute(tx);
  for (const job of rows) {
    const { filter, differences, renormalization_id: renormalizationId } = job;
    const kept = filter.userIds?.filter((id) => !userIds.includes(id.toLowerCase())) ?? null;
    const isNamed = differences.some(({ example }) => userIds.includes(example.userId));
    await row(tx, { environmentId, renormalizationId })
      .set({
        filter: JSON.stringify({ ...filter, userIds: kept }),
        differences: JSON.stringify(isNamed ? [] : differences),
        cursor: JSON.stringify(await cursorWithout(tx, job, userIds)),
      })
      .execute();
  }
}

/**
 * Returns the cursor without the person. Rows are read in the order of their keys: the last key before the
 * person's is the same position.
 */
async function cursorWithout(
  tx: DatabaseTransaction,
  { environment_id, cursor }: Renormalization,
  userIds: readonly string[],
): Promise<RenormalizationCursor> {
  const { phase, after } = cursor;
  if (after === null || !userIds.includes(after[0])) return cursor;
  if (phase === "records") {
    const { rows } = await sql<{ after: [string, string, string] }>`
      SELECT json_build_array(user_id, type, natural_key) AS after FROM records
      WHERE environment_id = ${environment_id} AND user_id < ${after[0]}
      ORDER BY user_id DESC, type DESC, natural_key DESC LIMIT 1`.execute(tx);
    return { phase, after: rows[0]?.after ?? null };
  }
  if (phase !== "payloads") {
    const before = await personBefore(tx, environment_id, after[0]);
    if (phase === "fold") return { phase, after: before === null ? null : [before, lastOrder] };
    return { phase, after: before === null ? null : [before, lastKey, lastKey] };
  }
  const { rows } = await sql<{ after: [string, string, string, string] }>`
    SELECT json_build_array(user_id, resource, resource_key, raw_payload_id) AS after FROM raw_payloads
    WHERE environment_id = ${environment_id} AND user_id < ${after[0]}
    ORDER BY user_id DESC, resource DESC, resource_key DESC, raw_payload_id DESC LIMIT 1`.execute(tx);
  return { phase, after: rows[0]?.after ?? null };
}

async function personBefore(
  tx: DatabaseTransaction,
  environmentId: string,
  userId: string,
): Promise<string | null> {
  const row = await tx
    .selectFrom("connections")
    .select("user_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "<", userId)
    .orderBy("user_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.user_id ?? null;
}
