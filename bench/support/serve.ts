/** The server process's side of child.ts: reports its address, answers questions, ends with its parent. */

interface Served {
  readonly url: string;
  /** The environment variables that point Systole at it. */
  readonly variables?: Readonly<Record<string, string>>;
  close(): Promise<void>;
  /** Further questions besides "memory". */
  readonly answers?: Readonly<Record<string, () => Promise<number> | number>>;
}

export function serve({ url, variables = {}, close, answers = {} }: Served): void {
  const tell = (message: unknown): void => void process.send?.(message);
  process.on("message", async (question: string) => {
    tell(question === "memory" ? memory() : await answers[question]?.());
  });
  process.once("disconnect", () => void close().finally(() => process.exit()));
  tell({ url, variables });
}

/** The kernel keeps the peak, in KiB, so no peak between two samples is missed. */
const memory = () => ({
  residentBytes: process.memoryUsage.rss(),
  peakBytes: process.resourceUsage().maxRSS * 1_024,
});
