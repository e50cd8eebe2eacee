/**
 * Writes notifications together: those that arrive while a transaction is under way share the next one. Under
 * little load each is written at once; under much load one commit serves dozens.
 */
import { type KnownOfAccount, lockAccountsKnown } from "../store/announcements.ts";
import { type NewTask, priorityOfTask } from "../store/fetch-tasks.ts";
import { insertNotifications, type NewNotification } from "../store/notifications.ts";
import type { Store } from "../store/store.ts";
import { storeError } from "../store/store-error.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { coalesce, type IdentifiedNotification, mayRepeat } from "./coalescing.ts";

/** Keeps a transaction, and with it the wait of all callers, short. */
const largestBatch = 200;

interface Waiting {
  readonly notification: NewNotification;
  readonly resolve: (userKnown: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class NotificationWriter {
  readonly #store: Store;
  #waiting: Waiting[] = [];
  #writing = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves when it is durable: true if a connection of that provider user exists. */
  write(notification: NewNotification): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ notification, resolve, reject });
      if (this.#writing) return;
      this.#writing = true;
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Requests that have arrived but are not parsed yet may still join this batch.
      await nextTurn();
      await nextTurn();
      await this.#writeAll(this.#waiting.splice(0, largestBatch));
    }
    this.#writing = false;
  }

  /** Writes a batch. When it fails, each notification is written alone, so that only the faulty one fails. */
  async #writeAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const known = await this.#writeBatch(batch.map(({ notification }) => notification));
      for (const [index, { resolve }] of batch.entries()) resolve(known[index] === true);
    } catch (error) {
      if (batch.length === 1 || storeError(error) !== null) for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.#writeAll([one]);
    }
  }

  #writeBatch(notifications: readonly NewNotification[]): Promise<boolean[]> {
    return this.#store.db.transaction().execute(async (tx) => {
      const known = await knownOf(tx, notifications);
      const isKnown = notifications.map((notification) => known.get(notification)?.isKnown === true);
      const coalesced = coalesce(notifications, (one) => known.get(one)?.coveredBy ?? null);
      const tasks = coalesced.flatMap((notification, index) =>
        notification.state === "accepted" ? [announcedTask(notification, isKnown[index] === true)] : [],
      );
      await insertNotifications(tx, coalesced, tasks);
      await this.#store.queue.enqueue(
        tx,
        "ingest",
        tasks.filter(({ state }) => state === "accepted").map(jobOf),
      );
      return isKnown;
    });
  }
}

type AnnouncedTask = NewTask & { readonly taskId: string };

/** Returns the task of a notification; it waits for as long as the provider user is unknown. */
const announcedTask = (notification: IdentifiedNotification, isKnown: boolean): AnnouncedTask => ({
  taskId: notification.taskId,
  ...(notification.task ?? { kind: "announced" }),
  notificationId: notification.notificationId,
  environmentId: notification.environmentId,
  provider: notification.provider,
  providerUserId: notification.providerUserId,
  traceId: notification.traceId,
  fetches: notification.fetches,
  ...(isKnown
    ? { state: "accepted" as const }
    : { state: "waiting" as const, code: "NOTIFICATION_USER_UNKNOWN" }),
});

const jobOf = (task: AnnouncedTask) => ({
  data: { environmentId: task.environmentId, taskId: task.taskId },
  priority: priorityOfTask(task),
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Locks the accounts of the notifications that belong to one, and returns what is known of them. */
async function knownOf(
  tx: DatabaseTransaction,
  notifications: readonly NewNotification[],
): Promise<ReadonlyMap<NewNotification, KnownOfAccount>> {
  const ofAccounts = notifications.flatMap((notification) => {
    const { environmentId, provider, providerUserId, state } = notification;
    if (state !== "accepted" || providerUserId === null) return [];
    const fetches = mayRepeat(notification) ? notification.fetches : null;
    return [{ notification, account: { environmentId, provider, providerUserId, fetches } }];
  });
  const known = await lockAccountsKnown(
    tx,
    ofAccounts.map(({ account }) => account),
  );
  return new Map(
    ofAccounts.flatMap(({ notification }, index) => {
      const one = known[index];
      return one === undefined ? [] : [[notification, one] as const];
    }),
  );
}
