/** What a case has in hand: one place on the server, senders to it through a proxy that can fail, and time. */
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { createAddressGuard } from "../../security/address-guard.ts";
import { DeliveryError, type OutgoingEvent, type Sender, type SenderContext } from "../destination.ts";
import type { Faults } from "./proxy.ts";
import type { Place, Settings, TargetBehaviour } from "./target.ts";

export interface Bench {
  readonly behaviour: TargetBehaviour;
  readonly place: Place;
  readonly faults: Faults;
  /** The values that the kind's schema marks as secret. */
  secretsOf(settings: Settings): readonly string[];
  /** As the destination declares it; null where events go one by one. */
  readonly batch: { readonly maxEvents: number; readonly maxBytes: number } | null;
  /** A new sender, with the place's own settings unless others are given. Closed when the case is over. */
  connect(settings?: Settings, context?: SenderContext): Sender;
  /** Delivers from a process of its own, in batches if the kind has them and it is asked for. */
  elsewhere(events: readonly OutgoingEvent[], how: "singly" | "in batches"): Promise<void>;
  /**
   * Settings of a server in the target's place whose answers have no end, and how much of them was taken. With
   * `eachBytes` it ends each connection after so many, in the middle of what it says.
   */
  endless(eachBytes?: number): Promise<{ readonly settings: Settings; sentBytes(): number }>;
  /** Ends the server's process and starts it again; null where it would keep nothing. */
  readonly restart: (() => Promise<void>) | null;
}

/** A case is left out for this reason, which the printed table has. */
export class NotApplicable extends Error {}

export type Case = (bench: Bench) => Promise<void>;

/** The address guard of an operator who delivers to their own network. */
export const openGuard = createAddressGuard({ allowPrivate: true });

/** Longer than anything that works takes; a test that meets it fails. */
export const deadline = (): AbortSignal => AbortSignal.timeout(30_000);

/** What the attempt is refused with. */
export async function failure(attempt: Promise<unknown>): Promise<DeliveryError> {
  const thrown = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown, "a DeliveryError").toBeInstanceOf(DeliveryError);
  return thrown as DeliveryError;
}

/** Far more than "at once" takes on a busy machine, far less than any driver's own timeout. */
const graceMs = 5_000;

/** The attempt ends when its signal says so, and says that it was the clock. */
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
