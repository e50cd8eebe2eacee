/** A connection as Terra's clients see it. Every key is there; Java's client fails on a missing one. */
import { formatTimestamp, type TerraUser } from "../models/index.ts";
import { providerName } from "../providers/registry.ts";
import type { Connection } from "../store/connections.ts";

/** UTC with an explicit offset, microseconds. */
const inUtc = (instant: Date): string => formatTimestamp(instant.getTime(), 0);

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
