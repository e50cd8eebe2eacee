import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { startSandbox } from "./standalone.ts";

const hasShell = (() => {
  try {
    execFileSync("bash", ["-c", "curl --version && sed --version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("startSandbox", () => {
  test("listens on loopback with the known client, is silent, and closes twice", async () => {
    const writes = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    const sandbox = await startSandbox({ port: 0 });
    expect(sandbox).toMatchObject({ clientId: "sandbox-client", clientSecret: "sandbox-secret" });
    expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { now } = (await (await fetch(`${sandbox.url}/_sandbox/clock`)).json()) as { now: string };
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
    await expect(fetch(sandbox.url)).rejects.toThrow();
    for (const write of writes) {
      expect(write).not.toHaveBeenCalled();
      write.mockRestore();
    }
  });

  test("accepts another client, another time, and a log", async () => {
    const log = vi.fn();
    const now = new Date("2025-10-02T09:00:00Z");
    const sandbox = await startSandbox({ port: 0, clientId: "me", clientSecret: "mine", now, log });
    const answer = await fetch(`${sandbox.url}/v3/webhooks`, {
      headers: { Authorization: `Basic ${Buffer.from("me:mine").toString("base64")}` },
    });
    expect(answer.status).toBe(200);
    await expect.poll(() => log).toHaveBeenCalledWith("GET /v3/webhooks: 200");
    expect(log).toHaveBeenCalledWith(`Polar sandbox on ${sandbox.url}`);
    await sandbox.close();
  });

  test("an upload without a content type, or in bytes that are no text", async () => {
    const sandbox = await startSandbox({ port: 0 });
    const created = await fetch(`${sandbox.url}/_sandbox/users`, { method: "POST" });
    const { user_id } = (await created.json()) as { user_id: number };
    const put = (body: Uint8Array<ArrayBuffer>) =>
      fetch(`${sandbox.url}/_sandbox/users/${user_id}/sleep`, { method: "PUT", body });
    expect((await put(new TextEncoder().encode('{"date":"2025-10-01"}'))).status).toBe(200);
    const wrong = await put(new Uint8Array([0x22, 0xff, 0x22]));
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: "The body is not UTF-8" }]);
    await sandbox.close();
  });
});

test.skipIf(!hasShell)(
  `every example of the README works${hasShell ? "" : " (skipped: no bash or curl)"}`,
  async () => {
    const text = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
    const examples = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, example = ""]) => example);
    expect(examples.length).toBeGreaterThan(6);
    const sandbox = await startSandbox({ port: 0 });
    const script = examples.join("\n").replace("http://127.0.0.1:8090", sandbox.url);
    const output = await new Promise<string>((resolve, reject) => {
      const arguments_ = ["-euo", "pipefail", "-c", script];
      execFile("bash", arguments_, (error, out, errors) =>
        error ? reject(new Error(errors)) : resolve(out),
      );
    });
    expect(output).toContain('{"user_id":10000002}');
    expect(output).toContain('{"nights":[{"date": "2025-10-01", "sleep_score": 80, "continuity": 3.0}]}');
    expect(output).toContain('"revoked":1');
    await sandbox.close();
  },
);
