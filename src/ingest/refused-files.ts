/**
 * A file that came and cannot be read keeps nothing back, and is not passed over in silence: it has an order of its
 * own that failed, which shows in the person's sync state and among the notifications.
 */
import type { ProviderError, ResourceRef } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";
import { insertNotifications, type Notification } from "../store/notifications.ts";
import { rankOf } from "../store/ranks.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import { followUpEvent } from "./discovery/follow-ups.ts";

export interface RefusedFile {
  readonly ref: ResourceRef;
  readonly error: ProviderError;
}

export async function noteRefusedFiles(
  db: DatabaseOrTransaction,
  connection: Connection,
  { origin, priority, trace_id: traceId }: Notification,
  refused: readonly RefusedFile[],
): Promise<void> {
  if (refused.length === 0) return;
  const failed = refused.map(({ ref: { resource, key }, error: { code, details } }) => ({
    environmentId: connection.environment_id,
    provider: connection.provider,
    providerUserId: connection.provider_user_id,
    userId: connection.user_id,
    origin: origin === "provider" ? ("request" as const) : origin,
    rank: rankOf(priority),
    state: "failed" as const,
    event: followUpEvent,
    fetches: [{ resource, key }],
    body: null,
    traceId,
    code,
    details,
  }));
  await insertNotifications(db, failed);
}
