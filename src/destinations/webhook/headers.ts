/** The headers of one request: ids, times and signatures. */
import manifest from "../../../package.json" with { type: "json" };
import { contentTypeOf, type OutgoingEvent } from "../destination.ts";
import { type SigningKeys, standardSignature, terraSignature } from "./signing.ts";

const userAgent = `Systole/${manifest.version}`;

/** The signature's time is the attempt's; everything else is the same on every attempt. */
export function webhookHeaders(
  event: OutgoingEvent,
  keys: readonly SigningKeys[],
  now: Date,
): Record<string, string> {
  const unixSeconds = Math.floor(now.getTime() / 1_000);
  const signable = { id: event.id, unixSeconds, body: event.body };
  const signature = terraSignature(signable, keys);
  return {
    "content-type": contentTypeOf(event),
    "user-agent": userAgent,
    "terra-signature": signature,
    "X-Terra-Signature": signature,
    "terra-reference": event.reference,
    "X-Terra-Trace-Id": event.traceId,
    "X-Terra-Ordering-Timestamp": String(event.orderingTimestamp),
    "webhook-id": event.id,
    "webhook-timestamp": String(unixSeconds),
    "webhook-signature": standardSignature(signable, keys),
    ...revisionHeader(event),
    ...(event.form !== undefined && formHeaders(event)),
  };
}

/** Other formats than Terra's do not say whose data they are, or of which type. */
const formHeaders = ({ type, userId }: OutgoingEvent): Record<string, string> => ({
  "X-Systole-Event-Type": type,
  ...(userId !== null && { "X-Systole-User-Id": userId }),
});

/** The revision of a single record. An event with several records has no one revision. */
function revisionHeader({ records: [record, another] }: OutgoingEvent): Record<string, string> {
  return record === undefined || another !== undefined
    ? {}
    : { "X-Systole-Revision": String(record.revision) };
}
