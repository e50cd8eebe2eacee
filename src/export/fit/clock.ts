/** Reads the times of a record as FIT counts them: whole seconds since the last day of 1989, in UTC. */
import { parseTimestamp } from "../../models/index.ts";

const fitEpochSeconds = Date.UTC(1989, 11, 31) / 1000;

export interface Instant {
  /** Milliseconds since 1970 in UTC; of a time without an offset the wall clock, because FIT has no local times. */
  readonly ms: number;
  /** Null when the record does not say. */
  readonly offsetMinutes: number | null;
}

/** Returns the instant; null for a text that is no timestamp. */
export function instantOf(text: string | null | undefined): Instant | null {
  if (typeof text !== "string") return null;
  try {
    const { instantEpochMs, localEpochMs, offsetMinutes } = parseTimestamp(text);
    return { ms: instantEpochMs ?? localEpochMs, offsetMinutes };
  } catch {
    return null;
  }
}

/** Returns the second that the instant is in. */
export const fitSeconds = (ms: number): number => Math.floor(ms / 1000) - fitEpochSeconds;

/** Whether FIT can say the second: earlier ones count from the start of a device, and the last one is "invalid". */
export const isFitTime = (seconds: number): boolean => seconds >= 0x10000000 && seconds < 0xffffffff;

/** Returns the wall clock as FIT's local timestamp. */
export const localSeconds = ({ ms, offsetMinutes }: Instant): number =>
  localOf(fitSeconds(ms), offsetMinutes);

/** Returns the wall clock at a second. */
export const localOf = (second: number, offsetMinutes: number | null): number =>
  second + (offsetMinutes ?? 0) * 60;

/** Reads the times of samples. Series share their times, so each text is parsed once. */
export class SampleClock {
  readonly #known = new Map<string, number | null>();

  /** Returns milliseconds since 1970; null for no time, and for one that FIT cannot say. */
  ms(text: string | null | undefined): number | null {
    if (typeof text !== "string") return null;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const { ms = null } = instantOf(text) ?? {};
    const sayable = ms !== null && isFitTime(fitSeconds(ms)) ? ms : null;
    this.#known.set(text, sayable);
    return sayable;
  }
}
