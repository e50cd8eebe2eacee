import { afterEach, describe, expect, it } from "vitest";
import { WorkerPool } from "./worker-pool.ts";

const file = new URL(
  `data:text/javascript,${encodeURIComponent(`import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", () => parentPort.postMessage(threadId));`)}`,
);
const limits = { workers: 1, memoryMb: 32, timeMs: 10_000, file, closed: () => new Error("closed") };

let pool: WorkerPool<string, number>;
afterEach(() => pool.close());

describe("a pool's thread", () => {
  it.each([{}, { restMs: 3_600_000 }])("stays for the next task: %j", async (rest) => {
    pool = new WorkerPool({ ...limits, ...rest });
    const first = await pool.ask("a task");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await pool.ask("a task")).toBe(first);
  });

  it("is ended when it has rested for its time, and the next task gets a new one", async () => {
    pool = new WorkerPool({ ...limits, restMs: 1 });
    const first = await pool.ask("a task");
    let id = first;
    for (let tries = 0; tries < 200 && id === first; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      id = await pool.ask("a task");
    }
    expect(id).not.toBe(first);
  });

  it("does all tasks, however short its rest", async () => {
    pool = new WorkerPool({ ...limits, restMs: 0 });
    for (let tasks = 0; tasks < 20; tasks += 1) {
      expect(await pool.ask("a task")).toBeGreaterThan(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
