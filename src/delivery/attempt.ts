/** Attempts: makes the outgoing events, limits the time of an attempt, and describes its result. */
import { getSystemErrorMap } from "node:util";
import {
  type BatchedDelivery,
  DeliveryError,
  type DeliveryReceipt,
  type OutgoingEvent,
  type PayloadLink,
  type Sender,
  type SentRequest,
} from "../destinations/destination.ts";
import { linkForm } from "../destinations/link.ts";
import { errorMessage, SystoleError } from "../errors.ts";
import type { KeptRequest } from "../store/tables.ts";
import { decompress } from "../store/zstd.ts";
import type { ActiveDelivery } from "./senders.ts";
import { keptRequest } from "./sent-request.ts";
import { storable } from "./storable.ts";

const keptResponse = 1_024;

export interface AttemptResult {
  readonly startedAt: Date;
  readonly durationMs: number;
  /** The number of events in the request that carried this delivery. */
  readonly batchSize: number;
  /** Null when it was delivered; otherwise whether, and how, the error allows another attempt. */
  readonly failure: DeliveryError["retry"] | null;
  /** The error code. Of a delivered event: the code of a problem that did not prevent the delivery. */
  readonly code: string | null;
  /** The system's name of the error, e.g. ECONNREFUSED; never the target's text. */
  readonly cause: string | null;
  readonly status: number | null;
  /** The target's text, or our own description of the error. Kept with the attempt, never logged. */
  readonly response: string | null;
  /** Null when nothing was sent: the attempt ended before. */
  readonly request: KeptRequest | null;
  readonly retryAfterMs: number | null;
}

/** Returns an address at which an event's body can be fetched. @throws DeliveryError */
export type LinkOf = (
  delivery: ActiveDelivery,
  event: OutgoingEvent,
  signal: AbortSignal,
) => Promise<PayloadLink>;

/** The target's receipt, or the error. */
type SendResult = DeliveryReceipt | Error;

/** The request that the sender noted for each delivery. */
type Notes = Map<ActiveDelivery, SentRequest>;

/** The parameters of an attempt, without its deliveries. */
export interface AttemptOptions {
  connect(): Promise<Sender>;
  readonly linkOf: LinkOf;
  readonly timeoutMs: number;
  /** Aborted when a stopping process no longer waits. */
  readonly ending: AbortSignal;
}

/** Sends all the deliveries in one request; returns one result for each, in their order. Never throws. */
export async function attemptDeliveries(
  deliveries: readonly ActiveDelivery[],
  options: AttemptOptions,
): Promise<AttemptResult[]> {
  const startedAt = new Date();
  const began = performance.now();
  const notes: Notes = new Map();
  const sent = await withDeadline(
    (signal) => request(deliveries, { ...options, notes }, signal),
    options,
  ).catch((error: unknown) => deliveries.map((): SendResult => asError(error)));
  const durationMs = Math.round(performance.now() - began);
  return deliveries.map((delivery, index) => ({
    startedAt,
    durationMs,
    batchSize: deliveries.length,
    request: requestOf(notes.get(delivery)),
    ...resultOf(sent[index] ?? new SystoleError("INTERNAL", { reason: "the sender left an event out" })),
  }));
}

const requestOf = (noted: SentRequest | undefined): KeptRequest | null =>
  noted === undefined ? null : keptRequest(noted);

async function request(
  deliveries: readonly ActiveDelivery[],
  { connect, linkOf, notes }: AttemptOptions & { readonly notes: Notes },
  signal: AbortSignal,
): Promise<readonly SendResult[]> {
  const sender = await connect();
  // A body that cannot be read fails only its own delivery.
  const events = await Promise.all(
    deliveries.map((delivery) => {
      const noteSent = (sent: SentRequest): void => void notes.set(delivery, sent);
      return outgoing(delivery, { linkOf, noteSent }, signal).catch(asError);
    }),
  );
  const readable = events.filter((event): event is OutgoingEvent => !(event instanceof Error));
  const answers = (await send(sender, readable, signal)).values();
  return events.map((event) => (event instanceof Error ? event : (answers.next().value as SendResult)));
}

async function send(
  sender: Sender,
  events: readonly OutgoingEvent[],
  signal: AbortSignal,
): Promise<readonly BatchedDelivery[]> {
  const [first, ...others] = events;
  if (first === undefined) return [];
  if (others.length === 0 || sender.deliverBatch === undefined) return [await sender.deliver(first, signal)];
  return sender.deliverBatch(events, signal);
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const nothing = { failure: null, code: null, cause: null, status: null, response: null, retryAfterMs: null };

type SendOutcome = Omit<AttemptResult, "startedAt" | "durationMs" | "batchSize" | "request">;

function resultOf(sent: SendResult): SendOutcome {
  if (!(sent instanceof Error)) {
    const { status = null, response, aside } = sent;
    const text = response ?? (aside && reasonOf(aside));
    return { ...nothing, status, code: aside?.code ?? null, response: kept(text) };
  }
  if (!(sent instanceof DeliveryError)) {
    // Unreadable settings or a bug of the plugin: both can be repaired, so the delivery is retried.
    const code = sent instanceof SystoleError ? sent.code : "INTERNAL";
    return {
      ...nothing,
      failure: "later",
      code,
      cause: systemCode(sent),
      response: kept(errorMessage(sent)),
    };
  }
  const { status = null, response } = sent.receipt;
  const { retry: failure, code, retryAfterMs } = sent;
  const text = kept(response ?? reasonOf(sent));
  return { failure, code, cause: systemCode(sent), status, response: text, retryAfterMs };
}

const reasonOf = ({ details }: DeliveryError): string | undefined =>
  typeof details.reason === "string" ? details.reason : undefined;

/** The names that Node and undici give to network and TLS errors. A target's own codes are not among them. */
const systemNames = new Set([...getSystemErrorMap().values()].map(([name]) => name));
const otherNames = /^((ERR|UND_ERR|HPE)_[A-Z_]+|([A-Z]+_)+(CERT|CERTIFICATE|SIGNATURE)|CERT_[A-Z_]+)$/;

function systemCode(thrown: Error): string | null {
  for (let cause: unknown = thrown.cause; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === "string" && (systemNames.has(code) || otherNames.test(code))) return code;
  }
  return null;
}

const kept = (response: string | undefined): string | null =>
  response === undefined ? null : storable(response.slice(0, keptResponse));

async function outgoing(
  delivery: ActiveDelivery,
  { linkOf, noteSent }: { readonly linkOf: LinkOf } & Pick<OutgoingEvent, "noteSent">,
  signal: AbortSignal,
): Promise<OutgoingEvent> {
  const event: OutgoingEvent = {
    id: delivery.event_id,
    type: delivery.type,
    userId: delivery.user_id,
    referenceId: delivery.reference_id,
    reference: delivery.reference,
    traceId: delivery.trace_id,
    orderingTimestamp: delivery.created_at.getTime(),
    records: delivery.records,
    body: await decompress(delivery.body, delivery.body_bytes),
    link: (ending) => linkOf(delivery, event, ending),
    noteSent,
  };
  const asLink = delivery.destination.payload === "link" && event.records.length > 0;
  return asLink ? linkForm(event, signal) : event;
}

/**
 * Ends an attempt at its deadline, or when the process stops: tells the sender to stop, and does not wait for
 * a sender that ignores it.
 */
async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, ending }: AttemptOptions,
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const giveUp = (reason: string): void => {
    controller.abort();
    late.reject(new DeliveryError("DELIVERY_TIMEOUT", "later", {}, { reason }));
  };
  const stop = (): void => giveUp("Systole is stopping");
  const timer = setTimeout(() => giveUp(`no answer within ${timeoutMs} ms`), timeoutMs);
  ending.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([run(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener("abort", stop);
  }
}
