/**
 * Turns: calls that have to begin some time apart. Pure. A turn is taken when a call is reserved, so that it holds for all
 * processes. A call that cannot have it now waits for the next one, a higher rank before a lower one.
 */
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";

export interface Turns {
  /** When the latest turn was taken. */
  readonly takenAt: number;
  /** For each priority, the turn that calls of that rank were last told to wait for. */
  readonly awaited: readonly number[];
}

export const noTurns: Turns = { takenAt: 0, awaited: ranks.map(() => 0) };

/** Returns when a call of this rank may have its turn: `now`, or later. */
export function turnOf({ takenAt, awaited }: Turns, gapMs: number, rank: Rank, now: number): number {
  const free = Math.max(now, takenAt + gapMs);
  // Nobody comes any more for a turn that was left free for as long as a turn lasts.
  const expected = awaited.slice(priorityOf(rank) + 1).filter((at) => at > takenAt && now < at + gapMs);
  return Math.max(free, ...expected.map((at) => at + gapMs));
}

export const taken = (turns: Turns, now: number): Turns => ({ ...turns, takenAt: now });

/** Notes that a call of this rank waits for a turn. */
export const waitingFor = (turns: Turns, rank: Rank, turn: number): Turns => ({
  ...turns,
  awaited: turns.awaited.map((at, priority) => (priority === priorityOf(rank) ? turn : at)),
});
