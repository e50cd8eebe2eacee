import { describe, expect, it } from "vitest";
import polar from "../providers/polar/index.ts";
import { newestFirst } from "./newest-first.ts";

const workout = (key: string, start_time: string) => ({ resource: "exercise", key, value: { start_time } });
const day = (key: string) => ({ resource: "activity", key, value: {} });

describe("parts", () => {
  it("become records newest first, by day and by time of day; those without a time come first", () => {
    const parts = [
      day("2025-09-02"),
      workout("a", "2025-09-02T07:00:00"),
      workout("b", "2025-09-03T06:00:00"),
      workout("c", "2025-09-02T18:30:00"),
      { resource: "user", key: "current", value: {} },
      day("2025-09-03"),
    ];
    const keys = newestFirst(polar, parts).map(({ key }) => key);
    expect(keys).toEqual(["current", "b", "2025-09-03", "c", "a", "2025-09-02"]);
  });
});
