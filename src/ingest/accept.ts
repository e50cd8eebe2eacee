/**
 * The door: a provider's notification is verified, written down durably and only then acknowledged.
 * Fetching what it announces is the worker's business, so a slow provider never delays the answer.
 */
import { SystoleError } from "../errors.ts";
import type { NotificationMeaning, Provider } from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { NewNotification } from "../store/notifications.ts";
import type { NotificationWriter } from "./notification-writer.ts";
import type { ArrivedNotification, Refusal, RefusalLog } from "./refusals.ts";
import type { SubscriptionSecrets } from "./subscription-secrets.ts";

/** What the provider is told; every one of these is a success in its eyes. */
export interface Acknowledgement {
  readonly status: "success" | "ignored";
  readonly code?: string;
  readonly message?: string;
}

const accepted: Acknowledgement = { status: "success" };

export class NotificationDoor {
  readonly #secrets: SubscriptionSecrets;
  readonly #writer: NotificationWriter;
  readonly #refusals: RefusalLog;

  constructor(deps: { secrets: SubscriptionSecrets; writer: NotificationWriter; refusals: RefusalLog }) {
    this.#secrets = deps.secrets;
    this.#writer = deps.writer;
    this.#refusals = deps.refusals;
  }

  /**
   * Resolves when the notification is durable.
   * @throws SystoleError PROVIDER_UNKNOWN, NOTIFICATION_SIGNATURE_INVALID, NOTIFICATION_SECRET_UNKNOWN,
   * NOTIFICATION_BODY_INVALID, NOTIFICATION_TOO_LARGE; each refusal has been counted.
   */
  async accept(arrived: ArrivedNotification): Promise<Acknowledgement> {
    const provider = this.#providerOf(arrived);
    try {
      refuseTooLarge(provider, arrived);
      const environmentIds = await this.#authenticate(provider, arrived);
      return environmentIds.length === 0 ? accepted : await this.#write(provider, arrived, environmentIds);
    } catch (error) {
      if (error instanceof SystoleError) await this.#refusals.record({ ...arrived, error });
      throw error;
    }
  }

  /** Records a notification whose body could not be read, or was too large to be. */
  async refuse(refusal: Refusal): Promise<void> {
    this.#providerOf(refusal);
    await this.#refusals.record(refusal);
  }

  /** Counted only when there is no such provider: the name in the path may be any text. */
  #providerOf({ providerSlug, traceId }: Pick<ArrivedNotification, "providerSlug" | "traceId">): Provider {
    try {
      return providerBySlug(providerSlug);
    } catch (error) {
      if (error instanceof SystoleError) this.#refusals.note("unknown", { error, traceId });
      throw error;
    }
  }

  /**
   * Whose notification it is; only a signature tells. Environments that share a client share its secret.
   * Nobody's is a PING that comes before its secret is known.
   */
  async #authenticate(provider: Provider, arrived: ArrivedNotification): Promise<readonly string[]> {
    for (const fresh of [false, true]) {
      const known = await this.#secrets.of(provider.slug, fresh);
      const owners = known.secrets.filter(({ secret }) =>
        provider.notifications.verify(arrived.headers, arrived.body, [secret]),
      );
      if (owners.length > 0) return owners.map(({ environmentId }) => environmentId);
      // The first PING comes before the provider has told us the secret it signs with.
      if (known.pingExpected && isPing(provider, arrived.body)) return [];
      // Another process may have made the webhook a moment ago: look again before refusing.
      if (!fresh) continue;
      const code =
        known.secrets.length === 0 ? "NOTIFICATION_SECRET_UNKNOWN" : "NOTIFICATION_SIGNATURE_INVALID";
      throw new SystoleError(code, { provider: provider.slug });
    }
    throw new SystoleError("NOTIFICATION_SIGNATURE_INVALID", { provider: provider.slug });
  }

  async #write(
    provider: Provider,
    { body, traceId }: ArrivedNotification,
    environmentIds: readonly string[],
  ): Promise<Acknowledgement> {
    const meaning = provider.notifications.parse(body);
    if (meaning.kind === "ping") return accepted;
    const known = await Promise.all(
      environmentIds.map((environmentId) =>
        this.#writer.write(newNotification(provider, environmentId, meaning, body, traceId)),
      ),
    );
    if (meaning.kind === "unknown") return ignored("NOTIFICATION_EVENT_UNKNOWN", { event: meaning.event });
    return known.includes(true) ? accepted : ignored("NOTIFICATION_USER_UNKNOWN", {});
  }
}

/** The route's limit is the largest of all providers; each has its own. */
function refuseTooLarge({ notifications }: Provider, { body }: ArrivedNotification): void {
  if (body.length <= notifications.maxBytes) return;
  throw new SystoleError("NOTIFICATION_TOO_LARGE", { limit_bytes: notifications.maxBytes });
}

function ignored(
  code: "NOTIFICATION_EVENT_UNKNOWN" | "NOTIFICATION_USER_UNKNOWN",
  details: object,
): Acknowledgement {
  const { message } = new SystoleError(code);
  return { status: "ignored", code, message, ...details };
}

function isPing(provider: Provider, body: Buffer): boolean {
  try {
    return provider.notifications.parse(body).kind === "ping";
  } catch {
    return false;
  }
}

function newNotification(
  provider: Provider,
  environmentId: string,
  meaning: Exclude<NotificationMeaning, { kind: "ping" }>,
  body: Buffer,
  traceId: string,
): NewNotification {
  const common = { environmentId, provider: provider.slug, traceId, body };
  if (meaning.kind === "data") {
    const { event, providerUserId, fetches } = meaning;
    return { ...common, state: "accepted", event, providerUserId, fetches };
  }
  return {
    ...common,
    state: "ignored",
    event: meaning.event,
    providerUserId: null,
    fetches: [],
    code: "NOTIFICATION_EVENT_UNKNOWN",
  };
}
