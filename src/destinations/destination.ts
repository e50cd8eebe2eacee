/**
 * The contract of a destination plugin. A plugin knows how to hand one event to one kind of target and
 * how to say, by a DeliveryError, what went wrong; schedule, breaker and bookkeeping are not its business.
 */
import type { LookupFunction } from "node:net";
import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import { SystoleError } from "../errors.ts";
import type { DataType } from "../models/index.ts";
import type { AttemptTime } from "./attempt-time.ts";

/** Codes that say what a delivery failed with. */
export type DeliveryCode = Extract<ErrorCode, `DELIVERY_${string}` | `DESTINATION_${string}`>;

/**
 * The target failed or refused. The thrower classifies, the worker obeys:
 * "later" tries again on the schedule (not before `retryAfterMs`), "never" gives this event up as dead,
 * "disable" switches the destination off (the target said it is gone for good).
 */
export class DeliveryError extends SystoleError {
  readonly retry: "later" | "never" | "disable";
  readonly retryAfterMs: number | null;
  /** What the target answered, as far as it is known. */
  readonly receipt: DeliveryReceipt;

  constructor(
    code: DeliveryCode,
    retry: "later" | "never" | "disable",
    receipt: DeliveryReceipt = {},
    options: ErrorOptions & { readonly retryAfterMs?: number; readonly reason?: string } = {},
  ) {
    super(code, { status: receipt.status, reason: options.reason }, options);
    this.name = "DeliveryError";
    this.retry = retry;
    this.receipt = receipt;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The target's own words about one attempt. */
export interface DeliveryReceipt {
  /** HTTP status, where the target speaks HTTP. */
  readonly status?: number;
  /** The first kilobyte of its answer. */
  readonly response?: string;
  /** Went wrong beside the delivery, which was taken all the same: shown with the attempt, its code in the log. */
  readonly aside?: DeliveryError;
}

/** A record an event carries. */
export interface EventRecord {
  readonly type: DataType;
  readonly naturalKey: string;
  /** Higher is newer; a target that stores must never let a lower one win. */
  readonly revision: number;
}

/** One event as it leaves the house: the same ids and bytes on every attempt. */
export interface OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly userId: string | null;
  readonly referenceId: string | null;
  /** Terra's `terra-reference`: that of the request it answers, or its own. */
  readonly reference: string;
  /** Unique per event (chunks add `:chunk:<n>`), stable across attempts. */
  readonly traceId: string;
  /** When the event came to be, unix milliseconds. */
  readonly orderingTimestamp: number;
  /** The records in the body, in its order; none for auth events and requests' progress. */
  readonly records: readonly EventRecord[];
  /** The body: UTF-8 JSON, sent as it is. */
  readonly body: Buffer;
  /** Where the body can be fetched for a while; see link.ts. */
  link(signal: AbortSignal): Promise<PayloadLink>;
}

/** A signed, expiring address of an event's body. */
export interface PayloadLink {
  readonly url: string;
  readonly expiresInSeconds: number;
}

/** What became of one event of a batch. */
export type BatchedDelivery = DeliveryReceipt | DeliveryError;

export interface Sender {
  /** Resolves when the target has taken the event, durably. @throws DeliveryError */
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt>;
  /**
   * Several events in one request; kinds that declare `batch` have it. Answers what became of each, in the
   * order given. Throws only what befell all of them alike (the target is away); whatever one event may be
   * to blame for must not harm the others.
   * @throws DeliveryError
   */
  deliverBatch?(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly BatchedDelivery[]>;
  /**
   * Proves that deliveries would work, without leaving anything behind. A permission that is missing is
   * DESTINATION_PERMISSION_MISSING with the permission's own name as the reason. @throws DeliveryError
   */
  check(signal: AbortSignal): Promise<DeliveryReceipt>;
  /** Object stores: keeps the event's body as an object and answers a signed address of it. @throws DeliveryError */
  share?(event: OutgoingEvent, expiresInSeconds: number, signal: AbortSignal): Promise<string>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** What the house lends a plugin. */
export interface SenderContext {
  /**
   * DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. Every
   * connection to a host that a developer named goes through it.
   */
  readonly lookup: LookupFunction;
  /** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE for a literal address that is not allowed. */
  assertAddressAllowed(hostname: string): void;
}

export interface Destination<Settings extends z.ZodType = z.ZodType> {
  /** e.g. "webhook"; fixed once released. */
  readonly kind: string;
  readonly displayName: string;
  /**
   * Drives parsing, the dashboard's form, masking and the docs. Marks, by `.meta({…})`: `secret: true` masks;
   * `sent: false` beside it says that the secret only signs; `address: true` names where secrets are sent.
   */
  readonly settings: Settings;
  /** Most that goes into one `deliverBatch`; absent where events go one by one. */
  readonly batch?: { readonly maxEvents: number; readonly maxBytes: number };
  /** How long an attempt may take; `usualTime` where absent. */
  readonly time?: AttemptTime;
  /**
   * Whether the target keeps the order in which it was given a person's events, so that we must give them
   * in order. Absent: it does not; newest wins where it stores.
   */
  ordered?(settings: z.output<Settings>): boolean;
  /** Whether `payload: "link"` may be chosen: every data event then arrives as a link to its body. */
  readonly takesLinks?: boolean;
  /** Fills in secrets we issue ourselves; they are shown once, when the destination is made. */
  issueSecrets?(settings: z.input<Settings>): { settings: z.input<Settings>; secret: string };
  connect(settings: z.output<Settings>, context: SenderContext): Sender;
}

/** Keeps the settings' type while checking the declaration. */
export function defineDestination<Settings extends z.ZodType>(
  destination: Destination<Settings>,
): Destination<Settings> {
  return destination;
}
