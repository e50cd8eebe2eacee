/** Failures that others met with Garmin's data, one test each. README.md says where those are tested that are not here. */
import { describe, expect, it } from "vitest";
import { servedResourceOf } from "../conformance/subject.ts";
import { isServed } from "../provider.ts";
import { often } from "./collection.ts";
import garmin from "./index.ts";
import { connecting } from "./key.ts";
import { settings } from "./settings.ts";
import * as bodies from "./testing/bodies.ts";
import { make, partsOf } from "./testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const pathOf = (resource: string, key: string) =>
  servedResourceOf(garmin, { resource, key }).request(key, "4711").path;

describe("a failure of others:", () => {
  it("2: the second version of the daily summary fails beyond 90 days; it is never asked for", () => {
    for (const resource of garmin.resources.filter(isServed))
      for (const key of [day, days, "current", "*", "900001"]) {
        let path = "";
        try {
          path = resource.request(key, "4711").path;
        } catch {
          continue;
        }
        expect(path).not.toContain("/v2/dailysummaries");
        // 4: weight/all is always refused.
        expect(path).not.toContain("/weight/all/");
      }
    expect(pathOf("weight", days)).toContain(`/weight-service/weight/range/${day}/${day}?includeAll=true`);
  });

  it("4: the fitness age is one object where a list is documented; either is read", () => {
    for (const body of [bodies.fitnessAge, [bodies.fitnessAge]])
      expect(partsOf("fitness-age", day, body).map(({ key }) => key)).toEqual([day]);
  });

  it("6: an empty day view is taken for a cycle", () => {
    expect(partsOf("menstrual-day", day, {})).toEqual([]);
    expect(make("menstruation", day, partsOf("menstrual-day", day, {}))).toBeNull();
  });

  it("10: a night that was read shortly after midnight stays empty for ever", () => {
    const asked = partsOf("sleep", days, [{ ...bodies.noNight, calendarDate: day }]);
    expect(make("sleep", day, asked)).toBeNull();
    // A later look, whatever its days, brings the same part. That it takes the place of the empty one is tested with a
    // server: test/garmin/garmin.test.ts.
    expect(often.rereadDays).toBe(7);
    const later = partsOf("sleep", `2025-05-06..${day}`, [bodies.night]);
    expect(later.map(({ resource, key }) => [resource, key])).toEqual(
      asked.map(({ resource, key }) => [resource, key]),
    );
    expect(make("sleep", day, later)?.metadata.start_time).toBe("2025-05-12T01:00:00.000000+02:00");
  });

  it("11, 13, 14: passwords are reset, logins refused, fresh tokens not active; there are no passwords and no logins", () => {
    expect(connecting.kind).toBe("key");
    expect(Object.keys(settings.shape).sort()).toEqual(["api_url", "call_interval_ms"]);
    expect(settings.parse({}).api_url).toBe("https://personal.connectapi.garmin.com");
  });

  it("16: body battery of a neighbouring day is taken for that of the day", () => {
    const before = {
      ...bodies.batteryDay,
      date: "2025-05-11",
      bodyBatteryValuesArray: [[bodies.midnightMs - 60_000, 7]],
    };
    const parts = partsOf("body-battery", days, [before, bodies.batteryDay]);
    const levels = (date: string) =>
      make("daily", date, parts)?.stress_data?.body_battery_samples?.map(({ level }) => level);
    expect(levels(day)).toEqual([30, 41]);
    expect(levels("2025-05-11")).toEqual([7]);
  });

  it("17: fields that are documented as required arrive null, and the whole day is refused", () => {
    const nulls = (body: object) => Object.fromEntries(Object.keys(body).map((name) => [name, null]));
    const empty = { ...nulls(bodies.day), calendarDate: day };
    expect(partsOf("daily-summary", day, empty)).toHaveLength(1);
    expect(
      make("daily", day, partsOf("daily-summary", day, { ...empty, totalSteps: 5 }))?.distance_data,
    ).toMatchObject({
      steps: 5,
      distance_meters: null,
    });
    const night = { ...nulls(bodies.night), calendarDate: day };
    expect(make("sleep", day, partsOf("sleep", days, [night]))).toBeNull();
  });
});
