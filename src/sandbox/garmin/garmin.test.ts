/** The sandbox behaves as Garmin's Personal API is documented and seen to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningSandboxes, startSandboxes } from "../start.ts";
import garmin from "./index.ts";

type Json = ReturnType<typeof JSON.parse>;

const now = "2025-06-15T12:00:00Z";
const exchangePath = "/personalapitoken-service/personal-api/personal-api-key/token";
const searchPath = "/activitylist-service/activities/search/activities";
const dayPath = "/usersummary-service/usersummary/daily?calendarDate=2025-06-14";
let sandboxes: RunningSandboxes;
let url = "";
let control = "";

beforeAll(async () => {
  sandboxes = await startSandboxes({ port: 0, plugins: [garmin], now: new Date(now) });
  ({ url, controlUrl: control } = sandboxes.named("garmin"));
});
afterAll(() => sandboxes.close());
beforeEach(async () => {
  await call("POST", `${control}/reset`);
  await call("PUT", `${control}/clock`, { now });
});

async function call(method: string, where: string, body?: unknown, headers: Record<string, string> = {}) {
  const json = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const answer = await fetch(where, { method, headers, ...json });
  const text = await answer.text();
  const isJson = text.startsWith("{") || text.startsWith("[");
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: (isJson ? JSON.parse(text) : null) as Json,
  };
}

const exchange = (authorization: string) => call("POST", url + exchangePath, undefined, { authorization });
const newKey = async (person: number, days = 365): Promise<string> =>
  (await call("POST", `${control}/users/${person}/keys`, { days })).json.key;

/** Makes a person with a token, who may ask as fast as they like. */
async function reader(given: object = {}) {
  await call("PUT", `${control}/limits`, { parallel: 50, burst: 500 });
  const person: number = (await call("POST", `${control}/users`, given)).json.user_id;
  const token = (await exchange(`ApiKey ${await newKey(person)}`)).text.trim();
  const read = (path: string, headers: Record<string, string> = {}) =>
    call("GET", url + path, undefined, { authorization: `Bearer ${token}`, ...headers });
  const put = (resource: string, body: unknown) =>
    call("PUT", `${control}/users/${person}/${resource}`, body);
  return { person, token, read, put };
}

const claimsOf = (token: string): Json =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));

describe("keys", () => {
  it("are exchanged for a bare token of a day, or of what is left of the key", async () => {
    const person = (await call("POST", `${control}/users`)).json.user_id;
    const { status, text, headers } = await exchange(`ApiKey ${await newKey(person)}`);
    expect([status, headers.get("content-type")]).toEqual([200, "text/plain"]);
    expect(text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { exp, iat } = claimsOf(text);
    expect(exp - iat).toBe(86_400);
    const short = claimsOf((await exchange(`ApiKey ${await newKey(person, 0.25)}`)).text);
    expect(short.exp - short.iat).toBe(21_600);
  });

  it("that are wrong, missing or ended are 400, 401 or 403", async () => {
    const person = (await call("POST", `${control}/users`)).json.user_id;
    const key = await newKey(person, 30);
    expect((await call("POST", url + exchangePath)).status).toBe(400);
    expect((await exchange("ApiKey short")).status).toBe(403);
    expect((await exchange(`ApiKey ${"x".repeat(43)}`)).json).toEqual({
      message: "HTTP 401 Unauthorized",
      error: "NotAuthorizedException",
    });
    await call("PUT", `${control}/clock`, { now: "2025-07-15T11:59:00Z" });
    expect((await exchange(`ApiKey ${key}`)).status).toBe(200);
    await call("PUT", `${control}/clock`, { now: "2025-07-15T12:01:00Z" });
    expect((await exchange(`ApiKey ${key}`)).status).toBe(401);
  });

  it("end their tokens with them", async () => {
    const { person, read } = await reader();
    expect((await read(dayPath)).status).toBe(200);
    await call("POST", `${control}/faults`, { kind: "revoke", user_id: person });
    expect((await read(dayPath)).status).toBe(401);
    expect((await call("GET", url + dayPath)).status).toBe(401);
  });
});

describe("the pace", () => {
  it("is two side by side", async () => {
    const { read } = await reader();
    await call("PUT", `${control}/limits`, { parallel: 2 });
    await call("POST", `${control}/faults`, { kind: "slow", milliseconds: 500 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => read(dayPath)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.text, refused?.headers.get("retry-after")]).toEqual(["", "14"]);
    expect((await call("GET", `${control}/limits`)).json.refused).toBe(3);
    await call("DELETE", `${control}/faults`);
    expect((await read(dayPath)).status).toBe(200);
  });

  it("is one a second after a few at once, for each person", async () => {
    const [one, other] = [await reader(), await reader()];
    await call("PUT", `${control}/limits`, { burst: 2, perSecond: 0.001, retryAfter: null });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await one.read(dayPath)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await one.read(dayPath)).headers.get("retry-after")).toBeNull();
    expect((await other.read(dayPath)).status).toBe(200);
  });

  it("is none where only the form of bodies is looked at", async () => {
    const unlimited = await startSandboxes({ port: 0, plugins: [garmin], isUnlimited: true });
    try {
      const { url: ownUrl, controlUrl } = unlimited.named("garmin");
      await call("POST", `${controlUrl}/reset`);
      const { user_id } = (await call("POST", `${controlUrl}/users`)).json;
      const { key } = (await call("POST", `${controlUrl}/users/${user_id}/keys`)).json;
      const authorization = `ApiKey ${key}`;
      const token = (await call("POST", ownUrl + exchangePath, undefined, { authorization })).text.trim();
      const asked = Array.from({ length: 20 }, () =>
        call("GET", ownUrl + dayPath, undefined, { authorization: `Bearer ${token}` }),
      );
      expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]));
    } finally {
      await unlimited.close();
    }
  });
});

describe("a day without data", () => {
  it("is a body full of nulls, which names its person", async () => {
    const { person, read } = await reader();
    const { json } = await read(dayPath);
    expect(json).toMatchObject({ userProfileId: person, calendarDate: "2025-06-14", totalSteps: null });
    const night = (await read("/sleep-service/sleep/dailySleep?date=2025-06-14")).json;
    expect(night).toMatchObject({ id: null, calendarDate: "2025-06-14", sleepStartTimestampGMT: null });
    const rates = (await read("/wellness-service/wellness/dailyHeartRate?date=2025-06-14")).json;
    expect(rates.heartRateValues).toBeNull();
  });

  it("is 204, an empty list or an empty object elsewhere", async () => {
    const { read } = await reader();
    expect((await read("/hrv-service/hrv/2025-06-14")).status).toBe(204);
    expect((await read("/periodichealth-service/menstrualcycle/summary/2025-06-14")).status).toBe(204);
    expect((await read("/periodichealth-service/menstrualcycle/dayview/2025-06-14")).text).toBe("{}");
    expect((await read("/usersummary-service/stats/hydration/daily/2025-06-01/2025-06-15")).text).toBe("[]");
    expect((await read("/nutrition-service/food/logs/2025-06-14")).json.mealDetails).toEqual([]);
    const weights = (await read("/weight-service/weight/range/2025-06-01/2025-06-15?includeAll=true")).json;
    expect(weights).toMatchObject({
      dailyWeightSummaries: [],
      totalAverage: { from: Date.parse("2025-06-01"), until: Date.parse("2025-06-16") - 1, weight: null },
      previousDateWeight: { samplePk: null },
      nextDateWeight: { weight: null },
    });
  });

  it("of a feature that the person lacks is 404 or 204", async () => {
    const { read } = await reader({ food_diary: false, menstrual_cycle: false });
    const food = await read("/nutrition-service/food/logs/2025-06-14");
    expect([food.status, food.json]).toEqual([
      404,
      { message: "HTTP 404 Not Found", error: "NotFoundException" },
    ]);
    expect((await read("/periodichealth-service/menstrualcycle/dayview/2025-06-14")).status).toBe(204);
  });
});

describe("ranges", () => {
  it.each([
    ["/usersummary-service/stats/steps/daily/{from}/{to}", 28, 400],
    ["/usersummary-service/stats/stress/daily/{from}/{to}", 28, 400],
    ["/usersummary-service/stats/hydration/daily/{from}/{to}", 31, 400],
    ["/sleep-service/sleep/dailySleepSummariesByDate?startDate={from}&endDate={to}", 31, 400],
    ["/wellness-service/wellness/bodyBattery/reports/daily?startDate={from}&endDate={to}", 31, 400],
    ["/usersummary-service/v2/dailysummaries?startDate={from}&endDate={to}", 90, 500],
    ["/hrv-service/hrv/daily/{from}/{to}", 365, 400],
    ["/weight-service/weight/range/{from}/{to}", 366, 400],
  ] as const)("of %s have at most %i days", async (path, days, status) => {
    const { read } = await reader();
    const until = (length: number) =>
      new Date(Date.parse("2024-01-01") + (length - 1) * 86_400_000).toISOString().slice(0, 10);
    const of = (length: number) => path.replace("{from}", "2024-01-01").replace("{to}", until(length));
    expect((await read(of(days))).status).toBe(200);
    expect((await read(of(days + 1))).status).toBe(status);
    expect((await read(of(0))).status).toBe(400);
  });

  it("include both ends", async () => {
    const { read, put } = await reader();
    const days = ["2025-06-01", "2025-06-02", "2025-06-03", "2025-06-04"];
    await put(
      "steps",
      days.map((calendarDate) => ({ calendarDate, totalSteps: 1 })),
    );
    const { json } = await read("/usersummary-service/stats/steps/daily/2025-06-02/2025-06-03");
    expect(json.map(({ calendarDate }: Json) => calendarDate)).toEqual(["2025-06-02", "2025-06-03"]);
  });

  it("of weights have the neighbours outside", async () => {
    const { read, put } = await reader();
    const weighed = (summaryDate: string, weight: number) => {
      const latestWeight = { samplePk: weight, calendarDate: summaryDate, weight };
      return { summaryDate, latestWeight, allWeightMetrics: [latestWeight] };
    };
    await put("weight", [
      weighed("2025-06-01", 70_000),
      weighed("2025-06-05", 71_000),
      weighed("2025-06-09", 72_000),
    ]);
    const { json } = await read("/weight-service/weight/range/2025-06-04/2025-06-06?includeAll=true");
    expect(json).toMatchObject({
      dailyWeightSummaries: [{ summaryDate: "2025-06-05" }],
      totalAverage: { weight: 71_000 },
      previousDateWeight: { weight: 70_000 },
      nextDateWeight: { weight: 72_000 },
    });
    expect((await read("/weight-service/weight/all/2025-06-04/2025-06-06")).status).toBe(400);
  });
});

describe("activities", () => {
  const activity = (activityId: number, startTimeLocal: string) => ({
    activityId,
    startTimeLocal,
    activityType: { typeKey: activityId % 2 === 0 ? "running" : "cycling" },
  });
  const idsOf = ({ json }: { json: Json }): number[] => json.map(({ activityId }: Json) => activityId);

  it("come in pages, the newest first; the server's own page size and those over 45 are 500", async () => {
    const { read, put } = await reader();
    await put(
      "activities",
      Array.from({ length: 47 }, (_, index) => activity(index, `2025-06-14 10:${10 + index}:00`)),
    );
    expect(idsOf(await read(`${searchPath}?limit=3`))).toEqual([46, 45, 44]);
    expect(idsOf(await read(`${searchPath}?limit=20&start=40`))).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect(idsOf(await read(`${searchPath}?limit=20&start=60`))).toEqual([]);
    expect(idsOf(await read(`${searchPath}?limit=45`))).toHaveLength(45);
    expect((await read(searchPath)).status).toBe(500);
    expect((await read(`${searchPath}?limit=46`)).status).toBe(500);
  });

  it("are found by their local day and their type", async () => {
    const { read, put } = await reader();
    await put("activities", [activity(1, "2025-06-13 23:59:00"), activity(2, "2025-06-14 00:01:00")]);
    const found = async (query: string) => idsOf(await read(`${searchPath}?limit=20&${query}`));
    expect(await found("startDate=2025-06-14&endDate=2025-06-14")).toEqual([2]);
    expect(await found("startDate=2025-06-13&endDate=2025-06-13")).toEqual([1]);
    expect(await found("activityType=cycling")).toEqual([1]);
  });

  it("are served with their files, for the right media type only", async () => {
    const { person, read, put } = await reader();
    await put("activity", { activityId: 7, activityName: "Ride" });
    await call("PUT", `${control}/users/${person}/files/7`, "a ZIP");
    expect((await read("/activity-service/activity/7")).json.activityName).toBe("Ride");
    expect((await read("/activity-service/activity/8")).json.error).toBe("NotFoundException");
    expect((await read("/activity-service/activity/7/workouts")).text).toBe("[]");
    const file = (accept: string) => read("/download-service/files/activity/7", { accept });
    expect((await file("application/x-zip-compressed")).text).toBe("a ZIP");
    expect((await file("application/octet-stream")).status).toBe(406);
  });

  it("repeat or never end, when they are told to", async () => {
    const { read, put } = await reader();
    await put("activities", activity(1, "2025-06-14 10:00:00"));
    await call("POST", `${control}/faults`, { kind: "pages", pages: "repeat" });
    expect(idsOf(await read(`${searchPath}?limit=3&start=900`))).toEqual([1, 1, 1]);
    await call("POST", `${control}/faults`, { kind: "pages", pages: "endless" });
    expect(new Set(idsOf(await read(`${searchPath}?limit=3&start=900`))).size).toBe(3);
    await call("DELETE", `${control}/faults`);
    expect(idsOf(await read(`${searchPath}?limit=3&start=900`))).toEqual([]);
  });
});

describe("the control side", () => {
  it("serves bodies as they were written", async () => {
    const { read, put } = await reader();
    const text = '{"calendarDate":"2025-06-14","totalKilocalories":2252.0,"x":1e1}';
    await put("daily-summary", text);
    expect((await read(dayPath)).text).toBe(text);
    const { put: putOther } = await reader();
    expect((await putOther("daily-summary", {})).json.error).toContain("names no day");
    expect((await putOther("mood", {})).status).toBe(404);
  });

  it("makes faults of one path, so many times", async () => {
    const { read } = await reader();
    await call("POST", `${control}/faults`, { kind: "outage", status: 403, path: "/hrv-service", times: 1 });
    expect((await read("/hrv-service/hrv/2025-06-14")).json.error).toBe("ForbiddenException");
    expect((await read("/hrv-service/hrv/2025-06-14")).status).toBe(204);
    await call("POST", `${control}/faults`, { kind: "malformed", body: "html", times: 1 });
    expect((await read(dayPath)).text).toContain("<html>");
    await call("POST", `${control}/faults`, { kind: "rate-limit", reset_seconds: 3, times: 1 });
    expect((await read(dayPath)).headers.get("retry-after")).toBe("3");
  });
});

describe("generated data", () => {
  it("are the same for the same seed", async () => {
    const texts = await Promise.all(
      [3, 3, 4].map(async (seed) => {
        const { person, read } = await reader({ utc_offset: -300 });
        await call("POST", `${control}/users/${person}/generate`, { days: 5, seed });
        return (await read(dayPath)).text.replaceAll(String(person), "").replace(/"uuid":"\w+"/, "");
      }),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[2]).not.toBe(texts[0]);
  });

  it("have ids of their own for each person, whose days are the same otherwise", async () => {
    const idsOf = async () => {
      const { person, read } = await reader();
      await call("POST", `${control}/users/${person}/generate`, { days: 28 });
      const range = "2025-05-19/2025-06-15";
      const guided = (await read(`/wellnessactivity-service/activity/summary/range/${range}`)).json;
      const food = (await read("/nutrition-service/food/logs/2025-06-12")).json;
      const dates = "startDate=2025-05-19&endDate=2025-06-15";
      const activities = (await read(`${searchPath}?start=0&limit=40&${dates}`)).json;
      const foods = food.mealDetails.flatMap(({ loggedFoods }: Json) => loggedFoods);
      const ids = {
        guided: guided.map(({ activityUuid }: Json) => activityUuid.uuid),
        foods: foods.map(({ logId }: Json) => logId),
        activities: activities.flatMap(({ activityId, activityUUID }: Json) => [activityId, activityUUID]),
        day: [(await read(dayPath)).json.uuid],
      };
      for (const found of Object.values(ids)) expect(found.length).toBeGreaterThan(0);
      return Object.values(ids).flat();
    };
    const [ones, others] = [await idsOf(), await idsOf()];
    expect(ones.filter((id) => others.includes(id))).toEqual([]);
    expect(ones).toHaveLength(others.length);
  });

  it("have local times as the wall clock, and nights that add up", async () => {
    const { person, read } = await reader({ utc_offset: -300 });
    await call("POST", `${control}/users/${person}/generate`, { days: 28 });
    const nights = (
      await read("/sleep-service/sleep/dailySleepSummariesByDate?startDate=2025-05-19&endDate=2025-06-14")
    ).json;
    // It is seven in the morning there, and the person of the last day may still be asleep.
    expect(nights).toHaveLength(27);
    for (const night of nights) {
      expect(night.sleepStartTimestampLocal - night.sleepStartTimestampGMT).toBe(-300 * 60_000);
      const stages = night.deepSleepSeconds + night.lightSleepSeconds + night.remSleepSeconds;
      expect(stages).toBe(night.sleepTimeSeconds);
      expect(stages + night.awakeSleepSeconds).toBe(
        (night.sleepEndTimestampGMT - night.sleepStartTimestampGMT) / 1_000,
      );
      expect(new Date(night.sleepEndTimestampLocal).toISOString().slice(0, 10)).toBe(night.calendarDate);
      expect(night.nextSleepNeed.calendarDate > night.calendarDate).toBe(true);
    }
  });

  it("count the naps, which are in the nights", async () => {
    const { person, read } = await reader();
    const path = `${control}/users/${person}/generate`;
    const { stored } = (await call("POST", path, { days: 28 })).json;
    const nights = (
      await read("/sleep-service/sleep/dailySleepSummariesByDate?startDate=2025-05-19&endDate=2025-06-15")
    ).json;
    const naps = nights.flatMap(({ dailyNapDTOS }: Json) => dailyNapDTOS);
    expect(naps.length).toBeGreaterThan(1);
    expect(stored.naps).toBe(naps.length);
    expect(stored.sleep).toBe(nights.length);
  });

  it("have diaries whose sums are those of their foods", async () => {
    const { person, read } = await reader();
    await call("POST", `${control}/users/${person}/generate`, { days: 10 });
    const { json } = await read("/nutrition-service/food/logs/2025-06-12");
    const foods = json.mealDetails.flatMap(({ loggedFoods }: Json) => loggedFoods);
    const carbs = foods.reduce(
      (sum: number, food: Json) => sum + food.nutritionContent.carbs * food.servingQty,
      0,
    );
    expect(json.dailyNutritionContent.carbs).toBeCloseTo(carbs, 6);
    expect(foods.length).toBeGreaterThan(2);
  });
});
