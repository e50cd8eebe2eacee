/** Causes temporary failures, one after the other, until it is stopped. */
import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "./chance.ts";

export interface Troubled {
  readonly name: string;
  readonly troubles: readonly string[];
  begin(trouble: string): Promise<void>;
  /** Ends the failure. */
  end(): Promise<void>;
}

/** How often each failure was caused. */
export type Tally = Map<string, number>;

const quietMs = [2_000, 7_000] as const;
const troubledMs = [1_000, 6_000] as const;

/** Causes failures; resolves when the signal has ended them and everything works again. */
export async function trouble(
  troubled: Troubled,
  chance: Chance,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await wait(chance.between(...quietMs), signal);
    if (signal.aborted) break;
    const kind = chance.of(troubled.troubles);
    count(tally, `${troubled.name} ${kind}`);
    await troubled.begin(kind);
    await wait(chance.between(...troubledMs), signal);
    await troubled.end();
  }
  await troubled.end();
}

export async function every(ms: number, signal: AbortSignal, act: () => Promise<void> | void): Promise<void> {
  for (;;) {
    await wait(ms, signal);
    if (signal.aborted) return;
    await act();
  }
}

export function count(tally: Tally, what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => undefined);
