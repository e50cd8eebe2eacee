import { SystoleError } from "../../errors.ts";
import { type Rank, ranks } from "../../store/ranks.ts";

/** A call of this rank does not fit the provider's limits now. This is no failure and no attempt: the task waits. */
export class PostponedError extends SystoleError {
  /** The time at which a call may fit. */
  readonly until: Date;

  constructor(provider: string, rank: Rank, until: Date) {
    super("PROVIDER_BUDGET_SPENT", { provider, rank, until: until.toISOString() });
    this.name = "PostponedError";
    this.until = until;
  }
}

const spreadMs: readonly number[] = [60_000, 60_000, 5_000, 2_000];

/** Returns a random time after `until`: tasks that wait for the same moment are spread, the higher ranks first. */
export function jittered(until: Date, priority: number): Date {
  const spread = spreadMs[priority] ?? 0;
  const first = priority === ranks.length - 1 ? 0 : 2_000;
  return new Date(until.getTime() + first + Math.random() * spread);
}
