import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, type DayRange, newestDay, parseDays, slicesOf, withoutDays } from "./days.ts";

const day = fc.integer({ min: 0, max: 400 }).map((days) => addDays("2024-01-01", days));
const range = fc
  .tuple(day, fc.integer({ min: 0, max: 60 }))
  .map(([from, length]): DayRange => ({ from, to: addDays(from, length) }));

const daysOf = ({ from, to }: DayRange): string[] => {
  const days: string[] = [];
  for (let one = from; one <= to; one = addDays(one, 1)) days.push(one);
  return days;
};

describe("days", () => {
  it("continue over the end of February in a leap year", () => {
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2025-03-01", -1)).toBe("2025-02-28");
  });

  it("are ahead of UTC's from ten in the morning on, somewhere", () => {
    expect(newestDay(new Date("2025-05-11T09:59:59Z"))).toBe("2025-05-11");
    expect(newestDay(new Date("2025-05-11T10:00:00Z"))).toBe("2025-05-12");
  });

  it("left after subtraction are those that the other ranges lack", () => {
    fc.assert(
      fc.property(range, fc.array(range, { maxLength: 5 }), (whole, taken) => {
        const others = new Set(taken.flatMap(daysOf));
        const left = withoutDays(whole, taken).flatMap(daysOf);
        expect(left).toEqual(daysOf(whole).filter((one) => !others.has(one)));
      }),
    );
  });

  it("are cut into slices that cover each day once, newest first, none too long", () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 30 }), (whole, length) => {
        const slices = slicesOf(whole, length);
        expect(slices.flatMap(daysOf).sort()).toEqual(daysOf(whole));
        expect(slices.every((slice) => daysOf(slice).length <= length)).toBe(true);
        expect(slices.map(({ to }) => to)).toEqual(
          slices
            .map(({ to }) => to)
            .sort()
            .reverse(),
        );
      }),
    );
  });

  it("are read from PostgreSQL's text", () => {
    expect(parseDays("{}")).toEqual([]);
    expect(parseDays("{[2025-01-01,2025-01-03),[2025-02-01,2025-02-02)}")).toEqual([
      { from: "2025-01-01", to: "2025-01-02" },
      { from: "2025-02-01", to: "2025-02-01" },
    ]);
  });
});
