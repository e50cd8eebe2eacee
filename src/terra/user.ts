/** Writes a connection as Terra's clients see it: the `user` of every event and answer. */
import { formatTimestamp, type TerraUser } from "../models/index.ts";
import { providerName } from "../providers/registry.ts";
import type { Connection } from "../store/connections.ts";

/** UTC with an explicit offset, in microseconds. */
const inUtc = (instant: Date): string => formatTimestamp(instant.getTime(), 0);

/** Returns the user with every key present, because Terra's Java client fails on a missing one. */
export function terraUser(connection: Connection): TerraUser {
  return {
    user_id: connection.user_id,
    provider: providerName(connection.provider),
    created_at: inUtc(connection.created_at),
    last_webhook_update: connection.last_webhook_update && inUtc(connection.last_webhook_update),
    scopes: connection.scopes?.split(/[\s,]+/).join(",") ?? null,
    reference_id: connection.reference_id,
    active: connection.state === "active" && connection.active,
  };
}

/** Returns a user with the two times that only `GET /v2/userInfo` has. */
export function terraUserWithTimes(connection: Connection) {
  return {
    ...terraUser(connection),
    last_polled_at: connection.last_polled_at && inUtc(connection.last_polled_at),
    most_recent_data_at: connection.most_recent_data_at && inUtc(connection.most_recent_data_at),
  };
}
