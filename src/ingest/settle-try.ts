/** Writes the outcome of a try and the job of the next one, in one transaction. */
import { lockAccounts } from "../store/accounts.ts";
import { type FetchTask, findTask } from "../store/fetch-tasks.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { forgetWhose, isBeingTried, settleTask, type TaskOutcome } from "../store/task-tries.ts";
import { createTasks } from "../sync/create-tasks.ts";
import { firstLook } from "../sync/schedule.ts";
import { refusedForNow, type TryOutcome } from "./outcome.ts";
import { connectionsOf, isUsable } from "./task-connections.ts";

/** Returns the outcome that was written; null when the task was finished or erased meanwhile. */
export function settleTry(
  { db, queue }: Store,
  task: FetchTask,
  outcome: TryOutcome,
): Promise<TaskOutcome | null> {
  return db.transaction().execute(async (tx) => {
    const wanted = (await isTriedByAnother(tx, task, outcome)) ? refusedForNow : outcome;
    const final = wanted.state === "waiting" ? await waitOrGoOn(tx, task, wanted) : wanted;
    if (!(await settleTask(tx, task, final))) return null;
    if (task.kind === "revoke" && final.nextAttemptAt === null) await forgetWhose(tx, task);
    if (final.nextAttemptAt !== null) {
      const data = { environmentId: task.environment_id, taskId: task.task_id };
      const job = { data, startAfter: final.nextAttemptAt, priority: task.priority };
      await queue.enqueue(tx, "ingest", [job]);
    }
    if (task.kind === "announced" && outcome.missing?.length) {
      await createSecondLook({ tx, queue }, task, outcome.missing);
    }
    return final;
  });
}

/**
 * Whether another task already tries for a person whose calls are refused: one is enough to find out when
 * that ends.
 */
async function isTriedByAnother(
  tx: DatabaseTransaction,
  task: FetchTask,
  { state, code }: TaskOutcome,
): Promise<boolean> {
  if (state !== "accepted" || code !== "PROVIDER_FORBIDDEN" || task.provider_user_id === null) return false;
  await lockAccount(tx, task);
  return isBeingTried(tx, task, code);
}

/**
 * Lets a task wait, unless the reason is gone: the person may have connected, the pause or the trouble ended,
 * or another connection replaced this one while the task found none. Of the tasks that wait for trouble to
 * end, one has to keep trying.
 */
async function waitOrGoOn(
  tx: DatabaseTransaction,
  task: FetchTask,
  waits: TaskOutcome,
): Promise<TaskOutcome> {
  await lockAccount(tx, task);
  const current = await findTask(tx, { environmentId: task.environment_id, taskId: task.task_id });
  const usable = (await connectionsOf(tx, current ?? task)).filter(isUsable);
  if (usable.length === 0) return waits;
  const retryNow = { ...waits, state: "accepted", nextAttemptAt: new Date(), isPostponed: true } as const;
  if (usable.some(({ error_code }) => error_code !== refusedForNow.code)) return retryNow;
  const isTried = await isBeingTried(tx, task, "PROVIDER_FORBIDDEN");
  return isTried ? refusedForNow : { ...retryNow, code: refusedForNow.code };
}

async function lockAccount(tx: DatabaseTransaction, task: FetchTask): Promise<void> {
  const { environment_id: environmentId, provider, provider_user_id: providerUserId } = task;
  if (providerUserId !== null) await lockAccounts(tx, [{ environmentId, provider, providerUserId }]);
}

/**
 * Creates a task that looks again for missing companions: they may be computed after the thing itself was
 * announced, and are not announced. Only announcements get such looks, so a look never creates further looks.
 */
async function createSecondLook(
  { tx, queue }: Pick<Store, "queue"> & { readonly tx: DatabaseTransaction },
  task: FetchTask,
  missing: NonNullable<TryOutcome["missing"]>,
): Promise<void> {
  const { environment_id: environmentId, provider, provider_user_id: providerUserId } = task;
  const startAfter = firstLook(new Date());
  const account = { environmentId, provider, providerUserId };
  await createTasks(tx, queue, [{ ...account, kind: "second-look", fetches: missing, startAfter }]);
}
