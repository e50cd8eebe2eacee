/**
 * The state of each provider client's limits, shared by all processes. The row is locked only while it is
 * counted, never during a call.
 */
import { prepared } from "./prepared.ts";
import type { Database, DatabaseTransaction } from "./tables.ts";

export interface BudgetId {
  readonly key: Buffer;
  /** The provider's slug. */
  readonly provider: string;
  /** The name of one of its APIs. */
  readonly api: string;
  /** Only for the limits of one person. */
  readonly providerUserId?: string;
}

/**
 * Reads the states of budgets, null where there is none yet, and writes the states that `change` returns.
 * `now` is the database's clock in milliseconds, read when the last row was locked: the clocks of processes
 * differ. All callers name a client's budget before a person's, so there is no deadlock.
 */
export function changeBudgets<Answer>(
  db: Database,
  budgets: readonly BudgetId[],
  change: ChangeOfBudgets<Answer>,
): Promise<Answer> {
  return db.transaction().execute(async (tx) => {
    const locked: LockedBudget[] = [];
    for (const budget of budgets) locked.push(await lockBudget(tx, budget));
    const now = Math.max(...locked.map(({ at }) => at));
    const { states, answer } = change(
      locked.map(({ state }) => state),
      now,
    );
    for (const [index, { key }] of budgets.entries()) {
      await writeState(tx, [JSON.stringify(states[index] ?? null), key]);
    }
    return answer;
  });
}

export type ChangeOfBudgets<Answer> = (states: readonly unknown[], now: number) => BudgetChange<Answer>;

/** The states in the order of the budgets. */
export interface BudgetChange<Answer> {
  readonly states: readonly unknown[];
  readonly answer: Answer;
}

interface LockedBudget {
  readonly state: unknown;
  readonly at: number;
}

const lock = prepared<{ state: unknown; updated_at: Date }>(
  "lock_budget",
  `INSERT INTO provider_budgets AS budget (budget_key, provider, api, provider_user_id, state, updated_at)
  VALUES ($1, $2, $3, $4, 'null', clock_timestamp())
  ON CONFLICT (budget_key) DO UPDATE SET updated_at = clock_timestamp()
  RETURNING state, updated_at`,
);

const writeState = prepared("write_budget", "UPDATE provider_budgets SET state = $1 WHERE budget_key = $2");

async function lockBudget(
  tx: DatabaseTransaction,
  { key, provider, api, providerUserId }: BudgetId,
): Promise<LockedBudget> {
  const [row] = await lock(tx, [key, provider, api, providerUserId ?? null]);
  return { state: row?.state ?? null, at: (row?.updated_at ?? new Date()).getTime() };
}

export interface KeptBudget extends BudgetId {
  readonly state: unknown;
}

/** Returns the budgets of clients. */
export async function listBudgets(db: Database): Promise<KeptBudget[]> {
  const rows = await db
    .selectFrom("provider_budgets")
    .select(["budget_key", "provider", "api", "state"])
    .where("provider_user_id", "is", null)
    .execute();
  return rows.map(({ budget_key: key, ...budget }) => ({ key, ...budget }));
}

/**
 * Returns the number of people connected through a client, in all environments: a person in two of them is
 * one user.
 */
export async function countUsers(
  db: Database,
  provider: string,
  environmentIds: readonly string[],
): Promise<number> {
  if (environmentIds.length === 0) return 0;
  const row = await db
    .selectFrom("connections")
    .select(({ fn }) => fn.count<string>("provider_user_id").distinct().as("users"))
    .where("environment_id", "in", [...environmentIds])
    .where("provider", "=", provider)
    .where("state", "=", "active")
    .executeTakeFirst();
  return Number(row?.users ?? 0);
}

export interface Postponed {
  readonly environmentId: string;
  readonly provider: string;
  readonly priority: number;
  readonly count: number;
}

/** Returns the tasks that wait for a budget. */
export async function countPostponed(db: Database, code: string): Promise<Postponed[]> {
  const rows = await db
    .selectFrom("environments")
    .innerJoin("fetch_tasks", "fetch_tasks.environment_id", "environments.environment_id")
    .select(({ fn }) => [
      "fetch_tasks.environment_id",
      "fetch_tasks.provider",
      "fetch_tasks.priority",
      fn.countAll<string>().as("count"),
    ])
    .where("fetch_tasks.state", "=", "accepted")
    .where("fetch_tasks.code", "=", code)
    .groupBy(["fetch_tasks.environment_id", "fetch_tasks.provider", "fetch_tasks.priority"])
    .execute();
  return rows.map(({ environment_id: environmentId, count, ...of }) => ({
    ...of,
    environmentId,
    count: Number(count),
  }));
}
