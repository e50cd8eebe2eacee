/**
 * The link form: where a body is larger than a target takes, a short body goes in its place that says where
 * the whole one can be fetched. It is Terra's `s3_payload`, and size alone decides: a body that fits is
 * never sent as a link because something failed.
 */
import type { OutgoingEvent, PayloadLink } from "./destination.ts";

/** The event in its link form; ids, type and records stay what they were. */
export async function linkForm(event: OutgoingEvent, signal: AbortSignal): Promise<OutgoingEvent> {
  return { ...event, body: linkBody(event, await event.link(signal)) };
}

/** `payload_type` and `event_id` are ours: what is behind the link, and what to replay when it has expired. */
function linkBody(event: OutgoingEvent, { url, expiresInSeconds }: PayloadLink): Buffer {
  const body = {
    status: "success",
    type: "s3_payload",
    url,
    expires_in: expiresInSeconds,
    user_id: event.userId,
    reference_id: event.referenceId,
    payload_type: event.type,
    event_id: event.id,
  };
  return Buffer.from(JSON.stringify(body));
}
