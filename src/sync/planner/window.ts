/**
 * One window of a provider's limits as we know it. Pure.
 *
 * The provider's window begins with the first call that reaches it, and ends after its length in any case.
 * `resetsAt` is never earlier than that end, so a call sent after it surely counts toward the next window.
 */
import type { RateLimitRule, RateWindow } from "../../providers/provider.ts";

export interface WindowState {
  /** The provider's latest count of calls. */
  readonly counted: number;
  /** Calls that ended without an answer: the provider may have counted them or not. */
  readonly unsure: number;
  /** The part of `unsure` that ended so late that it may belong to the next window. */
  readonly unsureLate: number;
  /** Null before the provider's first answer. */
  readonly limit: number | null;
  /** Null before the first call. */
  readonly resetsAt: number | null;
  /** Whether `resetsAt` follows from an answer of the provider. */
  readonly isHeard: boolean;
  /** The end of the window before this one. */
  readonly lastReset: number | null;
  /** Answers to calls with this number or a higher one are newer than `counted`. */
  readonly heardBefore: number;
}

/** Longer than any call's time-out: a call may reach the provider this much later than it was reserved. */
export const longestCallMs = 60_000;
/** Resets are whole seconds, with an unknown rounding. */
const roundingMs = 1_000;

export const newWindow: WindowState = {
  counted: 0,
  unsure: 0,
  unsureLate: 0,
  limit: null,
  resetsAt: null,
  isHeard: false,
  lastReset: null,
  heardBefore: 0,
};

/** Begins a new window when the time of this one is over. */
export function rolled(window: WindowState, rule: RateLimitRule, now: number): WindowState {
  if (window.resetsAt === null || now < window.resetsAt) return window;
  return rolled(begunAnew(window, rule), rule, now);
}

/**
 * Returns a new window. An end that was only supposed does not tell which window an answer belongs to. Calls that may
 * belong to the new window have begun it: without an end they would count for ever.
 */
const begunAnew = (window: WindowState, { lengthMs }: RateLimitRule): WindowState => ({
  ...window,
  counted: 0,
  unsure: window.unsureLate,
  unsureLate: 0,
  resetsAt: window.unsureLate > 0 && window.resetsAt !== null ? window.resetsAt + lengthMs : null,
  isHeard: false,
  lastReset: window.isHeard ? window.resetsAt : null,
});

/**
 * Notes a call that ended without an answer. One that ends after the window may have begun the next one, at the latest
 * now.
 */
export function lost(window: WindowState, rule: RateLimitRule, now: number): WindowState {
  const open = rolled(window, rule, now);
  const resetsAt = open.resetsAt ?? now + rule.lengthMs;
  const isLate = now >= resetsAt - 2 * longestCallMs;
  return { ...open, resetsAt, unsure: open.unsure + 1, unsureLate: open.unsureLate + (isLate ? 1 : 0) };
}

/**
 * Notes a call about to be sent: if it is the window's first, the window begins with it at the latest. While
 * no answers arrive from a provider that reports its limits, earlier calls may never have reached it, and any
 * call may be the first.
 */
export function begun(window: WindowState, rule: RateLimitRule, now: number): WindowState {
  const isSilent = window.limit !== null && !window.isHeard;
  if (window.resetsAt !== null && !isSilent) return window;
  return { ...window, resetsAt: now + rule.lengthMs + longestCallMs };
}

export interface AnsweredCall {
  readonly reading: RateWindow;
  /** The call's number and the time of its reservation. */
  readonly call: { readonly id: number; readonly at: number };
  readonly now: number;
  /** The number of the next call. */
  readonly nextId: number;
  /** Calls without an answer are settled by answers to calls with this number or a higher one. */
  readonly unsureBefore: number;
}

/**
 * Notes the limits that an answer reports. Answers overtake each other, so a lower count is believed only if
 * its call was sent after the higher one was received; an answer about the window before changes nothing.
 */
export function heard(window: WindowState, rule: RateLimitRule, said: AnsweredCall): WindowState {
  const { reading, call, now } = said;
  // The end lies between these two: the reading was made after the reservation of the call and before now.
  const earliest = call.at + reading.resetMs - roundingMs;
  const latest = now + reading.resetMs + roundingMs;
  // Two windows begin at least one length apart, so half a length tells them apart.
  const apart = rule.lengthMs / 2;
  if (window.lastReset !== null && latest < window.lastReset + apart) return window;
  if (!window.isHeard || window.resetsAt === null) return counted({ ...window, resetsAt: latest }, said);
  if (latest < window.resetsAt - apart) return window;
  if (earliest > window.resetsAt + apart) {
    return counted({ ...begunAnew(window, rule), resetsAt: latest }, said);
  }
  const resetsAt = window.resetsAt < earliest ? latest : Math.min(window.resetsAt, latest);
  return counted({ ...window, resetsAt }, said);
}

function counted(window: WindowState, { reading, call, nextId, unsureBefore }: AnsweredCall): WindowState {
  const isNewer = call.id >= window.heardBefore || reading.used >= window.counted;
  const answeredWindow = isNewer
    ? { ...window, counted: reading.used, limit: reading.limit, heardBefore: nextId }
    : window;
  const isAccounted = call.id >= unsureBefore;
  return { ...answeredWindow, isHeard: true, ...(isAccounted && { unsure: 0, unsureLate: 0 }) };
}
