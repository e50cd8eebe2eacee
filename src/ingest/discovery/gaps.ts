/** What no notification had told us of is said aloud: counted, and logged by resource. */
import type { Provider } from "../../providers/provider.ts";
import type { Connection } from "../../store/connections.ts";
import type { Notification } from "../../store/notifications.ts";
import type { IngestDeps } from "../deps.ts";
import type { Answered } from "./answered.ts";

export function reportGaps(
  { log, gapsFound }: IngestDeps,
  provider: Provider,
  connection: Connection,
  notification: Notification,
  answered: readonly Answered[],
): void {
  for (const { errand, gaps } of answered) {
    if (gaps === 0) continue;
    const resource = errand.covers?.resource ?? errand.resource;
    gapsFound?.(connection.provider, resource, gaps);
    const known = provider.resources.find(({ name }) => name === resource);
    const isAnnounced = known?.discovery?.announced ?? false;
    // Of what is never announced everything is found like this.
    log[isAnnounced ? "warn" : "info"](
      {
        trace_id: notification.trace_id,
        environment_id: connection.environment_id,
        user_id: connection.user_id,
        provider: connection.provider,
        resource,
        announced: isAnnounced,
        gaps,
      },
      "found without having been told",
    );
  }
}
