import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTolerantly } from "../../kit/read-tolerantly.ts";
import { ProviderError } from "../../provider.ts";
import { snakeKeys } from "../keys.ts";
import { fixture, partsOf } from "../testing/bodies.ts";
import { sampleData } from "./exercise/sample-data.ts";
import { exerciseSchema } from "./exercise/schema.ts";

describe("keys", () => {
  it("are read in kebab-case as in snake_case, at any depth", () => {
    const kebab = { "training-load-pro": { "user-rpe": 1, plain: [{ "a-b": 2 }] } };
    expect(snakeKeys(kebab)).toEqual({ training_load_pro: { user_rpe: 1, plain: [{ a_b: 2 }] } });
  });

  it("leave a body without kebab-case unchanged", () => {
    const body = { a_b: [{ c: 1 }], hypnogram: { "23:33": 1 } };
    expect(snakeKeys(body)).toBe(body);
  });

  it("make the documented spelling of a body the same as the one devices send", () => {
    const spelt = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(spelt);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key.replaceAll("_", "-"), spelt(item)]),
      );
    };
    const run = fixture("exercise-run");
    expect(partsOf("exercise", "*", spelt(run))).toEqual(partsOf("exercise", "*", run));
  });
});

describe("sample data", () => {
  it("keeps the place of an offline sensor", () => {
    expect(sampleData.parse("0,1.5,null, ,,-3.5e-1")).toEqual([0, 1.5, null, null, null, -0.35]);
    expect(sampleData.parse("")).toEqual([]);
  });

  it.each(["x", "1;2", "NaN", "Infinity", "nul", "0x64", "1e999"])(
    "does not accept %j as a number",
    (token) => {
      expect(readTolerantly(sampleData, `1,${token},2`)).toEqual({ value: [1, null, 2], unreadable: [[]] });
    },
  );

  it("reads every number as it was written", () => {
    const values = fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, (numbers) => {
        const plain = numbers.map((number) => (number === null ? null : number + 0));
        expect(sampleData.parse(plain.map(String).join(","))).toEqual(plain.map((number) => number));
      }),
    );
  });

  it("has an integer type or the same as a string", () => {
    const one = (sample_type: unknown) => ({
      ...(fixture("exercise-indoor") as object),
      samples: [{ sample_type }],
    });
    expect(exerciseSchema.parse(one("10"))).toEqual(exerciseSchema.parse(one(10)));
    expect(exerciseSchema.safeParse(one("x")).success).toBe(false);
  });
});

describe("bodies", () => {
  const parts = (resource: string, body: unknown) =>
    partsOf(resource, "2025-05-11", body).filter((part) => part.resource === resource);

  it("may lack, or have as null, every field that is not needed to date them", () => {
    const exercise = { id: "a1", start_time: "2025-05-11T06:59:58", duration: "PT1S" };
    expect(parts("exercise", exercise)).toHaveLength(1);
    expect(parts("exercise", { ...exercise, heart_rate: null, samples: null, distance: null })).toHaveLength(
      1,
    );
    expect(parts("continuous-heart-rate", { date: "2025-05-11" })).toHaveLength(1);
    expect(parts("user", {})).toHaveLength(1);
  });

  it("of exercises are read for their offset alone, too, and say the same", () => {
    const [whole, brief] = ["exercise", "exercise-offset"].map((name) =>
      partsOf(name, "*", [fixture("exercise-run")]),
    );
    expect(whole?.map(({ resource, key }) => [resource, key])).toEqual([
      ["exercise", "Ab3kQ9zX"],
      ["exercise-offset", "2025-05-11T06"],
    ]);
    expect(brief).toEqual(whole?.slice(1));
  });

  it("are not made invalid by unused fields", () => {
    const odd = {
      training_load_pro: [{ "cardio-load": "n/a" }],
      club_id: "x",
      running_index: {},
      polar_user: 1,
    };
    expect(parts("exercise", { ...(fixture("exercise-run") as object), ...odd })).toHaveLength(1);
    const stamps = { samples: { inactivity_stamps: "?" }, daily_activity: "92 %" };
    expect(parts("activity", { ...(fixture("activity-day") as object), ...stamps })).toHaveLength(1);
  });

  it("keep unknown keys", () => {
    const [part] = parts("exercise", {
      id: "a1",
      start_time: "2025-05-11T06:59",
      duration: "PT1S",
      novel: [1],
    });
    expect(part?.value).toMatchObject({ novel: [1] });
  });

  it("come bare, in Polar's envelope, or alone", () => {
    const nights = [fixture("sleep-midnight"), fixture("sleep-spring")];
    const keys = (body: unknown) => parts("sleep", body).map(({ key }) => key);
    expect(keys({ nights })).toEqual(["2025-05-12", "2025-03-30"]);
    expect(keys(nights)).toEqual(["2025-05-12", "2025-03-30"]);
    expect(keys(nights[0])).toEqual(["2025-05-12"]);
    expect(keys({ nights: [] })).toEqual([]);
    expect(keys(null)).toEqual([]);
  });

  it("are refused with the place of the fault and without its value", () => {
    const bad = {
      ...(fixture("sleep-midnight") as object),
      hypnogram: { "25:00": 1 },
      sleep_start_time: "secret",
    };
    const thrown = catchError(() => parts("sleep", [fixture("sleep-spring"), bad]));
    expect(thrown).toBeInstanceOf(ProviderError);
    expect(thrown).toMatchObject({ code: "PROVIDER_BODY_INVALID", retry: "later", details: { index: 1 } });
    const text = JSON.stringify((thrown as ProviderError).details);
    expect(text).toContain("sleep_start_time");
    expect(text).toContain("Expected a date and time");
    expect(text).not.toContain("secret");
  });

  it.each([
    ["exercise", { id: "../x", start_time: "2025-05-11T06:59", duration: "PT1S" }],
    ["exercise", { id: "a", start_time: "2025-05-11T06:59", duration: "an hour" }],
    ["exercise", { id: "a", start_time: "yesterday", duration: "PT1S" }],
    [
      "sleep",
      { date: "2025-05-11/..", sleep_start_time: "2025-05-11T06:59Z", sleep_end_time: "2025-05-11T07:59Z" },
    ],
  ])("of %s that cannot be read are refused: %j", (resource, body) => {
    expect(() => parts(resource, body)).toThrow(ProviderError);
  });

  it("name the day of an activity: by its samples, by the requested day, by its start", () => {
    const keysOf = (asked: string, body: unknown) => partsOf("activity", asked, body).map(({ key }) => key);
    expect(keysOf("*", fixture("activity-list"))).toEqual(["2025-05-09", "2025-05-10"]);
    expect(keysOf("2025-05-08", { start_time: "2025-05-07T21:00:00" })).toEqual(["2025-05-08"]);
  });

  it("keep physical info as the present state and as the measurement at its time", () => {
    expect(parts("physical-info", fixture("physical-info")).map(({ key }) => key)).toEqual([
      "current",
      "2024-06-10",
      "2024-06-10T22:30:15.250",
    ]);
    expect(parts("physical-info", { weight: 70 }).map(({ key }) => key)).toEqual(["current"]);
  });
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
