/** What a provider's webhook sends us, how its sender is verified, and what it is answered. */
import type { IncomingHttpHeaders } from "node:http";
import type { ProviderAccess } from "./access.ts";
import type { PartsRef, ResourceRef } from "./resources.ts";

/** A body as it came, whose signature covers its bytes. */
export interface NotificationRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The credentials of one environment, which a notification may be for. */
export interface NotificationRecipient<Settings> extends ProviderAccess<Settings> {
  /** Those of our subscription at the provider that may have signed; empty while none is known. */
  readonly secrets: readonly string[];
}

/** A body of a resource that came with the notification itself. */
export interface PushedBody extends ResourceRef {
  readonly body: unknown;
}

interface About {
  /** The provider's own word for what happened. */
  readonly event: string;
  readonly providerUserId: string;
}

/** One of the things that a notification says. */
export type NotificationMeaning =
  /** The provider only asks whether we are there. */
  | { readonly kind: "ping" }
  /**
   * Something is new for a person: fetch these. The first is what was named; the others are its companions, and may
   * well not be there.
   */
  | (About & { readonly kind: "data"; readonly fetches: readonly ResourceRef[] })
  /** The data itself. */
  | (About & { readonly kind: "pushed"; readonly bodies: readonly PushedBody[] })
  /** The person deleted these at the provider. */
  | (About & { readonly kind: "deleted"; readonly parts: readonly PartsRef[] })
  /** The person ended the permission at the provider. */
  | (About & { readonly kind: "permission-ended" })
  | (About & { readonly kind: "scopes-changed"; readonly scopes: readonly string[] })
  /** Genuine, but nothing this version knows. */
  | { readonly kind: "unknown"; readonly event: string };

/** A request by which a provider tests our address before it sends anything. */
export interface HandshakeRequest extends NotificationRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly query: URLSearchParams;
}

export interface HookAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
}

export interface Notifications<Settings> {
  /** Largest body the provider ever sends, with room to spare. */
  readonly maxBytes: number;
  /**
   * Whether the sender is the provider, and sent this to this recipient. Compares in constant time. It may fetch
   * public keys through the recipient's HTTP client.
   */
  verify(
    request: NotificationRequest,
    recipient: NotificationRecipient<Settings>,
  ): boolean | Promise<boolean>;
  /** Everything a body says, in its order. @throws SystoleError NOTIFICATION_BODY_INVALID */
  read(body: Buffer): readonly NotificationMeaning[];
  /**
   * Answers a request that tests our address, for the first recipient who recognises it; null when it is no such
   * request or not this recipient's.
   */
  handshake?(request: HandshakeRequest, recipient: NotificationRecipient<Settings>): HookAnswer | null;
  /** What an accepted notification is answered; 200 with a small JSON object when absent. */
  readonly acknowledgement?: HookAnswer;
}
