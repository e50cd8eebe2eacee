/** How work comes: so many at a time, each beginning when another ends; or at a steady rate, whatever is unfinished. */

type Work = () => Promise<void>;

/** Returns milliseconds on the clock. */
export async function atATime(width: number, count: number, work: Work): Promise<number> {
  const began = performance.now();
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: width }, one));
  return performance.now() - began;
}

/** Returns milliseconds on the clock. */
export async function steadily(perSecond: number, count: number, work: Work): Promise<number> {
  const began = performance.now();
  const running: Promise<void>[] = [];
  for (let begun = 0; begun < count; begun++) {
    const dueInMs = began + (begun * 1_000) / perSecond - performance.now();
    if (dueInMs > 0) await new Promise((resolve) => setTimeout(resolve, dueInMs));
    running.push(work());
  }
  await Promise.all(running);
  return performance.now() - began;
}
