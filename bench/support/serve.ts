/** A server process's side of child.ts: says where it listens, answers questions, ends with its parent. */

interface Served {
  readonly url: string;
  close(): Promise<void>;
  /** Questions it answers besides "memory". */
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

/** The kernel keeps the peak, so nothing between two samples is missed; it counts in KiB. */
const memory = () => ({
  residentBytes: process.memoryUsage.rss(),
  peakBytes: process.resourceUsage().maxRSS * 1_024,
});
