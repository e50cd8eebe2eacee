/** The server process's side of child.ts: reports its address, answers questions, ends with its parent. */
import type { Answer, Question } from "./child.ts";
import { ownProcessorMs } from "./processor.ts";

interface Served {
  readonly url: string;
  /** The environment variables that point Systole at it. */
  readonly variables?: Readonly<Record<string, string>>;
  close(): Promise<void>;
  /**
   * Further questions besides "memory", "cpu" and "cpu-at-start": the milliseconds of processor time until now, and until
   * `serve`.
   */
  readonly answers?: Readonly<Record<string, () => Promise<number> | number>>;
}

export function serve({ url, variables = {}, close, answers = {} }: Served): void {
  const tell = (message: unknown): void => void process.send?.(message);
  const { user, system } = process.cpuUsage();
  const known = { memory, cpu: ownProcessorMs, "cpu-at-start": () => (user + system) / 1_000, ...answers };
  process.on("message", async ({ number, question }: Question) => {
    tell({ number, answer: await known[question as keyof typeof known]?.() } satisfies Answer);
  });
  process.once("disconnect", () => void close().finally(() => process.exit()));
  tell({ url, variables });
}

/** The kernel keeps the peak, in KiB, so no peak between two samples is missed. */
const memory = () => ({
  residentBytes: process.memoryUsage.rss(),
  peakBytes: process.resourceUsage().maxRSS * 1_024,
});
