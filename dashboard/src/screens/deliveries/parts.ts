/** Sending many deliveries again, part by part: what is done so far is shown, and it can be stopped. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

/** The counts of one part; of a dry run, those that it would have. */
export interface Part {
  /** Events or dead letters that were asked for. */
  readonly matched: number;
  readonly deliveries: number;
  readonly already_pending: number;
  readonly inactive?: number;
  readonly records?: number;
  readonly next: string | null;
}

interface PartOptions {
  readonly dry_run: boolean;
  readonly limit: number;
  readonly after?: string;
}

export type AskPart = (options: PartOptions) => Promise<Part>;

export type Totals = Required<Omit<Part, "next">>;

export interface Progress {
  readonly state: "idle" | "running" | "done" | "stopped" | "failed";
  readonly totals: Totals;
  readonly error: unknown;
}

const none: Totals = { matched: 0, deliveries: 0, already_pending: 0, inactive: 0, records: 0 };
const idle: Progress = { state: "idle", totals: none, error: null };
/** The events of one request, so that it takes a second or two. */
const partSize = 5_000;
const countedPartSize = 50_000;

export interface Parts extends Progress {
  run(ask: AskPart): Promise<void>;
  /** Ends after the part under way. */
  stop(): void;
  reset(): void;
}

export function useParts({ isDry }: { readonly isDry: boolean }): Parts {
  const [progress, setProgress] = useState(idle);
  const runs = useRef(0);
  const isStopped = useRef(false);
  const client = useQueryClient();
  // A component that is left stops after the part under way.
  useEffect(() => {
    isStopped.current = false;
    return () => {
      isStopped.current = true;
    };
  }, []);
  const run = async (ask: AskPart): Promise<void> => {
    const own = ++runs.current;
    const tell = (state: Progress["state"], totals: Totals, error: unknown = null): void => {
      if (runs.current === own) setProgress({ state, totals, error });
    };
    isStopped.current = false;
    let totals = none;
    tell("running", totals);
    try {
      let after: string | null = null;
      do {
        const part: Part = await ask(optionsOf(isDry, after));
        totals = added(totals, part);
        after = part.next;
        tell("running", totals);
      } while (after !== null && !isStopped.current && runs.current === own);
      tell(after === null ? "done" : "stopped", totals);
    } catch (error) {
      tell("failed", totals, error);
    }
    if (!isDry) await client.invalidateQueries();
  };
  return {
    ...progress,
    run,
    stop: () => {
      isStopped.current = true;
    },
    reset: () => {
      runs.current++;
      setProgress(idle);
    },
  };
}

const optionsOf = (isDry: boolean, after: string | null): PartOptions => ({
  dry_run: isDry,
  limit: isDry ? countedPartSize : partSize,
  ...(after !== null && { after }),
});

const added = (totals: Totals, part: Part): Totals => ({
  matched: totals.matched + part.matched,
  deliveries: totals.deliveries + part.deliveries,
  already_pending: totals.already_pending + part.already_pending,
  inactive: totals.inactive + (part.inactive ?? 0),
  records: totals.records + (part.records ?? 0),
});
