import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { watchBacklogs } from "./backlog-metrics.ts";

it("shows the result of one query in all gauges of a destination at once", async () => {
  const registry = new Registry();
  let reads = 0;
  watchBacklogs(registry, async () => {
    reads++;
    await new Promise((resolve) => setImmediate(resolve));
    return [{ destinationId: "d", kind: "webhook", pending: 3, oldestSeconds: 70, failingSeconds: 60 }];
  });
  const text = await registry.metrics();
  for (const value of ["pending", "oldest_pending_seconds", "failing_seconds"]) {
    expect(text).toMatch(new RegExp(`${value}\\{destination_id="d",kind="webhook"\\} \\d+`));
  }
  await registry.metrics();
  expect(reads).toBe(1);
});
