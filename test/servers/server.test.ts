import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { waitFor } from "../support/wait.ts";
import { identityOf } from "./support/processes.ts";

interface Said {
  readonly ports: { readonly http: number };
  readonly pids: readonly number[];
  readonly facts: { readonly starts: number };
  readonly reason?: string;
}

type Order = "use" | "use apart" | "keep" | "restart" | "release";

/** A process that uses servers. */
class User {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;

  constructor(cache: string, env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [path.join(import.meta.dirname, "fixtures/user.ts")], {
      env: { PATH: process.env.PATH ?? "", SYSTOLE_TEST_SERVERS: cache, ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
    const reader = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    this.#lines = reader[Symbol.asyncIterator]();
  }

  async tell(order: Order): Promise<Said> {
    this.#child.stdin?.write(`${order}\n`);
    const { value } = await this.#lines.next();
    return JSON.parse(value);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

const cache = mkdtempSync(path.join(os.tmpdir(), "systole-servers-"));
const users: User[] = [];

function user(env: Record<string, string> = {}): User {
  const made = new User(cache, env);
  users.push(made);
  return made;
}

/** Starts a run of its own, like another `vitest`. */
const run = (env: Record<string, string> = {}): User => user(env);
/** Starts a test file of this very run. */
const testFile = (): User => user({ SYSTOLE_TEST_RUN: String(process.pid) });

afterEach(async () => {
  await Promise.all(users.splice(0).map((each) => each.kill()));
  for (const each of [run(), testFile()]) await each.tell("release");
  await Promise.all(users.splice(0).map((each) => each.kill()));
});

afterAll(() => rmSync(cache, { recursive: true, force: true }));

const isAlive = (pid: number | undefined): boolean => pid !== undefined && identityOf(pid) !== null;
const here = async ({ ports }: Said): Promise<string> =>
  (await fetch(`http://127.0.0.1:${ports.http}/`)).text();

describe("a server for tests", () => {
  it("is started once for all test files that ask at the same time", async () => {
    const answers = await Promise.all([testFile(), testFile(), testFile()].map((each) => each.tell("use")));
    expect(new Set(answers.map(({ pids }) => pids[0])).size).toBe(1);
    expect(answers.map(({ facts }) => facts)).toEqual(Array(3).fill({ starts: 1 }));
    expect(await here(answers[0] as Said)).toBe("here");
  });

  it("is each run's own, and ends with it", async () => {
    const [one, other] = [run(), run()];
    const [ones, others] = [await one.tell("use"), await other.tell("use")];
    expect(ones.pids).not.toEqual(others.pids);
    await one.tell("release");
    expect([isAlive(ones.pids[0]), isAlive(others.pids[0])]).toEqual([false, true]);
    await other.tell("release");
    expect(isAlive(others.pids[0])).toBe(false);
  });

  it("is used by all runs and not stopped by them when it is kept", async () => {
    const [keeper, one, other] = [run(), run(), run()];
    const { pids } = await keeper.tell("keep");
    expect((await one.tell("use")).pids).toEqual(pids);
    expect((await other.tell("use")).pids).toEqual(pids);
    await one.tell("release");
    await keeper.tell("release");
    expect(isAlive(pids[0])).toBe(true);
    await other.tell("release");
    expect(isAlive(pids[0])).toBe(false);
  });

  it.each(["use", "keep"] as const)("of a run that was killed is ended by the next (%s)", async (how) => {
    const killed = run();
    const { pids } = await killed.tell(how);
    await killed.kill();
    const next = run();
    expect((await next.tell("use")).facts).toEqual({ starts: 1 });
    await next.tell("release");
    expect(isAlive(pids[0])).toBe(false);
  });

  it("is started again, and empty, when it has died", async () => {
    const before = await testFile().tell("use");
    process.kill(before.pids[0] as number, "SIGKILL");
    await waitFor("it to end", () => !isAlive(before.pids[0]));
    const after = await testFile().tell("use");
    expect(after.pids).not.toEqual(before.pids);
    expect(after.facts).toEqual({ starts: 1 });
    expect(await here(after)).toBe("here");
  });

  it("is restarted on the same port and data, and those apart are not", async () => {
    const [one, other] = [testFile(), testFile()];
    const before = await one.tell("use");
    const apart = await one.tell("use apart");
    const restarted = await other.tell("restart");
    expect(restarted.pids).not.toEqual(before.pids);
    expect(restarted.facts).toEqual({ starts: 2 });
    expect(isAlive(before.pids[0])).toBe(false);
    expect(await here(before)).toBe("here");
    expect(await other.tell("use apart")).toEqual({ ...apart, facts: { starts: 1 } });
  });

  it("that is unavailable says why, and one that does not start is an error", async () => {
    expect(await run({ ECHO_MISSING: "no such program" }).tell("use")).toEqual({ reason: "no such program" });
    const { reason } = await run({ ECHO_BROKEN: "1" }).tell("use");
    expect(reason).toMatch(/ended while starting.*broken/s);
  });
});
