/**
 * The notification endpoint: verifies a provider's notification, stores it durably and only then acknowledges
 * it. The worker fetches the announced data later, so a slow provider never delays the answer.
 */
import { SystoleError } from "../errors.ts";
import type {
  HandshakeRequest,
  HookAnswer,
  NotificationMeaning,
  Notifications,
  Provider,
} from "../providers/provider.ts";
import { providerBySlug } from "../providers/registry.ts";
import type { NewNotification } from "../store/notifications.ts";
import { canBeKept, canBeNamed, givenBody } from "./given.ts";
import type { NotificationWriter } from "./notification-writer.ts";
import { scopesBody } from "./permission.ts";
import type { KnownRecipients, Recipients } from "./recipients.ts";
import type { ArrivedNotification, Refusal, RefusalLog } from "./refusals.ts";

/** The answer to the provider. It is sent with a status of success in either case. */
export interface Acknowledgement {
  readonly status: "success" | "ignored";
  readonly code?: string;
  readonly message?: string;
}

const accepted: Acknowledgement = { status: "success" };

/** An accepted notification: its acknowledgement, and the answer its provider expects if that is a different one. */
export interface Accepted {
  readonly acknowledgement: Acknowledgement;
  readonly answer: HookAnswer | null;
}

export class NotificationEndpoint {
  readonly #recipients: Recipients;
  readonly #writer: NotificationWriter;
  readonly #refusals: RefusalLog;
  readonly #nextOrders: (count: number) => Promise<readonly string[]>;

  constructor(deps: {
    recipients: Recipients;
    writer: NotificationWriter;
    refusals: RefusalLog;
    nextFetchOrders: (count: number) => Promise<readonly string[]>;
  }) {
    this.#nextOrders = deps.nextFetchOrders;
    this.#recipients = deps.recipients;
    this.#writer = deps.writer;
    this.#refusals = deps.refusals;
  }

  /**
   * Accepts a notification; resolves when it is durable.
   * @throws SystoleError PROVIDER_UNKNOWN, NOTIFICATION_SIGNATURE_INVALID, NOTIFICATION_SECRET_UNKNOWN,
   * NOTIFICATION_BODY_INVALID, NOTIFICATION_TOO_LARGE; each refusal has been counted.
   */
  async accept(arrived: ArrivedNotification): Promise<Accepted> {
    const provider = this.#providerOf(arrived);
    const answer = provider.notifications.acknowledgement ?? null;
    try {
      assertFits(provider.notifications, arrived);
      const environmentIds = await this.#authenticate(provider, arrived);
      const isOurs = environmentIds.length > 0;
      return {
        acknowledgement: isOurs ? await this.#write(provider, arrived, environmentIds) : accepted,
        answer,
      };
    } catch (error) {
      if (error instanceof SystoleError) await this.#refusals.record({ ...arrived, error });
      throw error;
    }
  }

  /**
   * Answers a request with which a provider tests our address; returns null for any other request.
   * @throws SystoleError PROVIDER_UNKNOWN
   */
  async handshake(arrived: Omit<HandshakeRequest, "body"> & ArrivedNotification): Promise<HookAnswer | null> {
    const { slug, notifications } = this.#providerOf(arrived);
    if (notifications.handshake === undefined) return null;
    const { recipients } = await this.#recipients.of(slug);
    const answers = recipients.flatMap((recipient) => notifications.handshake?.(arrived, recipient) ?? []);
    return answers.find(({ status }) => status < 400) ?? answers[0] ?? null;
  }

  /** Records a notification whose body could not be read, or was too large to read. */
  async refuse(refusal: Refusal): Promise<void> {
    this.#providerOf(refusal);
    await this.#refusals.record(refusal);
  }

  /** Returns the provider. An unknown name is only counted, not stored: the name in the path may be any text. */
  #providerOf({
    providerSlug,
    traceId,
  }: Pick<ArrivedNotification, "providerSlug" | "traceId">): NotifyingProvider {
    try {
      return notifyingProvider(providerSlug);
    } catch (error) {
      if (error instanceof SystoleError) this.#refusals.note("unknown", { error, traceId });
      throw error;
    }
  }

  /**
   * Returns the environments that the notification belongs to: those by whose secret it is signed. There may be
   * several, because environments that share a client share its secret. A PING may arrive before we know the
   * secret; it belongs to no environment.
   */
  async #authenticate(
    { slug, notifications }: NotifyingProvider,
    arrived: ArrivedNotification,
  ): Promise<readonly string[]> {
    const owners = await ownersOf(notifications, arrived, await this.#recipients.of(slug));
    if (owners !== null) return owners;
    // Another process may have created the webhook a moment ago: look again before refusing.
    const fresh = await this.#recipients.of(slug, true);
    const found = await ownersOf(notifications, arrived, fresh);
    if (found !== null) return found;
    const code = fresh.isSecretMissing ? "NOTIFICATION_SECRET_UNKNOWN" : "NOTIFICATION_SIGNATURE_INVALID";
    throw new SystoleError(code, { provider: slug });
  }

  async #write(
    provider: NotifyingProvider,
    { body, traceId }: ArrivedNotification,
    environmentIds: readonly string[],
  ): Promise<Acknowledgement> {
    const meanings = together(provider.notifications.read(body).filter((meaning) => meaning.kind !== "ping"));
    if (!meanings.every(isKeepable)) {
      throw new SystoleError("NOTIFICATION_BODY_INVALID", { provider: provider.slug });
    }
    // Bodies and deletions are as new as their place in the request. Announcements need no place in the order.
    const orders = meanings.some(isGiving) ? await this.#nextOrders(meanings.length) : [];
    const common = { provider: provider.slug, traceId, body };
    const known = await Promise.all(
      environmentIds.flatMap((environmentId) =>
        meanings.map((meaning, index) => {
          const arrived = { ...common, environmentId, fetchOrder: orders[index] ?? "0" };
          return this.#writer.write(newNotification(arrived, meaning));
        }),
      ),
    );
    const [first] = meanings;
    if (first === undefined) return accepted;
    if (first.kind === "unknown") return ignored("NOTIFICATION_EVENT_UNKNOWN", { event: first.event });
    return known.includes(true) ? accepted : ignored("NOTIFICATION_USER_UNKNOWN", {});
  }
}

const isFitting = (verdict: PromiseSettledResult<boolean> | undefined): boolean =>
  verdict?.status === "fulfilled" && verdict.value;

interface NotifyingProvider extends Provider {
  readonly notifications: Notifications<unknown>;
}

/** @throws SystoleError PROVIDER_UNKNOWN, also for a provider that sends no notifications */
function notifyingProvider(slug: string): NotifyingProvider {
  const provider = providerBySlug(slug);
  const { notifications } = provider;
  if (notifications === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return { ...provider, notifications };
}

/** Returns the environments whose secret signed the notification: none for an expected PING, null for a forgery. */
async function ownersOf(
  notifications: Notifications<unknown>,
  arrived: ArrivedNotification,
  { recipients, pingExpected }: KnownRecipients,
): Promise<readonly string[] | null> {
  const verdicts = await Promise.allSettled(
    recipients.map(async (recipient) => notifications.verify(arrived, recipient)),
  );
  const owners = recipients.filter((_, index) => isFitting(verdicts[index]));
  if (owners.length > 0) return owners.map(({ environmentId }) => environmentId);
  // One environment's keys may be out of reach while those of another one fit.
  const [trouble] = verdicts.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  if (trouble !== undefined) throw trouble;
  // The first PING arrives before the provider has told us the secret it signs with.
  return pingExpected && isPing(notifications, arrived.body) ? [] : null;
}

/** Checks the provider's own size limit: the route's limit is the largest of all providers. */
function assertFits({ maxBytes }: Notifications<unknown>, { body }: ArrivedNotification): void {
  if (body.length <= maxBytes) return;
  throw new SystoleError("NOTIFICATION_TOO_LARGE", { limit_bytes: maxBytes });
}

function ignored(
  code: "NOTIFICATION_EVENT_UNKNOWN" | "NOTIFICATION_USER_UNKNOWN",
  details: object,
): Acknowledgement {
  const { message } = new SystoleError(code);
  return { status: "ignored", code, message, ...details };
}

function isPing(notifications: Notifications<unknown>, body: Buffer): boolean {
  try {
    return notifications.read(body).some(({ kind }) => kind === "ping");
  } catch {
    return false;
  }
}

type Meaning = Exclude<NotificationMeaning, { kind: "ping" }>;

/** Enough for one task: it is worked in one try. */
const mostBodies = 500;

/** Joins the bodies of a person that follow each other, whatever stands between them about others. */
function together(meanings: readonly Meaning[]): readonly Meaning[] {
  const joined: Meaning[] = [];
  const lastOf = new Map<string, number>();
  for (const meaning of meanings) {
    const person = meaning.kind === "unknown" ? null : meaning.providerUserId;
    const at = person === null ? undefined : lastOf.get(person);
    const last = at === undefined ? undefined : joined[at];
    if (at !== undefined && last?.kind === "pushed" && isContinued(last, meaning)) {
      joined[at] = { ...last, bodies: [...last.bodies, ...meaning.bodies] };
    } else {
      if (person !== null) lastOf.set(person, joined.length);
      joined.push(meaning);
    }
  }
  return joined;
}

type Pushed = Extract<Meaning, { kind: "pushed" }>;

const isContinued = (last: Pushed, next: Meaning): next is Pushed =>
  next.kind === "pushed" && next.event === last.event && last.bodies.length < mostBodies;

/** Whether the database can keep all that names something. */
function isKeepable(meaning: Meaning): boolean {
  const { event } = meaning;
  if (meaning.kind === "unknown") return canBeKept(event);
  if (!canBeKept(event, meaning.providerUserId)) return false;
  switch (meaning.kind) {
    case "data":
      return canBeNamed(meaning.fetches);
    case "pushed":
      return canBeNamed(meaning.bodies);
    case "deleted":
      return canBeNamed(meaning.parts);
    case "scopes-changed":
      return canBeKept(...meaning.scopes);
    case "permission-ended":
      return true;
  }
}

const isGiving = ({ kind }: NotificationMeaning): boolean => kind === "pushed" || kind === "deleted";

interface Arrived extends Pick<NewNotification, "environmentId" | "provider" | "traceId"> {
  readonly body: Buffer;
  readonly fetchOrder: string;
}

function newNotification({ fetchOrder, ...arrived }: Arrived, meaning: Meaning): NewNotification {
  const { event } = meaning;
  if (meaning.kind === "unknown") {
    const code = "NOTIFICATION_EVENT_UNKNOWN";
    return { ...arrived, state: "ignored", event, providerUserId: null, fetches: [], code };
  }
  const about = { ...arrived, state: "accepted", event, providerUserId: meaning.providerUserId } as const;
  const given = { fetchOrder, path: `/v2/hooks/${arrived.provider}`, bodies: [], deleted: [] };
  // A body with data of several people is kept with none of them: each person's task holds their own part of it.
  const withoutPerson = { ...about, body: null, fetches: [] };
  switch (meaning.kind) {
    case "data":
      return { ...about, fetches: meaning.fetches };
    case "pushed":
      return {
        ...withoutPerson,
        task: { kind: "given", body: givenBody({ ...given, bodies: meaning.bodies }) },
      };
    case "deleted":
      return {
        ...withoutPerson,
        task: { kind: "given", body: givenBody({ ...given, deleted: meaning.parts }) },
      };
    case "permission-ended":
      return { ...withoutPerson, task: { kind: "permission-ended" } };
    case "scopes-changed":
      return { ...withoutPerson, task: { kind: "scopes-changed", body: scopesBody(meaning.scopes) } };
  }
}
