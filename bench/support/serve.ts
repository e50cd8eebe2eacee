/** The server process's side of child.ts: reports its address, answers questions, ends with its parent. */

interface Served {
  readonly url: string;
  close(): Promise<void>;
  /** Further questions besides "memory". */
  readonly answers?: Readonly<Record<string, () => Promise<number> | number>>;
}

export function serve({ url, close, answers = {} }: Served): void {
  const tell = (message: unknown): void => void process.send?.(message);
  process.on("message", async (question: string) => {
    tell(question === "memory" ? memory() : await answers[question]?.());
  });
  process.once("disconnect", () => void close().finally(() => process.exit()));
  tell(url);
}

/** The kernel keeps the peak, in KiB, so no peak between two samples is missed. */
const memory = () => ({
  residentBytes: process.memoryUsage.rss(),
  peakBytes: process.resourceUsage().maxRSS * 1_024,
});
