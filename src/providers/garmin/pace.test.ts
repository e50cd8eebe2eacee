import { expect, it } from "vitest";
import { Pace } from "./pace.ts";

it("gives each person one turn a second, whatever others do", () => {
  let now = 5_000;
  const pace = new Pace(() => now);
  expect([pace.take("a"), pace.take("a"), pace.take("a"), pace.take("b")]).toEqual([0, 1_000, 2_000, 0]);
  now += 2_400;
  expect([pace.take("a"), pace.take("b")]).toEqual([600, 0]);
  now += 60_000;
  expect(pace.take("a")).toBe(0);
});

it("ends the wait with its signal", async () => {
  const pace = new Pace();
  await pace.turn("a", AbortSignal.timeout(60_000));
  await expect(pace.turn("a", AbortSignal.abort())).rejects.toThrow();
});
