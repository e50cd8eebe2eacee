/** Offsets from the zone of the person's settings, where Garmin left out a local time. */
import { describe, expect, it } from "vitest";
import { TimestampLocalization } from "../../../models/index.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";
const days = `${day}..${day}`;
const daily = (body: object = bodies.day) => partsOf("daily-summary", day, body);
const nights = (...list: readonly object[]) => partsOf("sleep", days, list);
/** The settings of a person in Berlin, in whose zone the invented bodies are. */
const inBerlin = partsOf("user-settings", "current", bodies.settings);

describe("the zone of the settings", () => {
  const withoutLocal = {
    ...bodies.night,
    sleepStartTimestampLocal: null,
    sleepEndTimestampLocal: null,
    dailyNapDTOS: bodies.night.dailyNapDTOS.map((nap) => ({
      ...nap,
      napStartTimeOffset: null,
      napEndTimeOffset: null,
    })),
  };

  it("tells the offset of a night, its nap and its readings where Garmin told no local time", () => {
    const readings = bodies.hrvNight.hrvReadings.map((one) => ({ ...one, readingTimeLocal: null }));
    const hrv = partsOf("hrv", day, { ...bodies.hrvNight, hrvReadings: readings });
    const record = make("sleep", day, nights(withoutLocal), hrv, inBerlin);
    expect(record?.metadata).toMatchObject({
      start_time: "2025-05-12T01:00:00.000000+02:00",
      end_time: "2025-05-12T08:00:00.000000+02:00",
      timestamp_localization: TimestampLocalization.Local,
    });
    expect(record?.heart_rate_data?.detailed?.hrv_samples_rmssd?.[0]?.timestamp).toBe(
      "2025-05-12T01:05:00.000000+02:00",
    );
    expect(make("sleep", bodies.napKey, nights(withoutLocal), inBerlin)?.metadata.start_time).toBe(
      "2025-05-12T15:00:00.000000+02:00",
    );
  });

  it("tells that of a weigh-in, a food and a day", () => {
    const { date: _local, ...weighIn } = bodies.weighIn;
    const body = make("body", day, partsOf("weight", days, bodies.weights(weighIn)), inBerlin);
    expect(body?.measurements_data?.measurements?.[0]?.measurement_time).toBe(
      "2025-05-12T07:00:00.000000+02:00",
    );
    const [meal] = bodies.foods.mealDetails;
    const food = { ...meal?.loggedFoods[0], mealDateTimeWithOffset: null };
    const diary = { ...bodies.foods, mealDetails: [{ ...meal, loggedFoods: [food] }] };
    const eaten = make("nutrition", day, partsOf("food-log", day, diary), inBerlin);
    expect(eaten?.meals?.[0]?.timestamp).toBe("2025-05-12T07:41:12.000000+02:00");
    const changing = "2025-10-26";
    const summary = {
      ...bodies.day,
      calendarDate: changing,
      wellnessStartTimeLocal: null,
      wellnessEndTimeGmt: null,
    };
    const record = make("daily", changing, partsOf("daily-summary", changing, summary), inBerlin);
    expect(record?.metadata).toMatchObject({
      start_time: "2025-10-26T00:00:00.000000+02:00",
      end_time: "2025-10-27T00:00:00.000000+01:00",
    });
  });

  it("does not stand against a local time that Garmin told", () => {
    const inTokyo = partsOf("user-settings", "current", { ...bodies.settings, timeZone: "Asia/Tokyo" });
    expect(make("sleep", day, nights(bodies.night), inTokyo)).toEqual(
      make("sleep", day, nights(bodies.night)),
    );
    expect(make("daily", day, daily(), inTokyo)).toEqual(make("daily", day, daily()));
  });

  it.each([null, "Mars/Olympus", 7])("that is %s leaves the record in UTC, which it says", (timeZone) => {
    const odd = partsOf("user-settings", "current", { ...bodies.settings, timeZone });
    expect(make("sleep", day, nights(withoutLocal), odd)?.metadata).toMatchObject({
      start_time: "2025-05-11T23:00:00.000000+00:00",
      timestamp_localization: TimestampLocalization.Utc,
    });
  });
});
