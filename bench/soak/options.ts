/** The options of `npm run soak`. */
import { parseArgs } from "node:util";

export interface SoakOptions {
  readonly minutes: number;
  readonly events: number;
  /** Chooses the failures and their times; the same seed makes the same choices. */
  readonly seed: number;
  /** Whether bench/soak.md is written. */
  readonly keep: boolean;
}

export const usage = `npm run soak -- [--minutes 5] [--events 50000] [--seed 1] [--no-report]

Delivers events to a webhook, a PostgreSQL and an object store while all of them, the workers and the
database break, and then counts what arrived. The report goes to bench/soak.md.
`;

/** Returns null when help was requested. */
export function parseOptions(args: readonly string[]): SoakOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "5" },
      events: { type: "string", default: "50000" },
      seed: { type: "string", default: "1" },
      "no-report": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const number = (name: "minutes" | "events" | "seed"): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0`);
    return value;
  };
  return {
    minutes: number("minutes"),
    events: number("events"),
    seed: number("seed"),
    keep: !values["no-report"],
  };
}
