import { describe, expect, it } from "vitest";
import { z } from "zod";
import { carried, mapped } from "../ledger.ts";
import { PartlyReadableError } from "../provider.ts";
import { declareDayList } from "./declare-day-list.ts";
import { declareIndex } from "./declare-index.ts";
import { declareResource } from "./declare-resource.ts";
import { listed } from "./discovery.ts";
import { date, number } from "./fields.ts";
import { isOneOf, partOf, refsTo, valueFrom, valuesFrom } from "./parts.ts";

const declaration = {
  name: "days",
  api: "v1",
  schema: z.looseObject({ date, steps: number }),
  ledger: { date: mapped("daily.metadata.start_time", "key"), steps: carried("steps") },
  discovery: listed({ reachDays: 28, announced: false }),
  envelope: "days",
  request: (key: string) => (key === "none" ? null : ({ method: "GET", path: `/days/${key}` } as const)),
};
const days = declareResource({ ...declaration, keys: ({ date }) => [date] });
const monday = { date: "2025-09-01", steps: 5 };
const tuesday = { date: "2025-09-02", steps: 7 };

function thrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe("a declared resource", () => {
  it.each([
    ["a bare list", [monday]],
    ["an envelope", { days: [monday] }],
    ["a single item", monday],
  ])("has a part from %s", (_, body) => {
    expect(days.parts("*", body)).toEqual([{ resource: "days", key: "2025-09-01", value: monday }]);
  });

  it("reports the leaves that could not be read", () => {
    const [part] = days.parts("*", { ...monday, steps: "many" });
    expect(part).toMatchObject({ value: { steps: null }, unreadable: ["steps"] });
  });

  it("keeps the readable items when one cannot be read", () => {
    const error = thrown(() => days.parts("*", [{ steps: 1 }, tuesday]));
    expect(error).toBeInstanceOf(PartlyReadableError);
    expect(error).toMatchObject({ details: { index: 0 }, readable: [{ key: "2025-09-02" }] });
  });

  it("refuses a key that it does not have", () => {
    expect(thrown(() => days.request("none", "7"))).toMatchObject({ code: "NOTIFICATION_BODY_INVALID" });
  });

  it("gives its parts its own type", () => {
    const parts = days.parts("*", [monday, tuesday]);
    const steps: number | null | undefined = valueFrom(parts, days)?.steps;
    expect(steps).toBe(5);
    expect(valuesFrom(parts, days).map(({ date }) => date)).toEqual(["2025-09-01", "2025-09-02"]);
    const others = declareResource({ ...declaration, name: "others", keys: () => [] });
    expect([partOf(parts, others), isOneOf([others], { resource: "days" })]).toEqual([undefined, false]);
    expect(refsTo([days, others], "k")).toEqual([
      { resource: "days", key: "k" },
      { resource: "others", key: "k" },
    ]);
  });
});

describe("a day list", () => {
  const tests = declareDayList({
    ...declaration,
    day: ({ date }) => date,
    order: ({ steps }) => String(steps),
  });

  it("puts all of a day into one part, in one order, each once", () => {
    const more = { ...monday, steps: 6 };
    const expected = [{ resource: "days", key: "2025-09-01", value: [monday, more] }];
    expect(tests.parts("*", [more, monday, more])).toEqual(expected);
  });

  it("leaves out days that were not asked for", () => {
    expect(tests.parts("2025-09-02", [monday, tuesday]).map(({ key }) => key)).toEqual(["2025-09-02"]);
  });
});

it("an index has entries and no parts", () => {
  const index = declareIndex(days, ({ key, value }) => ({
    resource: "days",
    key,
    fingerprint: String(value.steps),
  }));
  expect(index.parts("*", [monday])).toEqual([]);
  expect(index.entries?.([monday])).toEqual([{ resource: "days", key: "2025-09-01", fingerprint: "5" }]);
  expect(index.entries?.([{ steps: 1 }, tuesday])).toHaveLength(1);
  expect(thrown(() => index.parts("*", [{ steps: 1 }, tuesday]))).toMatchObject({ readable: [] });
});
