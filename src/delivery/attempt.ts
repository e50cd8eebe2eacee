/** Attempts: makes the outgoing events, limits the time of an attempt, and describes its result. */
import { getSystemErrorMap } from "node:util";
import type { Converter } from "../converting/converter.ts";
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
import type { ConfiguredExports } from "../export/contract.ts";
import type { FormerEvent } from "../export/event-records.ts";
import type { StoredEventBody } from "../store/events.ts";
import type { KeptLeftOut, KeptRequest } from "../store/tables.ts";
import { formedEvent } from "./formed-event.ts";
import type { IdentifiedEvent } from "./former-records.ts";
import type { ActiveDelivery } from "./senders.ts";
import { keptRequest } from "./sent-request.ts";
import { storable } from "./storable.ts";

const keptResponse = 1_024;
/** A record has a few fields that cannot be expressed at the most; an event of many records may have very many. */
const mostLeftOut = 100;

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
  /** The fields that could not be expressed in the destination's format. */
  readonly leftOut: readonly KeptLeftOut[];
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

/** The facts of a delivery's content: the request that the sender noted, and the fields that the format left out. */
interface Note {
  sent?: SentRequest;
  leftOut?: readonly KeptLeftOut[];
}

/** The parameters of an attempt, without its deliveries. */
export interface AttemptOptions {
  connect(): Promise<Sender>;
  readonly linkOf: LinkOf;
  /** Returns the bytes of a delivery's event. */
  bodyOf(delivery: StoredEventBody): Promise<Buffer>;
  readonly exports: ConfiguredExports;
  readonly converter: Pick<Converter, "convert">;
  /** Returns the events in which the event's records were before. */
  formersOf(event: IdentifiedEvent): Promise<readonly FormerEvent[]>;
  readonly timeoutMs: number;
  /** Aborted when a stopping process no longer waits. */
  readonly ending: AbortSignal;
}

/** Sends all the deliveries in one request; returns one result for each, in their order. Never throws. */
export async function attemptDeliveries(
  deliveries: readonly ActiveDelivery[],
  options: AttemptOptions,
): Promise<AttemptResult[]> {
  const noted = deliveries.map((delivery): Noted => ({ delivery, note: {} }));
  const formed = await Promise.all(noted.map((one) => formInTime(one, options)));
  const startedAt = new Date();
  const began = performance.now();
  const sent = await withDeadline((signal) => request(noted, formed, options, signal), {
    ...options,
    late: "no answer",
  }).catch((error: unknown) => deliveries.map((): SendResult => asError(error)));
  const durationMs = Math.round(performance.now() - began);
  return noted.map(({ note }, index) => ({
    startedAt,
    durationMs,
    batchSize: deliveries.length,
    request: note.sent === undefined ? null : keptRequest(note.sent),
    leftOut: (note.leftOut ?? []).slice(0, mostLeftOut),
    ...resultOf(sent[index] ?? new SystoleError("INTERNAL", { reason: "the sender left an event out" })),
  }));
}

interface Noted {
  readonly delivery: ActiveDelivery;
  readonly note: Note;
}

/** An event in the destination's form; null where nothing is to be sent. */
type Formed = OutgoingEvent | null | Error;

/**
 * Puts an event into its form, in as much time as its sending has. The time is its own: a target is not late because a
 * conversion was. A body that cannot be read or converted fails only its own delivery.
 */
const formInTime = (one: Noted, options: AttemptOptions): Promise<Formed> =>
  withDeadline((signal) => outgoing(one, options, signal), { ...options, late: "not converted" }).catch(
    asError,
  );

async function request(
  noted: readonly Noted[],
  formed: readonly Formed[],
  options: AttemptOptions,
  signal: AbortSignal,
): Promise<readonly SendResult[]> {
  if (formed.every((event) => event === null || event instanceof Error))
    return formed.map((event) => (event instanceof Error ? event : nothingSent));
  const sender = await options.connect();
  const events = await Promise.all(
    formed.map((event, index) =>
      event === null || event instanceof Error
        ? event
        : linkedForm(noted[index] as Noted, event, options, signal).catch(asError),
    ),
  );
  const readable = events.filter((event) => event !== null && !(event instanceof Error)) as OutgoingEvent[];
  const answers = (await send(sender, readable, signal)).values();
  return events.map((event) => {
    if (event === null) return nothingSent;
    return event instanceof Error ? event : (answers.next().value as SendResult);
  });
}

/** The result of a delivery whose records all are left out. */
const nothingSent: DeliveryReceipt = { response: "nothing was sent: no record has a form in this format" };

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

type SendOutcome = Omit<AttemptResult, "startedAt" | "durationMs" | "batchSize" | "request" | "leftOut">;

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

/** Returns the event in its destination's format; null where nothing is to be sent. */
async function outgoing(
  { delivery, note }: Noted,
  { linkOf, exports, converter, formersOf, bodyOf }: AttemptOptions,
  signal: AbortSignal,
): Promise<OutgoingEvent | null> {
  const { destination } = delivery;
  const terra: OutgoingEvent = {
    id: delivery.event_id,
    type: delivery.type,
    userId: delivery.user_id,
    referenceId: delivery.reference_id,
    reference: delivery.reference,
    traceId: delivery.trace_id,
    orderingTimestamp: delivery.created_at.getTime(),
    records: delivery.records,
    body: await bodyOf(delivery),
    link: (ending) => linkOf(delivery, terra, ending),
    noteSent: (sent) => void Object.assign(note, { sent }),
  };
  const identified = { ...terra, environmentId: delivery.environment_id, eventId: delivery.event_id };
  const settings = { ...exports, birthDate: destination.birthDate };
  const formed = await formedEvent(terra, destination, {
    settings,
    converter,
    formers: () => formersOf(identified),
    signal,
  });
  note.leftOut = formed.leftOut;
  return formed.event;
}

/** Returns the event with its link, or the link in its place where the destination wants links. */
async function linkedForm(
  { delivery }: Noted,
  event: OutgoingEvent,
  { linkOf }: AttemptOptions,
  signal: AbortSignal,
): Promise<OutgoingEvent> {
  const linked = { ...event, link: (ending: AbortSignal) => linkOf(delivery, event, ending) };
  const asLink = delivery.destination.payload === "link" && event.records.length > 0;
  return asLink ? linkForm(linked, signal) : linked;
}

interface Deadline extends Pick<AttemptOptions, "timeoutMs" | "ending"> {
  /** The words for a deadline that has passed: "no answer". */
  readonly late: string;
}

/**
 * Ends a part of an attempt at its deadline, or when the process stops: tells it to stop, and does not wait for a sender
 * that ignores it.
 */
async function withDeadline<T>(
  run: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, ending, late }: Deadline,
): Promise<T> {
  const controller = new AbortController();
  const over = Promise.withResolvers<never>();
  const giveUp = (reason: string): void => {
    over.reject(new DeliveryError("DELIVERY_TIMEOUT", "later", {}, { reason }));
    controller.abort();
  };
  const stop = (): void => giveUp("Systole is stopping");
  const timer = setTimeout(() => giveUp(`${late} within ${timeoutMs} ms`), timeoutMs);
  ending.addEventListener("abort", stop, { once: true });
  if (ending.aborted) stop();
  try {
    // A process that stops begins no more work.
    return await Promise.race([ending.aborted ? over.promise : run(controller.signal), over.promise]);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener("abort", stop);
  }
}
