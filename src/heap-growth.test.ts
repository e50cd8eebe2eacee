import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";

/** Keeps the last hundred of many objects that outlive the space of new ones; prints the size of the largest heap. */
const work = `
  const kept = [];
  let largest = 0;
  for (let count = 0; count < 1500; count++) {
    kept[count % 100] = Array.from({ length: 5000 }, (_, index) => ({ index, list: [index] }));
    largest = Math.max(largest, process.memoryUsage().heapTotal);
  }
  console.log(largest);`;

/** Returns the most bytes that a process had as its heap. */
function largestHeap(before: string): number {
  const args = ["--max-semi-space-size=1", "--input-type=module", "--eval", `${before}\n${work}`];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: {} });
  expect(stderr).toBe("");
  return Number(stdout);
}

it("the heap of a process grows less than by itself", () => {
  const file = path.join(import.meta.dirname, "heap-growth.ts");
  const limited = largestHeap(`import { limitHeapGrowth } from ${JSON.stringify(file)}; limitHeapGrowth();`);
  expect(limited).toBeGreaterThan(0);
  expect(limited).toBeLessThan(0.75 * largestHeap(""));
});
