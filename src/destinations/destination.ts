/**
 * The contract of a destination plugin. A plugin knows how to hand one event to one kind of target and
 * how to say, by a DeliveryError, what went wrong; schedule, breaker and bookkeeping are not its business.
 */
import type { LookupFunction } from "node:net";
import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import { SystoleError } from "../errors.ts";
import type { DataType } from "../models/index.ts";

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
    code: Extract<ErrorCode, `DELIVERY_${string}` | `DESTINATION_${string}`>,
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
}

/** The record an event is about; null for auth events and requests' progress. */
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
  /** Terra's `terra-reference`: ties a request to the events it caused. */
  readonly reference: string;
  /** Unique per event (chunks add `:chunk:<n>`), stable across attempts. */
  readonly traceId: string;
  /** When the event came to be, unix milliseconds. */
  readonly orderingTimestamp: number;
  readonly record: EventRecord | null;
  /** The body: UTF-8 JSON, sent as it is. */
  readonly body: Buffer;
}

export interface Sender {
  /** Resolves when the target has taken the event. @throws DeliveryError */
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt>;
  /** Proves that deliveries would work, without leaving anything behind. @throws DeliveryError */
  check(signal: AbortSignal): Promise<DeliveryReceipt>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** What the house lends a plugin. */
export interface SenderContext {
  /** DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. */
  readonly lookup: LookupFunction;
  /** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE for a literal address that is not allowed. */
  assertAddressAllowed(hostname: string): void;
}

export interface Destination<Settings extends z.ZodType = z.ZodType> {
  /** e.g. "webhook"; fixed once released. */
  readonly kind: string;
  readonly displayName: string;
  /** Drives parsing, the dashboard's form, masking (`.meta({ secret: true })`) and the docs. */
  readonly settings: Settings;
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
