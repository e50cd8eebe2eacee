import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addDays, addMonths } from "../kit/clock.ts";
import { type Linked, startWorld, type World } from "./testing/world.ts";

let world: World;
let person: Linked;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  await world.at("2025-10-02T09:00:00Z");
  person = await world.linked();
});
afterAll(() => world.close());

const read = (path: string) => world.as(person, path);
const statusOf = async (path: string) => (await read(path)).status;
const list = async (path: string) => JSON.parse((await read(path)).text) as Record<string, unknown>[];
const put = (resource: string, body: unknown) => world.put(person.id, resource, body);

describe("nights", () => {
  test.each([
    ["sleep", "nights"],
    ["nightly-recharge", "recharges"],
  ])("%s is served while the clock is within 28 days of it", async (resource, wrapper) => {
    await put(resource, { date: "2025-10-01", extra: 1.5 });
    const listed = async () => ((await read(`/v3/users/${resource}`)).json()[wrapper] as unknown[]).length;
    const found = async () => [await listed(), await statusOf(`/v3/users/${resource}/2025-10-01`)];
    expect(await found()).toEqual([1, 200]);
    await world.at("2025-10-29T23:59:00Z");
    expect(await found()).toEqual([1, 200]);
    await world.at("2025-10-30T00:01:00Z");
    expect(await found()).toEqual([0, 404]);
    expect(await statusOf(`/v3/users/${resource}/2025-02-29`)).toBe(400);
    expect(await statusOf(`/v3/users/${resource}/2025-10-02`)).toBe(404);
  });

  test("sleep/available names the nights", async () => {
    const night = {
      date: "2025-10-01",
      sleep_start_time: "2025-09-30T23:33:22.675+01:00",
      sleep_end_time: "x",
    };
    await put("sleep", night);
    expect((await read("/v3/users/sleep/available")).json()).toEqual({
      available: [{ date: "2025-10-01", start_time: night.sleep_start_time, end_time: "x" }],
    });
  });
});

describe("activities", () => {
  const path = "/v3/users/activities";
  const day = (date: string) => ({ start_time: `${date}T00:00`, samples: { date } });
  const dates = async (query: string) => (await list(`${path}${query}`)).map(({ start_time }) => start_time);

  test("28 days by default, 28 at most, 365 back", async () => {
    await put("activities", ["2024-10-02", "2024-10-01", "2025-09-03", "2025-09-04", "2025-10-02"].map(day));
    expect(await dates("")).toEqual(["2025-09-04T00:00", "2025-10-02T00:00"]);
    expect(await dates("?from=2025-09-03&to=2025-09-03")).toEqual(["2025-09-03T00:00"]);
    expect(await dates("?from=2024-10-02&to=2024-10-30")).toEqual(["2024-10-02T00:00"]);
    for (const query of [
      "?from=2024-10-01&to=2024-10-02",
      "?from=2025-09-01&to=2025-09-30",
      "?from=2025-09-02",
      "?from=2025-09-05&to=2025-09-04",
      "?from=yesterday",
      "?to=2025-9-1",
    ]) {
      expect([query, await statusOf(`${path}${query}`)]).toEqual([query, 400]);
      expect(await statusOf(`${path}/samples${query}`)).toBe(400);
    }
  });

  test("204 for a day without data, 400 for one too old or none", async () => {
    await put("activities", day("2025-09-30"));
    for (const prefix of [path, `${path}/samples`]) {
      expect(await statusOf(`${prefix}/2025-09-30`)).toBe(200);
      expect(await statusOf(`${prefix}/2025-09-29`)).toBe(204);
      expect(await statusOf(`${prefix}/2024-10-01`)).toBe(400);
      expect(await statusOf(`${prefix}/2025-13-01`)).toBe(400);
    }
    await put("activities", { start_time: "2025-09-28T14:22" });
    expect(await statusOf(`${path}/2025-09-28`)).toBe(200);
    expect(await statusOf(`${path}/samples/2025-09-28`)).toBe(204);
  });
});

describe("the rest", () => {
  test("continuous heart rate has no window, and its range is wrapped", async () => {
    const path = "/v3/users/continuous-heart-rate";
    await put("continuous-heart-rate", { heart_rates: [{ date: "2023-01-01" }, { date: "2023-01-03" }] });
    expect(await statusOf(`${path}/2023-01-01`)).toBe(200);
    expect(await statusOf(`${path}/2023-01-02`)).toBe(404);
    expect((await read(`${path}?from=2023-01-01&to=2023-01-02`)).json()).toEqual({
      heart_rates: [{ date: "2023-01-01" }],
    });
    expect(await statusOf(`${path}?from=2023-01-01`)).toBe(400);
  });

  test("cardio load has every day of its range, with sentinels where there is none", async () => {
    const path = "/v3/users/cardio-load";
    await put("cardio-load", { date: "2025-10-01", cardio_load: 12.0 });
    const all = await list(path);
    expect(all.map(({ date }) => date)).toEqual(
      Array.from({ length: 29 }, (_, index) => addDays("2025-09-04", index)),
    );
    expect(all[27]).toEqual({ date: "2025-10-01", cardio_load: 12 });
    expect(all[28]).toMatchObject({
      cardio_load: -1,
      strain: 0,
      cardio_load_status: "LOAD_STATUS_NOT_AVAILABLE",
    });
    expect(await list(`${path}/2025-10-01`)).toEqual([{ date: "2025-10-01", cardio_load: 12 }]);
    const first = async (query: string) => (await list(`${path}${query}`))[0]?.date;
    expect(await first("/date?from=2025-01-31&to=2025-02-01")).toBe("2025-01-31");
    expect(await first("/period/days/180")).toBe("2025-04-05");
    expect(await first("/period/months/1")).toBe("2025-09-02");
    for (const wrong of [
      "/period/days/181",
      "/period/days/0",
      "/period/months/7",
      "/period/days/x",
      "/date",
    ]) {
      expect(await statusOf(`${path}${wrong}`)).toBe(400);
    }
  });

  test("a month back from its last day is the last day of the month before", () => {
    expect(addMonths("2025-03-31", -1)).toBe("2025-02-28");
    expect(addMonths("2025-01-15", -2)).toBe("2024-11-15");
  });

  test("physical info is one object or 404", async () => {
    expect(await statusOf("/v3/users/physical-info")).toBe(404);
    await put("physical-info", [{ weight: 70.0 }]);
    await put("physical-info", { weight: 71.0 });
    expect((await read("/v3/users/physical-info")).text).toBe('{"weight":71}');
  });

  test("SleepWise counts by the local day the sleep ended, 204 when there is none", async () => {
    const path = "/v3/users/sleepwise/alertness";
    expect([await statusOf(path), await statusOf(`${path}/date?from=2025-10-01&to=2025-10-02`)]).toEqual([
      204, 204,
    ]);
    await put("sleepwise/alertness", {
      sleep_period_end_time: "2025-09-30T19:00:00.57",
      sleep_timezone_offset_minutes: 330,
    });
    expect(await list(path)).toHaveLength(1);
    expect(await list(`${path}/date?from=2025-10-01&to=2025-10-01`)).toHaveLength(1);
    expect(await statusOf(`${path}/date?from=2025-09-30&to=2025-09-30`)).toBe(204);
    expect(await statusOf(`${path}/date?from=2025-09-01&to=2025-09-30`)).toBe(400);
    expect(await statusOf(`${path}/date`)).toBe(400);
  });

  test.each([
    ["bodytemperature", { source_device_id: "A", start_time: "2025-10-01T20:00:00" }],
    ["skintemperature", { sleep_date: "2025-10-01" }],
    ["skincontacts", { source_device_id: "A", start_time: "2025-10-01T00:00:00" }],
    ["ecg", { source_device_id: "A", test_time: 1759302000 }],
    ["spo2", { source_device_id: "A", test_time: 1759302000000 }],
  ])("biosensing %s: 28 days, 204 when there is nothing", async (name, body) => {
    const path = `/v3/users/biosensing/${name}`;
    expect(await statusOf(path)).toBe(204);
    expect((await put(`biosensing/${name}`, body)).json()).toEqual({ stored: 1, notified: 0 });
    expect(await list(path)).toEqual([body]);
    expect(await list(`${path}?from=2025-10-01&to=2025-10-01`)).toEqual([body]);
    expect(await statusOf(`${path}?from=2025-09-01&to=2025-09-29`)).toBe(204);
    expect(await statusOf(`${path}?from=2025-09-01&to=2025-09-30`)).toBe(400);
    await world.at("2025-10-30T09:00:00Z");
    expect(await statusOf(path)).toBe(204);
  });

  test("sleep takes days from and to", async () => {
    await put("sleep", [{ date: "2025-09-20" }, { date: "2025-09-25" }, { date: "2025-10-01" }]);
    const dates = async (query: string) =>
      ((await read(`/v3/users/sleep${query}`)).json().nights as { date: string }[]).map(({ date }) => date);
    expect(await dates("?from=2025-09-21&to=2025-09-25")).toEqual(["2025-09-25"]);
    expect(await dates("?from=2025-09-25")).toEqual(["2025-09-25", "2025-10-01"]);
    expect(await dates("")).toEqual(["2025-09-20", "2025-09-25", "2025-10-01"]);
    expect(await statusOf("/v3/users/sleep?from=2025-09-25&to=2025-09-21")).toBe(400);
    expect(await statusOf("/v3/users/sleep?from=x")).toBe(400);
  });

  test("notifications offer no transaction, since those answer 410; for the client only", async () => {
    await put("exercises", { id: "n", start_time: "2025-10-01T10:00:00" });
    expect(await statusOf("/v3/notifications")).toBe(401);
    expect((await world.asClient("/v3/notifications")).status).toBe(204);
  });
});
