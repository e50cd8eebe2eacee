/**
 * A file, or an item of a list, that came and cannot be read keeps nothing back, and is not passed over in silence: it
 * has an order of its own that failed, which shows in the person's sync state and among the notifications.
 */
import type { ProviderError, ResourceRef } from "../providers/provider.ts";
import type { Connection } from "../store/connections.ts";
import { insertNotifications, isNotedAsFailed, type Notification } from "../store/notifications.ts";
import { rankOf } from "../store/ranks.ts";
import type { Database } from "../store/tables.ts";
import { followUpEvent } from "./discovery/follow-ups.ts";

export interface Refused {
  readonly ref: ResourceRef;
  readonly error: ProviderError;
}

/** Once for each list: it is asked for again and again, and says the same. */
export async function noteRefused(
  db: Database,
  connection: Connection,
  { origin, priority, trace_id: traceId }: Notification,
  refused: readonly Refused[],
): Promise<void> {
  for (const { ref, error } of refused) {
    const { resource, key } = ref;
    const failed = {
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
      code: error.code,
      details: error.details,
    };
    if (!(await isNotedAsFailed(db, failed))) await insertNotifications(db, [failed]);
  }
}
