/** The means of a test case: one place on the server, and senders to it through a proxy that can fail. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { RecordFormatName } from "../../export/formats.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { DeliveryError, type OutgoingEvent, type Sender, type SenderContext } from "../destination.ts";
import type { Way } from "./delivering.ts";
import type { Faults } from "./proxy.ts";
import type { Place, Settings, TargetBehaviour } from "./target.ts";

export interface Bench {
  readonly behaviour: TargetBehaviour;
  readonly place: Place;
  readonly faults: Faults;
  /** The values that the kind's schema marks as secret. */
  secretsOf(settings: Settings): readonly string[];
  /** The record formats that the destination declares beside Terra's, or the only one that it takes. */
  readonly formats: readonly string[];
  /** The one format in which all records are sent; absent where the kind takes Terra's. */
  readonly onlyFormat?: RecordFormatName | undefined;
  /** The batch that the destination declares; null where events are sent one by one. */
  readonly batch: { readonly maxEvents: number; readonly maxBytes: number } | null;
  /** A new sender, with the place's own settings unless others are given. Closed when the case is over. */
  connect(settings?: Settings, context?: SenderContext, format?: string): Sender;
  /** Delivers each event on its own, in the time that the kind has for an attempt. */
  readonly singly: Way;
  /** Delivers from another process, in batches if the kind has them and `how` says so. */
  elsewhere(events: readonly OutgoingEvent[], how: "singly" | "in batches"): Promise<void>;
  /**
   * Settings of a server in the target's place whose answers have no end, and the bytes of them that were taken.
   * With `eachBytes` it ends each connection after so many, in the middle of an answer.
   */
  endless(eachBytes?: number): Promise<{ readonly settings: Settings; sentBytes(): number }>;
  /** Ends the server's process and starts it again; null where it would lose its contents. */
  readonly restart: (() => Promise<void>) | null;
}

/** The reason for which a case is skipped; it is in the printed table. */
export class NotApplicable extends Error {}

export type Case = (bench: Bench) => Promise<void>;

/** The address guard of an operator who delivers to their own network. */
export const openGuard = createAddressGuard({ allowPrivate: true });

/** A signal that aborts long after any delivery that works; a test that reaches it fails. */
export const deadline = (): AbortSignal => AbortSignal.timeout(30_000);

/** Returns the DeliveryError that the attempt fails with. */
export async function failure(attempt: Promise<unknown>): Promise<DeliveryError> {
  const thrown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown, "a DeliveryError").toBeInstanceOf(DeliveryError);
  return thrown as DeliveryError;
}

/** Far more than an attempt takes to end on a busy machine, far less than any driver's own time-out. */
const graceMs = 5_000;

/** The attempt ends when its signal is aborted, with DELIVERY_TIMEOUT. */
export async function expectTimeout(
  signalMs: number,
  attempt: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const ended = new AbortController();
  const late = pause(signalMs + graceMs, null, { signal: ended.signal }).then(() => {
    throw new Error("it went on long after its signal was aborted");
  });
  late.catch(() => {});
  const thrown = await Promise.race([failure(attempt(AbortSignal.timeout(signalMs))), late]).finally(() =>
    ended.abort(),
  );
  expect(thrown).toMatchObject({ code: "DELIVERY_TIMEOUT", retry: "later" });
}
