/**
 * The contract of a destination plugin. A plugin delivers one event to one kind of target and reports by a
 * DeliveryError what went wrong. Schedule, circuit breaker and the log of attempts are not its concern.
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
 * The target failed or refused. The code that throws it decides, the worker obeys:
 * "later" tries again on the schedule (not before `retryAfterMs`), "never" gives this event up as dead,
 * "disable" switches the destination off (the target said it is gone for good).
 */
export class DeliveryError extends SystoleError {
  readonly retry: "later" | "never" | "disable";
  readonly retryAfterMs: number | null;
  /** The target's answer, as far as it is known. */
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

/** The target's answer to one attempt. */
export interface DeliveryReceipt {
  /** HTTP status, where the target speaks HTTP. */
  readonly status?: number;
  /** The first kilobyte of its answer. */
  readonly response?: string;
  /** A problem beside a delivery that was taken: shown with the attempt, its code is in the log. */
  readonly aside?: DeliveryError;
}

/** The account of the request that carries an event, or of the write where the target takes no requests. */
export interface SentRequest {
  /** The HTTP method, or the operation in the target's own words: `SendMessage`, `upsert rows`. */
  readonly method: string;
  /** A URL, whose secrets are masked before it is shown; or the name of the place that is written to. */
  readonly target: URL | string;
  /** Headers, or the attributes of a message; absent where there are none. Secret ones are masked when stored. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of headers that are secret in this kind, beside those that are secret everywhere. */
  readonly secretHeaders?: readonly string[];
  /** The length of the body as it is sent. */
  readonly bytes: number;
}

/** A record that an event carries. */
export interface EventRecord {
  readonly type: DataType;
  readonly naturalKey: string;
  /** Higher is newer; a target that stores records must never let a lower one win. */
  readonly revision: number;
}

/** One event as it is sent: the same ids and bytes on every attempt. */
export interface OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly userId: string | null;
  readonly referenceId: string | null;
  /** Terra's `terra-reference`: that of the request that it answers, or the event's own. */
  readonly reference: string;
  /** Unique per event (chunks add `:chunk:<n>`), stable across attempts. */
  readonly traceId: string;
  /** The time at which the event was made, in unix milliseconds. */
  readonly orderingTimestamp: number;
  /** The records in the body, in its order; none for auth events and the progress of requests. */
  readonly records: readonly EventRecord[];
  /** The body, sent as it is: UTF-8 JSON, or what `form` says. */
  readonly body: Buffer;
  /** The record format of `body`; absent where it is Terra's JSON. */
  readonly form?: EventBodyForm;
  /** Makes an address at which the body can be fetched for a limited time; see link.ts. */
  link(signal: AbortSignal): Promise<PayloadLink>;
  /** Notes what is about to be sent of it, so that it is known also when no answer comes. The last note stands. */
  noteSent(request: SentRequest): void;
}

/** Bytes with their content type. */
export interface FormedBody {
  readonly contentType: string;
  /** The end of a file's name, with its dot: ".fit". */
  readonly extension: string;
  readonly bytes: Buffer;
}

/** The form of an event whose records are in another format than Terra's. */
export interface EventBodyForm {
  readonly contentType: string;
  readonly extension: string;
  /** For each record, in the event's order, its own body; null for a record that is left out. */
  readonly records: readonly (FormedBody | null)[];
  /** The same event as Terra's JSON. */
  readonly terra: Buffer;
}

/** The content type of an event's body. */
export const contentTypeOf = ({ form }: Pick<OutgoingEvent, "form">): string =>
  form?.contentType ?? "application/json";

/** A signed, expiring address of an event's body. */
export interface PayloadLink {
  readonly url: string;
  readonly expiresInSeconds: number;
}

/** The outcome of one event of a batch. */
export type BatchedDelivery = DeliveryReceipt | DeliveryError;

export interface Sender {
  /** Resolves when the target has stored the event durably. @throws DeliveryError */
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt>;
  /**
   * Delivers several events in one request; kinds that declare `batch` have it. Returns the outcome of each in
   * the order given. Throws only an error that all of them have in common (the target is away); an event that is
   * refused must not keep the others from being delivered.
   * @throws DeliveryError
   */
  deliverBatch?(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly BatchedDelivery[]>;
  /**
   * Proves that deliveries would work, and leaves nothing behind. A missing permission is
   * DESTINATION_PERMISSION_MISSING with the permission's own name as the reason. @throws DeliveryError
   */
  check(signal: AbortSignal): Promise<DeliveryReceipt>;
  /** Object stores: stores the event's body as an object and returns a signed address of it. @throws DeliveryError */
  share?(event: OutgoingEvent, expiresInSeconds: number, signal: AbortSignal): Promise<string>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Decides which addresses may be connected to. */
export interface AddressRules {
  /**
   * DNS look-up that refuses private, loopback and link-local addresses unless they are allowed. Every
   * connection to a host that a developer named goes through it.
   */
  readonly lookup: LookupFunction;
  /** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE for a literal address that is not allowed. */
  assertAddressAllowed(hostname: string): void;
}

/** Systole's own means that a plugin uses. */
export interface SenderContext extends AddressRules {
  /**
   * Returns the rules for requests to exactly this URL: this server's own receivers may have an address that is not
   * public. Absent: the usual rules hold for every URL.
   */
  rulesFor?(url: URL): AddressRules;
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
  /** The largest batch for one `deliverBatch`; absent where events are sent one by one. */
  readonly batch?: { readonly maxEvents: number; readonly maxBytes: number };
  /** How long an attempt may take; `usualTime` where absent. */
  readonly time?: AttemptTime;
  /**
   * Whether the target keeps the order in which it receives a person's events, so that they must be sent in
   * order. Absent: it does not; where it stores records, the newest revision wins.
   */
  ordered?(settings: z.output<Settings>): boolean;
  /** Whether `payload: "link"` may be chosen: every data event then arrives as a link to its body. */
  readonly takesLinks?: boolean;
  /** The record formats that may be chosen beside Terra's; absent: none. */
  readonly formats?: readonly string[];
  /** The one record format that the target understands: records arrive in it, whatever is chosen, or not at all. */
  readonly onlyFormat?: "fhir" | "fit";
  /** Fills in secrets that Systole issues; they are shown once, when the destination is made. */
  issueSecrets?(settings: z.input<Settings>): { settings: z.input<Settings>; secret: string };
  /** `format` is that of the records, where it is not Terra's: a target may need other tables for it. */
  connect(settings: z.output<Settings>, context: SenderContext, format?: string): Sender;
}

/** Checks the declaration and keeps the settings' type. */
export function defineDestination<Settings extends z.ZodType>(
  destination: Destination<Settings>,
): Destination<Settings> {
  return destination;
}
