import { describe, expect, it } from "vitest";
import { z } from "zod";
import { date, number } from "../../kit/fields.ts";
import { mapped } from "../../ledger.ts";
import { PartlyReadableError } from "../../provider.ts";
import { byDays, dayList, list, requestOf, thing } from "./resource.ts";

const schema = z.looseObject({ date, device: z.string().nullish(), steps: number });
const ledger = {
  date: mapped("daily.metadata.start_time", "key"),
  device: mapped("daily.device_data.serial_number", "exact"),
  steps: mapped("daily.distance_data.steps", "exact"),
};
const call = {
  path: "/activity/list",
  scope: "activity:read",
  place: { list: "days", outer: "all" },
} as const;
const days = list({
  ...call,
  name: "v4-days",
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 28 }),
  keys: (item) => [item.date],
});
const devices = dayList({
  ...call,
  name: "v4-devices",
  schema,
  ledger,
  discovery: byDays({ daysPerCall: 1 }),
  day: (item) => item.date,
  order: ({ device }) => device ?? "",
});

describe("the request of a v4 resource", () => {
  it("ends with the day after the last, which v4 leaves out", () => {
    expect(requestOf(call, "2026-10-06")?.path).toBe("/v4/data/activity/list?from=2026-10-06&to=2026-10-07");
    expect(requestOf(call, "2026-09-01..2026-12-31")?.path).toBe(
      "/v4/data/activity/list?from=2026-09-01&to=2027-01-01",
    );
  });

  it("repeats `features`, and writes datetimes without a zone where they are wanted", () => {
    const features = ["samples", "laps"];
    expect(requestOf({ ...call, features, withTimes: true }, "2026-10-06")?.path).toBe(
      "/v4/data/activity/list?from=2026-10-06T00:00:00&to=2026-10-07T00:00:00&features=samples&features=laps",
    );
  });

  it("is refused for a key of another kind", () => {
    expect(() => days.request("current", "1")).toThrow(
      expect.objectContaining({ code: "NOTIFICATION_BODY_INVALID" }),
    );
  });
});

describe("the parts of a v4 resource", () => {
  it("are the items of the list, in both forms", () => {
    const items = [{ date: "2026-10-06", steps: "12" }];
    const parts = [{ resource: "v4-days", key: "2026-10-06", value: { date: "2026-10-06", steps: 12 } }];
    expect(days.parts("2026-10-06", { days: items })).toEqual(parts);
    expect(days.parts("2026-10-06", { all: { days: items } })).toEqual(parts);
  });

  it("are none in a body of no bytes", () => {
    expect(days.parts("2026-10-06", days.decode(Buffer.alloc(0)))).toEqual([]);
  });

  it("are an error where the form is not known", () => {
    expect(() => days.parts("2026-10-06", { data: [] })).toThrow(
      expect.objectContaining({ code: "PROVIDER_BODY_INVALID" }),
    );
    expect(() => devices.parts("2026-10-06", { days: {} })).toThrow(
      expect.objectContaining({ code: "PROVIDER_BODY_INVALID" }),
    );
  });

  it("have null for a leaf that cannot be read, and say so", () => {
    const [part] = days.parts("2026-10-06", { days: [{ date: "2026-10-06", steps: "many" }] });
    expect(part).toMatchObject({ value: { steps: null }, unreadable: ["steps"] });
  });

  it("stay when one item cannot be read", () => {
    const read = () => days.parts("2026-10-06", { days: [{ date: "2026-10-06" }, { date: "soon" }] });
    expect(read).toThrow(PartlyReadableError);
  });

  it("of one day are one list, and a day that was not asked for is dropped", () => {
    const [two, one] = [
      { date: "2026-10-06", device: "b", steps: 2 },
      { date: "2026-10-06", device: "a", steps: 1 },
    ];
    const spilt = { date: "2026-10-07", device: "a", steps: 3 };
    expect(devices.parts("2026-10-06", { days: [two, one, spilt] })).toEqual([
      { resource: "v4-devices", key: "2026-10-06", value: [one, two] },
    ]);
  });

  it("of a single thing are one, in both forms", () => {
    const account = thing({
      name: "v4-account",
      path: "/user/account-data",
      scope: "profile:read",
      place: { known: ["steps"], outer: "accountData" },
      schema: z.looseObject({ steps: number }),
      ledger,
      discovery: null,
    });
    const part = { resource: "v4-account", key: "current", value: { steps: 1 } };
    expect(account.request("current", "1").path).toBe("/v4/data/user/account-data");
    expect(account.parts("current", { steps: 1 })).toEqual([part]);
    expect(account.parts("current", { accountData: { steps: 1 } })).toEqual([part]);
    expect(account.parts("current", {})).toEqual([]);
  });
});
