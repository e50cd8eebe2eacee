import { describe, expect, it } from "vitest";
import { itemsOf, type ListPlace, thingOf } from "./wrapper.ts";

const of = { resource: "v4-days", key: "2026-10-06" };
const days: ListPlace = { list: "activityDays", outer: "activities" };
const recharges: ListPlace = { list: "nightlyRechargeResults", outer: "nightlyRechargeResults" };
const sports: ListPlace = { list: "sports", bare: true };

describe("the list in a body of v4", () => {
  it.each([
    ["the live form", days, { activityDays: [1] }],
    ["the Swagger's two objects", days, { activities: { activityDays: [1] } }],
    ["the live form of one key", recharges, { nightlyRechargeResults: [1] }],
    ["the Swagger's form of one key", recharges, { nightlyRechargeResults: { nightlyRechargeResults: [1] } }],
    ["a bare list", sports, [1]],
    ["a list at its key, where a bare one is known too", sports, { sports: [1] }],
    ["a key besides", days, { activityDays: [1], page: {} }],
  ])("is found in %s", (_name, place, body) => {
    expect(itemsOf(place, body, of)).toEqual([1]);
  });

  it.each([
    ["an empty object", days, {}],
    ["an empty list at its key", days, { activityDays: [] }],
    ["an empty list in two objects", days, { activities: { activityDays: [] } }],
    ["an empty bare list, where bare ones are known", sports, []],
  ])("is empty in %s", (_name, place, body) => {
    expect(itemsOf(place, body, of)).toEqual([]);
  });

  it.each([
    ["another key", days, { days: [1] }, "no known key"],
    ["another key with nothing in it", days, { days: [] }, "no known key"],
    ["an object at the list's key", days, { activityDays: { "2026-10-06": {} } }, "no list at its key"],
    ["an empty object at the list's key", days, { activityDays: {} }, "no list at its key"],
    [
      "an empty object at a key that is both",
      recharges,
      { nightlyRechargeResults: {} },
      "no list at its key",
    ],
    ["an empty object in the outer key", days, { activities: {} }, "no list at its key"],
    ["an object in two objects", days, { activities: { activityDays: {} } }, "no list at its key"],
    ["a list in the outer key", { list: "days", outer: "all" }, { all: { list: [] } }, "no list at its key"],
    ["null at its key", days, { activityDays: null }, "no list at its key"],
    ["a bare list, where none is known", days, [], "a bare list"],
    ["null", days, null, "no object"],
    ["a text", days, "nothing", "no object"],
  ])("is refused in %s", (_name, place, body, reason) => {
    expect(() => itemsOf(place, body, of)).toThrow(
      expect.objectContaining({
        code: "PROVIDER_BODY_INVALID",
        details: { ...of, issues: [expect.objectContaining({ message: `Unknown form: ${reason}` })] },
      }),
    );
  });
});

describe("the single thing in a body of v4", () => {
  const account = { known: ["physicalInformation"], outer: "accountData" };

  it("is found with and without the outer object", () => {
    expect(thingOf(account, { physicalInformation: {} }, of)).toEqual({ physicalInformation: {} });
    expect(thingOf(account, { accountData: { physicalInformation: {} } }, of)).toEqual({
      physicalInformation: {},
    });
    expect(thingOf(account, {}, of)).toBeNull();
  });

  it.each([
    ["a list", []],
    ["another key", { person: {} }],
    ["no object in the outer key", { accountData: [] }],
    ["nothing in the outer key", { accountData: {} }],
  ])("is refused in %s", (_name, body) => {
    expect(() => thingOf(account, body, of)).toThrow(
      expect.objectContaining({ code: "PROVIDER_BODY_INVALID" }),
    );
  });
});
