import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Limits against hanging, with room for a busy machine. No test asserts how long something takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: "forks",
    globalSetup: ["test/servers/vitest-run.ts"],
    // Most of the time tests wait: for a process to be killed, a lease to end, a server to start.
    maxWorkers: 4,
    reporters: ["default"],
    // A failure is read in a log: the whole of what was found, not its first forty characters.
    chaiConfig: { truncateThreshold: 0 },
  },
});
