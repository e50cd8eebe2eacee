import { defineConfig } from "vitest/config";
import { MixedSequencer } from "./test/support/sequencer.ts";

export default defineConfig({
  test: {
    projects: [
      // These files change nothing that another one sees, so that a worker loads the modules once for all of them.
      { extends: true, test: { name: "parts", include: ["src/**/*.test.ts"], isolate: false } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"] } },
    ],
    // Limits against hanging, with room for a busy machine. No test asserts how long something takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 540_000, interval: 50 } },
    pool: "forks",
    globalSetup: ["test/servers/vitest-run.ts"],
    // Most of the time tests wait: for a process to be killed, a lease to end, a server to start.
    maxWorkers: 4,
    sequence: { sequencer: MixedSequencer },
    reporters: ["default"],
    // A failure is read in a log: the whole of what was found, not its first forty characters.
    chaiConfig: { truncateThreshold: 0 },
  },
});
