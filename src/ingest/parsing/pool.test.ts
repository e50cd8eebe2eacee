import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { StoppedError } from "../stopped.ts";
import { ParserPool } from "./pool.ts";

let pool: ParserPool;
afterEach(() => pool.close());

const fixture = path.resolve(import.meta.dirname, "../../providers/polar/fixtures/exercise-documented.json");
const task = () => {
  const body = readFileSync(fixture);
  return { kind: "split", provider: "polar", resource: "exercise", key: "2AC312F", body } as const;
};

test("one worker does one task after the other", async () => {
  pool = new ParserPool({ workers: 1, timeMs: 10_000 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => pool.run(task())));
  for (const answer of answers) expect(answer).toMatchObject({ failed: null, entries: null });
});

test("a task that takes too long ends its worker, and the next task gets a new one", async () => {
  pool = new ParserPool({ workers: 1, timeMs: 1 });
  await expect(pool.run(task())).rejects.toMatchObject({ reason: "time" });
  await pool.close();
  pool = new ParserPool({ workers: 1 });
  await expect(pool.run(task())).resolves.toMatchObject({ failed: null });
});

test("closing ends running and waiting tasks at once, and does not count as a death", async () => {
  pool = new ParserPool({ workers: 1 });
  await pool.run(task());
  const running = [1, 2, 3].map(() => pool.run(slowTask()));
  const ended = Promise.allSettled(running);
  await pool.close();
  for (const { status, ...rest } of await ended) {
    expect(status).toBe("rejected");
    expect(rest).toEqual({ reason: expect.any(StoppedError) });
  }
  await expect(pool.run(task())).rejects.toBeInstanceOf(StoppedError);
});

/** Returns a task that takes seconds. */
function slowTask() {
  const list = `[${Array(20_000).fill(readFileSync(fixture)).join(",")}]`;
  return { ...task(), key: "*", body: Buffer.from(list) };
}
