import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { servedResourceOf } from "../conformance/subject.ts";
import { isServed } from "../provider.ts";
import { failureRules } from "./api.ts";
import garmin from "./index.ts";
import { snakeCase } from "./names.ts";
import { nextPage, pageSize } from "./resources/activities.ts";

const pathOf = (resource: string, key: string) =>
  servedResourceOf(garmin, { resource, key }).request(key, "4711").path;
const answer = (items: number) => ({
  status: 200,
  contentType: "application/json",
  body: Buffer.from(JSON.stringify(Array.from({ length: items }, () => ({})))),
});

describe("a list of activities", () => {
  const first = { method: "GET", path: pathOf("activities", "2025-05-01..2025-05-12") } as const;

  it("always names a page size that the server can answer", () => {
    expect(first.path).toContain("start=0&limit=20&startDate=2025-05-01&endDate=2025-05-12");
    expect(pageSize).toBeLessThanOrEqual(20);
  });

  it("goes on after a full page, and ends with one that is not full or repeats nothing", () => {
    expect(nextPage(first, answer(pageSize))?.path).toContain("start=20&limit=20&startDate=2025-05-01");
    expect(nextPage(first, answer(pageSize - 1))).toBeNull();
    expect(nextPage(first, answer(0))).toBeNull();
  });

  it("reaches each activity once, however many there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (count) => {
        let seen = 0;
        for (let request: typeof first | ReturnType<typeof nextPage> = first; request !== null; ) {
          const start = Number(/start=(\d+)/.exec(request.path)?.[1]);
          expect(start).toBe(seen);
          const items = Math.min(pageSize, count - start);
          seen += items;
          request = nextPage(request, answer(items));
        }
        expect(seen).toBe(count);
      }),
    );
  });
});

describe("each resource", () => {
  const longest: Readonly<Record<string, number>> = {
    "body-battery": 31,
    sleep: 31,
    hydration: 31,
    weight: 365,
    "hrv-daily": 365,
  };

  it.each(Object.entries(longest))("%s asks for no more days than Garmin answers: %d", (name, days) => {
    const { discovery } = servedResourceOf(garmin, { resource: name, key: "" });
    expect(discovery?.daysPerCall).toBeLessThanOrEqual(days);
  });

  it("goes back as far as Garmin may have anything of it, unless something else tells of its older days", () => {
    const years = (name: string) => {
      const { discovery } = servedResourceOf(garmin, { resource: name, key: "" });
      return Math.floor((discovery?.reachDays ?? 0) / 365);
    };
    const found = garmin.resources
      .filter(isServed)
      .flatMap(({ name, discovery }) => (discovery === null ? [] : [[name, years(name)]]));
    expect(Object.fromEntries(found)).toEqual({
      "daily-summary": 12,
      "heart-rate": 12,
      "body-battery": 12,
      sleep: 12,
      "hrv-daily": 12,
      activities: 12,
      "wellness-activities": 12,
      weight: 12,
      "food-log": 12,
      hydration: 12,
      // Since 2019.
      "menstrual-summary": 8,
      // Those of today only, or of which the older days are found otherwise.
      "menstrual-day": 0,
      "fitness-age": 0,
      "user-settings": 0,
      "heart-rate-zones": 0,
      "weight-goals": 0,
    });
  });

  /** The resources that follow another one: fetched by name when an activity, a night or a day refers to them. */
  const followed = new Set(["activity-file", "activity", "hrv", "spo2"]);

  it("is found by asking, since Garmin announces nothing, and puts no foreign text into a path", () => {
    for (const resource of garmin.resources.filter(isServed)) {
      expect(resource.discovery?.announced).toBe(followed.has(resource.name) ? undefined : false);
      for (const key of ["../x", "2025-13-01", "2025-05-12/../x", "2025-05-12..2025-05-01"])
        expect(() => resource.request(key, "4711")).toThrow();
    }
  });
});

describe("a 429", () => {
  it("without Retry-After is waited for a minute; with it, Garmin's own time counts", () => {
    expect(failureRules.retryAfterMs?.({})).toBe(60_000);
    expect(failureRules.retryAfterMs?.({ "retry-after": "14" })).toBeNull();
  });
});

it.each([
  ["averageSpO2HRSleep", "average_sp_o2_hr_sleep"],
  ["dailyNapDTOS", "daily_nap_dtos"],
  ["sleepStartTimestampGMT", "sleep_start_timestamp_gmt"],
  ["hrTimeInZone_1", "hr_time_in_zone_1"],
  ["valueInML", "value_in_ml"],
])("the key %s becomes %s", (key, name) => expect(snakeCase(key)).toBe(name));
