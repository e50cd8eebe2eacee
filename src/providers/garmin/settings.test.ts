import { expect, it } from "vitest";
import { settings } from "./settings.ts";

it("the time between two calls is a second, and is set by milliseconds, as text too", () => {
  expect(settings.parse({}).call_interval_ms).toBe(1_000);
  expect(settings.parse({ call_interval_ms: "0" }).call_interval_ms).toBe(0);
  for (const wrong of ["soon", "-1", "0.5", "61000"])
    expect(settings.safeParse({ call_interval_ms: wrong }).success).toBe(false);
});
