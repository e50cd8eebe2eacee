/** Notifications: the requests to our webhook, how their sender is verified, and our answers. */
import type { IncomingHttpHeaders } from "node:http";
import type { ProviderAccess } from "./access.ts";
import type { PartsRef, ResourceRef } from "./resources.ts";

/** The body and headers as received. The signature covers the body's bytes. */
export interface NotificationRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An environment that the notification may be for, with its credentials. */
export interface NotificationRecipient<Settings> extends ProviderAccess<Settings> {
  /** The secrets of our subscription at the provider that may have signed; empty while none is known. */
  readonly secrets: readonly string[];
}

/** A body of a resource that came with the notification itself. */
export interface PushedBody extends ResourceRef {
  readonly body: unknown;
}

interface About {
  /** The provider's own name for the event. */
  readonly event: string;
  readonly providerUserId: string;
}

/** One statement of a notification. */
export type NotificationMeaning =
  /** The provider only checks that we are there. */
  | { readonly kind: "ping" }
  /**
   * A person has new data: fetch these. The first is the one that was named; the others are its companions, and may not
   * exist.
   */
  | (About & { readonly kind: "data"; readonly fetches: readonly ResourceRef[] })
  /** The data itself came with the notification. */
  | (About & { readonly kind: "pushed"; readonly bodies: readonly PushedBody[] })
  /** The person deleted these at the provider. */
  | (About & { readonly kind: "deleted"; readonly parts: readonly PartsRef[] })
  /** The person ended the permission at the provider. */
  | (About & { readonly kind: "permission-ended" })
  | (About & { readonly kind: "scopes-changed"; readonly scopes: readonly string[] })
  /** Genuine, but unknown to this version. */
  | { readonly kind: "unknown"; readonly event: string };

/** A request by which a provider tests our address before it sends notifications. */
export interface HandshakeRequest extends NotificationRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly query: URLSearchParams;
}

/** An HTTP answer to the provider. */
export interface HookAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

/** The webhook of a provider. Called by the endpoint `/v2/hooks/{slug}`. */
export interface Notifications<Settings> {
  /** The size of the largest body that the provider sends, with a margin. */
  readonly maxBytes: number;
  /**
   * Tells whether the provider sent this request to this recipient. Called before the body is read. Compares in
   * constant time. May fetch public keys through the recipient's HTTP client.
   */
  verify(
    request: NotificationRequest,
    recipient: NotificationRecipient<Settings>,
  ): boolean | Promise<boolean>;
  /** Returns all statements of a body, in its order. @throws SystoleError NOTIFICATION_BODY_INVALID */
  read(body: Buffer): readonly NotificationMeaning[];
  /**
   * Answers a request that tests our address. Called for each recipient; the first answer with a status below 400 is
   * sent, else the first of all. Null when this is no such request, or not for this recipient.
   */
  handshake?(request: HandshakeRequest, recipient: NotificationRecipient<Settings>): HookAnswer | null;
  /** The answer to an accepted notification; 200 with a small JSON object when absent. */
  readonly acknowledgement?: HookAnswer;
}
