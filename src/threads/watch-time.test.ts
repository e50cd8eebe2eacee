import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, it } from "vitest";
import { watchTime } from "./watch-time.ts";

let worker: Worker;
afterEach(() => worker.terminate());

const started = (script: string): Promise<unknown> => {
  worker = new Worker(script, { eval: true });
  return new Promise((resolve) => worker.once("online", resolve));
};

describe("a thread's time", () => {
  it("is up when it has computed for so long", async () => {
    await started("for (;;);");
    const before = process.hrtime.bigint();
    await new Promise<void>((resolve) => watchTime(worker, 200, resolve));
    expect(Number(process.hrtime.bigint() - before) / 1e6).toBeGreaterThanOrEqual(200);
  });

  it("is not up while it waits, until it has waited for very long", async () => {
    await started("setInterval(() => {}, 1_000);");
    let isUp = false;
    const up = new Promise<void>((resolve) => {
      watchTime(worker, 100, () => {
        isUp = true;
        resolve();
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(isUp).toBe(false);
    await up;
  });

  it("is that of the task, not of the tasks before it", async () => {
    await started(`const { parentPort } = require("node:worker_threads");
      const end = Date.now() + 600; while (Date.now() < end);
      parentPort.on("message", () => {}); parentPort.postMessage("done");`);
    await new Promise((resolve) => worker.once("message", resolve));
    let isUp = false;
    const stop = watchTime(worker, 300, () => {
      isUp = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop();
    expect(isUp).toBe(false);
  });
});
