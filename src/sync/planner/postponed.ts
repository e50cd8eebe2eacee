import { SystoleError } from "../../errors.ts";
import { type Rank, ranks } from "../../store/ranks.ts";

/** There is no room for a call of this rank in the provider's limits. No failure, and no attempt: it waits. */
export class PostponedError extends SystoleError {
  /** When there may be room. */
  readonly until: Date;

  constructor(provider: string, rank: Rank, until: Date) {
    super("PROVIDER_BUDGET_SPENT", { provider, rank, until: until.toISOString() });
    this.name = "PostponedError";
    this.until = until;
  }
}

const spreadMs: readonly number[] = [60_000, 60_000, 5_000, 2_000];

/** Those that wait for the same moment come spread over some time, and the higher ranks first. */
export function jittered(until: Date, priority: number): Date {
  const spread = spreadMs[priority] ?? 0;
  const first = priority === ranks.length - 1 ? 0 : 2_000;
  return new Date(until.getTime() + first + Math.random() * spread);
}
