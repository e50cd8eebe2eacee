/**
 * The link form: where a body is larger than a target takes, a short body with an address of the whole one is sent
 * in its place. It is Terra's `s3_payload`. Size alone decides: a body that fits is never sent as a link because
 * something failed.
 */
import type { OutgoingEvent, PayloadLink } from "./destination.ts";

/** Returns the event in its link form; ids, type and records are unchanged, and the link itself is always JSON. */
export async function linkForm(event: OutgoingEvent, signal: AbortSignal): Promise<OutgoingEvent> {
  const { form: _, ...plain } = event;
  return { ...plain, body: linkBody(event, await event.link(signal)) };
}

/**
 * `payload_type` and `event_id` are our own fields: the type of the linked event, and its id for a replay when the
 * link has expired.
 */
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
