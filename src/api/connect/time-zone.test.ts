import { expect, it } from "vitest";
import { readZone } from "./time-zone.ts";

it.each([
  ["Europe/Berlin", "Europe/Berlin"],
  ["europe/berlin", "Europe/Berlin"],
  ["Berlin", "Europe/Berlin"],
  [" new york ", "America/New_York"],
  ["UTC", "UTC"],
  ["+02:00", null],
  ["Atlantis", null],
  ["", null],
])("%j is %s", (text, zone) => {
  expect(readZone(text)).toBe(zone);
});
