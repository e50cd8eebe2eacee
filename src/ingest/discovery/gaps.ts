/** What no notification had told us of is said aloud: counted, and logged by resource. */
import type { Connection } from "../../store/connections.ts";
import type { Notification } from "../../store/notifications.ts";
import type { IngestDeps } from "../deps.ts";
import type { Answered } from "./answered.ts";

export function reportGaps(
  { log, gapsFound }: IngestDeps,
  connection: Connection,
  notification: Notification,
  answered: readonly Answered[],
): void {
  for (const { errand, gaps } of answered) {
    if (gaps === 0) continue;
    gapsFound?.(connection.provider, errand.resource, gaps);
    log.warn(
      {
        trace_id: notification.trace_id,
        environment_id: connection.environment_id,
        user_id: connection.user_id,
        provider: connection.provider,
        resource: errand.resource,
        gaps,
      },
      "found without having been told",
    );
  }
}
