/** `npm run demo -- --once`, as a newcomer runs it. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { freePort } from "./support/free-port.ts";
import { runSystole } from "./support/process.ts";

describe("npm run demo -- --once", () => {
  it("ends well after an activity, a day and a night arrived with a good signature", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "systole-demo-"));
    const { exitCode, output } = await runSystole(["demo", "--once"], {
      SYSTOLE_DATA_DIR: directory,
      SYSTOLE_PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
    });
    rmSync(directory, { recursive: true, force: true });
    expect(exitCode, output).toBe(0);
    for (const type of ["activity", "daily", "sleep"]) {
      expect(output).toMatch(new RegExp(`^[\\d:.]+ {2}${type} .* signature ok$`, "m"));
    }
    expect(output).not.toContain("SIGNATURE WRONG");
  });
});
