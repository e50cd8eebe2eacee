import { expect, it } from "vitest";
import { usedUpInSeconds } from "./forecast.ts";

const quarter = { lengthMs: 900_000, limit: 500 };

it.each([
  ["300 of 500 in five minutes: the other 200 last 200 seconds", { used: 300, resetSeconds: 600 }, 200],
  [
    "100 of 500 in five minutes: 400 would last twenty, and it begins anew in ten",
    { used: 100, resetSeconds: 600 },
    null,
  ],
  ["all used", { used: 500, resetSeconds: 600 }, 0],
  ["more than all used", { used: 510, resetSeconds: 600 }, 0],
  ["nothing used", { used: 0, resetSeconds: 600 }, null],
  ["too little of it has passed", { used: 300, resetSeconds: 811 }, null],
  ["a tenth of it has passed", { used: 300, resetSeconds: 810 }, 60],
  ["not begun", { used: 0, resetSeconds: 0 }, null],
])("a window is forecast: %s", (_, use, expected) => {
  expect(usedUpInSeconds({ ...quarter, ...use })).toBe(expected);
});
