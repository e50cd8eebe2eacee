import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { identityOf } from "./support/processes.ts";

interface Said {
  readonly ports: { readonly http: number };
  readonly pids: readonly number[];
  readonly facts: { readonly starts: number };
  readonly reason?: string;
}

/** A run of its own, as another `vitest` would be. */
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

  async tell(order: "use" | "restart" | "release"): Promise<Said> {
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

afterEach(async () => {
  await user().tell("release");
  await Promise.all(users.splice(0).map((each) => each.kill()));
  rmSync(cache, { recursive: true, force: true });
});

const isAlive = (pid: number | undefined): boolean => pid !== undefined && identityOf(pid) !== null;
const here = async ({ ports }: Said): Promise<string> =>
  (await fetch(`http://127.0.0.1:${ports.http}/`)).text();

describe("a server for tests", () => {
  it("is started once for all who ask at the same time", async () => {
    const answers = await Promise.all([user(), user(), user()].map((each) => each.tell("use")));
    expect(new Set(answers.map(({ pids }) => pids[0])).size).toBe(1);
    expect(answers.map(({ facts }) => facts)).toEqual(Array(3).fill({ starts: 1 }));
    expect(await here(answers[0] as Said)).toBe("here");
  });

  it("ends with the last run that uses it", async () => {
    const [one, other] = [user(), user()];
    const { pids } = await one.tell("use");
    await other.tell("use");
    expect((await one.tell("release")).pids).toEqual(pids);
    expect(isAlive(pids[0])).toBe(true);
    expect((await other.tell("release")).pids).toEqual([]);
    expect(isAlive(pids[0])).toBe(false);
  });

  it("does not wait for a run that was killed", async () => {
    const [killed, other] = [user(), user()];
    const { pids } = await killed.tell("use");
    await other.tell("use");
    await killed.kill();
    await other.tell("release");
    expect(isAlive(pids[0])).toBe(false);
  });

  it("outlives a killed run for the next one to use", async () => {
    const killed = user();
    const { pids } = await killed.tell("use");
    await killed.kill();
    expect((await user().tell("use")).pids).toEqual(pids);
  });

  it("is started anew, and empty, when it has died", async () => {
    const first = user();
    const before = await first.tell("use");
    process.kill(before.pids[0] as number, "SIGKILL");
    while (isAlive(before.pids[0])) await new Promise((resolve) => setTimeout(resolve, 5));
    const after = await user().tell("use");
    expect(after.pids).not.toEqual(before.pids);
    expect(after.facts).toEqual({ starts: 1 });
    expect(await here(after)).toBe("here");
  });

  it("is restarted on the same port and data", async () => {
    const [one, other] = [user(), user()];
    const before = await one.tell("use");
    await other.tell("use");
    const restarted = await other.tell("restart");
    expect(restarted.pids).not.toEqual(before.pids);
    expect(restarted.facts).toEqual({ starts: 2 });
    expect(isAlive(before.pids[0])).toBe(false);
    expect(await here(before)).toBe("here");
  });

  it("that cannot be had says why, and one that does not start is an error", async () => {
    expect(await user({ ECHO_MISSING: "no such program" }).tell("use")).toEqual({
      reason: "no such program",
    });
    const { reason } = await user({ ECHO_BROKEN: "1" }).tell("use");
    expect(reason).toMatch(/ended while starting.*broken/s);
  });
});
