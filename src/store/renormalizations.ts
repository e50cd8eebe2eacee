/** Jobs that rebuild records: a row says what is asked for, how far it is and what was found. */
import type { Selectable } from "kysely";
import { newId } from "./identifiers.ts";
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

const beginning: RenormalizationCursor = { phase: "records", after: null };
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
      cursor: JSON.stringify(beginning),
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

/** Held until the transaction ends: batches of one job go one after the other. */
export async function lockRenormalization(
  tx: DatabaseTransaction,
  id: RenormalizationId,
): Promise<Renormalization | null> {
  return (await byId(tx, id).forUpdate().executeTakeFirst()) ?? null;
}

/** Newest first. */
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

/** What a batch has come to; no cursor is the end. */
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

/** Running again from where it was, or stopped there; the job that is on its way is an old one from now on. */
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

/** A person's records are named in examples no longer when the person is gone. */
export async function forgetExamples(
  tx: DatabaseTransaction,
  { environmentId, userId }: { readonly environmentId: string; readonly userId: string },
): Promise<void> {
  await tx
    .updateTable("renormalizations")
    .set({ differences: "[]" })
    .where("environment_id", "=", environmentId)
    .where(({ eb, cast }) => eb(cast("differences", "text"), "like", `%"${userId}"%`))
    .execute();
}
