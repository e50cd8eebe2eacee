/** Notifications: everything that made, or could have made, us fetch something. */
import { type Selectable, sql } from "kysely";
import { lowestIdAt, newId } from "./identifiers.ts";
import { priorityOf, type Rank } from "./ranks.ts";
import type {
  DatabaseOrTransaction,
  DatabaseTransaction,
  FetchRow,
  NotificationOrigin,
  NotificationState,
  NotificationsTable,
} from "./tables.ts";

export type Notification = Selectable<NotificationsTable>;

/** A notification that is tried again and again is given up by then. */
const openForMs = 48 * 3_600_000;

/** Something to fetch, and which days are known when it has been. */
export type Errand = FetchRow;

export interface NewNotification {
  /** A new one when absent. */
  readonly notificationId?: string;
  readonly environmentId: string;
  readonly provider: string;
  readonly origin: NotificationOrigin;
  /** How soon it has to be; what its origin says when absent. */
  readonly rank?: Rank;
  readonly state: NotificationState;
  readonly traceId: string;
  readonly event: string | null;
  readonly providerUserId: string | null;
  /** Only for our own requests: the one connection that is meant. */
  readonly userId?: string;
  readonly fetches: readonly Errand[];
  readonly body: Buffer | null;
  /** When it is not to be tried at once. */
  readonly nextAttemptAt?: Date;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
}

const rankOfOrigin: Readonly<Record<NotificationOrigin, Rank>> = {
  provider: "notification",
  connect: "request",
  request: "request",
  reconcile: "reconcile",
  backfill: "backfill",
};

/** In the queue and at the provider. */
export const priorityOfNotification = ({ origin, rank }: Pick<NewNotification, "origin" | "rank">): number =>
  priorityOf(rank ?? rankOfOrigin[origin]);

/** Answers the new ids, in order. One statement, however many. */
export async function insertNotifications(
  db: DatabaseOrTransaction,
  notifications: readonly NewNotification[],
): Promise<string[]> {
  const now = new Date();
  const rows = notifications.map((notification) => ({
    environment_id: notification.environmentId,
    notification_id: notification.notificationId ?? newId(),
    provider: notification.provider,
    origin: notification.origin,
    priority: priorityOfNotification(notification),
    state: notification.state,
    event: notification.event,
    provider_user_id: notification.providerUserId,
    user_id: notification.userId ?? null,
    fetches: JSON.stringify(notification.fetches),
    body: notification.body,
    trace_id: notification.traceId,
    next_attempt_at: notification.nextAttemptAt ?? null,
    code: notification.code ?? null,
    details: notification.details ? JSON.stringify(notification.details) : null,
    received_at: now,
    finished_at: notification.state === "accepted" || notification.state === "waiting" ? null : now,
  }));
  await db.insertInto("notifications").values(rows).execute();
  return rows.map((row) => row.notification_id);
}

export async function findNotification(
  db: DatabaseOrTransaction,
  environmentId: string,
  notificationId: string,
): Promise<Notification | null> {
  const row = await db
    .selectFrom("notifications")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .where("notification_id", "=", notificationId)
    .executeTakeFirst();
  return row ?? null;
}

export interface NotificationOutcome {
  readonly state: NotificationState;
  readonly code: string | null;
  readonly details: Record<string, unknown> | null;
  readonly nextAttemptAt: Date | null;
  /** It was not even tried, since there was no room for a call: no attempt is counted. */
  readonly isPostponed?: boolean;
}

/**
 * Writes how a try ended; a notification that was finished or erased meanwhile stays as it is. So does one
 * handed out twice whose other try has ended: its next try answers for what was announced since.
 */
export async function settleNotification(
  db: DatabaseOrTransaction,
  { environment_id, notification_id }: Pick<Notification, "environment_id" | "notification_id">,
  outcome: NotificationOutcome,
): Promise<boolean> {
  const finished = outcome.state === "done" || outcome.state === "failed";
  const row = await db
    .updateTable("notifications")
    .set({
      state: outcome.state,
      code: outcome.code,
      details: outcome.details === null ? null : JSON.stringify(outcome.details),
      next_attempt_at: outcome.nextAttemptAt,
      attempts: outcome.isPostponed ? sql`attempts` : sql`attempts + 1`,
      finished_at: finished ? new Date() : null,
      begun_at: null,
    })
    .where("environment_id", "=", environment_id)
    .where("notification_id", "=", notification_id)
    .where("state", "=", "accepted")
    .where("begun_at", "is not", null)
    .executeTakeFirst();
  return row.numUpdatedRows > 0n;
}

/** Takes out whose it was. An order that ends a permission is all that still names a person who was erased. */
export async function forgetWhose(
  tx: DatabaseTransaction,
  { environment_id, notification_id }: Pick<Notification, "environment_id" | "notification_id">,
): Promise<void> {
  await tx
    .updateTable("notifications")
    .set({ provider_user_id: null, user_id: null, body: null, details: null })
    .where("environment_id", "=", environment_id)
    .where("notification_id", "=", notification_id)
    .execute();
}

export interface NotifiedAccount {
  readonly environmentId: string;
  readonly provider: string;
  readonly providerUserId: string;
}

/**
 * Held by whoever puts a notification aside for an account and by whoever takes up what was put aside, until
 * they commit: otherwise one could be put aside just after the other looked, and wait for ever.
 */
export async function lockAccounts(
  tx: DatabaseTransaction,
  accounts: readonly NotifiedAccount[],
): Promise<void> {
  const names = accounts.map(
    ({ environmentId, provider, providerUserId }) => `${environmentId} ${provider} ${providerUserId}`,
  );
  // In one order for everybody: two who hold some and want some would wait for each other.
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 0) return;
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM unnest(${sorted}::text[]) WITH ORDINALITY AS wanted(name, place) ORDER BY place`.execute(tx);
}

/** Takes up what waited for this person; the caller enqueues what it answers. */
export async function reviveWaiting(
  tx: DatabaseTransaction,
  person: { environmentId: string; provider: string; providerUserId: string },
): Promise<Pick<Notification, "notification_id" | "priority">[]> {
  return tx
    .updateTable("notifications")
    .set({ state: "accepted", code: null, details: null })
    .where("environment_id", "=", person.environmentId)
    .where("provider", "=", person.provider)
    .where("provider_user_id", "=", person.providerUserId)
    .where("state", "=", "waiting")
    .returning(["notification_id", "priority"])
    .execute();
}

/** Makes the orders of one connection due that wait for a later time and rank so high; the caller enqueues them. */
export function bringForward(
  tx: DatabaseTransaction,
  { environmentId, userId }: { readonly environmentId: string; readonly userId: string },
  lowestPriority: number,
): Promise<Pick<Notification, "notification_id" | "priority">[]> {
  return tx
    .updateTable("notifications")
    .set({ next_attempt_at: sql<Date>`now()` })
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "=", "accepted")
    .where("priority", ">=", lowestPriority)
    .where("next_attempt_at", ">", sql<Date>`now()`)
    .returning(["notification_id", "priority"])
    .execute();
}

/** Without what listings do not need. */
export type NotificationSummary = Omit<Notification, "body" | "begun_at">;

export interface NotificationFilter {
  readonly state?: NotificationState | undefined;
  readonly userId?: string | undefined;
  /** Only those older than this id: the last of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first, bodies left out. `environmentIds` may hold `noEnvironment` to see what could not be ascribed. */
export function listNotifications(
  db: DatabaseOrTransaction,
  environmentIds: readonly string[],
  filter: NotificationFilter,
): Promise<NotificationSummary[]> {
  let query = db
    .selectFrom("notifications")
    .select([
      "environment_id",
      "notification_id",
      "provider",
      "origin",
      "priority",
      "state",
      "event",
      "provider_user_id",
      "user_id",
      "fetches",
      "trace_id",
      "attempts",
      "next_attempt_at",
      "code",
      "details",
      "received_at",
      "finished_at",
    ])
    .where("environment_id", "in", [...environmentIds])
    .orderBy("notification_id", "desc")
    .limit(filter.limit);
  if (filter.state) query = query.where("state", "=", filter.state);
  if (filter.userId) query = query.where(isAbout(filter.userId));
  if (filter.before) query = query.where("notification_id", "<", filter.before);
  return query.execute();
}

/** Its order's priority, too. */
export interface OpenErrand extends Errand {
  readonly priority: number;
}

/** Our own orders for a connection, and what the provider announced for its account. */
const isAbout = (userId: string) => sql<boolean>`(user_id = ${userId} OR (user_id IS NULL AND EXISTS (
  SELECT 1 FROM connections WHERE connections.environment_id = notifications.environment_id
    AND connections.user_id = ${userId} AND connections.provider = notifications.provider
    AND connections.provider_user_id = notifications.provider_user_id)))`;

/** What is ordered for one connection and not done yet. */
export async function listOpenErrands(
  db: DatabaseOrTransaction,
  { environmentId, userId }: { readonly environmentId: string; readonly userId: string },
): Promise<OpenErrand[]> {
  const rows = await db
    .selectFrom("notifications")
    .select(["fetches", "priority"])
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    .where("state", "in", ["accepted", "waiting"])
    .execute();
  return rows.flatMap(({ fetches, priority }) => fetches.map((errand) => ({ ...errand, priority })));
}

/** Leaves only these to fetch: the others are done, and need not be asked for again with them. */
export async function narrowFetches(
  db: DatabaseOrTransaction,
  { environment_id, notification_id }: Pick<Notification, "environment_id" | "notification_id">,
  fetches: readonly Errand[],
): Promise<void> {
  await db
    .updateTable("notifications")
    .set({ fetches: JSON.stringify(fetches) })
    .where("environment_id", "=", environment_id)
    .where("notification_id", "=", notification_id)
    .execute();
}

/** Whether the provider itself named this: since then, or in a notification that is still being worked on. */
export async function isAnnounced(
  db: DatabaseOrTransaction,
  { environmentId, provider, providerUserId }: NotifiedAccount,
  { resource, key }: Errand,
  since: Date,
): Promise<boolean> {
  const row = await db
    .selectFrom("notifications")
    .select("notification_id")
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .where("origin", "=", "provider")
    .where("notification_id", ">=", lowestIdAt(new Date(since.getTime() - openForMs)))
    .where("provider_user_id", "=", providerUserId)
    .where((where) =>
      where.or([where("received_at", ">=", since), where("state", "in", ["accepted", "waiting"])]),
    )
    .where(sql<boolean>`fetches @> ${JSON.stringify([{ resource, key }])}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether an order of a connection for just this, that failed with this code, is written down already. */
export async function isNotedAsFailed(
  db: DatabaseOrTransaction,
  {
    environmentId,
    userId,
    fetches,
    code,
  }: Pick<NewNotification, "environmentId" | "userId" | "fetches" | "code">,
): Promise<boolean> {
  const row = await db
    .selectFrom("notifications")
    .select("notification_id")
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId ?? null)
    .where("state", "=", "failed")
    .where("code", "=", code ?? null)
    .where(sql<boolean>`fetches = ${JSON.stringify(fetches)}::jsonb`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Whether another notification of the same account is to be tried again after this failure. */
export async function isBeingTried(
  tx: DatabaseTransaction,
  { environment_id, notification_id, provider, provider_user_id }: Notification,
  code: string,
): Promise<boolean> {
  const row = await tx
    .selectFrom("notifications")
    .select("notification_id")
    .where("environment_id", "=", environment_id)
    .where("state", "=", "accepted")
    .where("code", "=", code)
    .where("provider", "=", provider)
    .where("provider_user_id", "=", provider_user_id)
    .where("notification_id", "!=", notification_id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
