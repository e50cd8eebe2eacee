import { expect, it } from "vitest";
import { Pace } from "./pace.ts";
import { settings } from "./settings.ts";

const { call_interval_ms: second } = settings.parse({});

it("gives each person one turn a second, whatever others do", () => {
  let now = 5_000;
  const pace = new Pace(() => now);
  expect([
    pace.take("a", second),
    pace.take("a", second),
    pace.take("a", second),
    pace.take("b", second),
  ]).toEqual([0, 1_000, 2_000, 0]);
  now += 2_400;
  expect([pace.take("a", second), pace.take("b", second)]).toEqual([600, 0]);
  now += 60_000;
  expect(pace.take("a", second)).toBe(0);
});

it("is set by milliseconds, as text too", () => {
  expect(second).toBe(1_000);
  expect(settings.parse({ call_interval_ms: "0" }).call_interval_ms).toBe(0);
  for (const wrong of ["soon", "-1", "0.5", "61000"])
    expect(settings.safeParse({ call_interval_ms: wrong }).success).toBe(false);
  const pace = new Pace(() => 0);
  expect([pace.take("a", 0), pace.take("a", 0), pace.take("a", 250), pace.take("a", 0)]).toEqual([
    0, 0, 0, 250,
  ]);
});

it("ends the wait with its signal", async () => {
  const pace = new Pace();
  await pace.turn("a", second, AbortSignal.timeout(60_000));
  await expect(pace.turn("a", second, AbortSignal.abort())).rejects.toThrow();
});
