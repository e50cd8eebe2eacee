/** Pauses grow with the wait, so that looking takes little of the time that the work itself needs. */
const pauseAfter = (waitedMs: number): number => Math.min(100, Math.max(20, waitedMs / 10));

/** Waits for something that happens elsewhere; the limit only keeps a broken test from hanging. */
export async function waitFor<Value>(
  what: string,
  look: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  limitMs = 540_000,
): Promise<Value> {
  const began = Date.now();
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value;
    const waitedMs = Date.now() - began;
    if (waitedMs > limitMs) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseAfter(waitedMs)));
  }
}
