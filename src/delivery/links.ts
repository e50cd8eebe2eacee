/** Finds the address at which an event's body can be fetched: our own, or one in an object store of the developer. */
import { DeliveryError, type OutgoingEvent, type PayloadLink } from "../destinations/destination.ts";
import { findSealedDestination } from "../store/destinations.ts";
import type { Store } from "../store/store.ts";
import type { LinkOf } from "./attempt.ts";
import { payloadToken } from "./payload-link.ts";
import type { ActiveDelivery, Senders } from "./senders.ts";

export function linksOf(store: Store, senders: Senders, publicUrl: string): LinkOf {
  return async (delivery, event, signal): Promise<PayloadLink> => {
    const { linkDestinationId, linkExpiresSeconds: expiresInSeconds } = delivery.destination;
    const url =
      linkDestinationId === null
        ? ourUrl(store, publicUrl, { delivery, event }, expiresInSeconds)
        : await shared(store, senders, { delivery, event, linkDestinationId, expiresInSeconds }, signal);
    return { url, expiresInSeconds };
  };
}

/** The format is no secret: whoever holds the link may read the event in any. */
function ourUrl(
  { keyRing }: Store,
  publicUrl: string,
  { delivery, event }: Pick<SharedLink, "delivery" | "event">,
  seconds: number,
): string {
  const linked = { environmentId: delivery.environment_id, eventId: delivery.event_id };
  return `${publicUrl}/v2/payloads/${payloadToken(keyRing, linked, Date.now() + seconds * 1_000)}${
    event.form === undefined ? "" : `?format=${delivery.destination.format}`
  }`;
}

interface SharedLink {
  readonly delivery: ActiveDelivery;
  readonly event: OutgoingEvent;
  readonly linkDestinationId: string;
  readonly expiresInSeconds: number;
}

/** @throws DeliveryError */
async function shared(
  store: Store,
  senders: Senders,
  { delivery, event, linkDestinationId, expiresInSeconds }: SharedLink,
  signal: AbortSignal,
): Promise<string> {
  const id = { environmentId: delivery.environment_id, destinationId: linkDestinationId };
  const target = await findSealedDestination(store.db, id);
  const sender = target === null ? null : await senders.get(target);
  if (sender?.share === undefined) {
    const reason = "the object store that links are to be put into is not there";
    throw new DeliveryError("DESTINATION_TARGET_MISSING", "later", {}, { reason });
  }
  return sender.share(event, expiresInSeconds, signal);
}
