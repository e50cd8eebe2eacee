import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDays } from "../../kit/clock.ts";
import { v4Resources, v4Singles } from "./resources.ts";
import { scopes } from "./scopes.ts";
import { type DynamicWorld, startDynamic } from "./testing/world.ts";

let dynamic: DynamicWorld;
beforeAll(async () => {
  dynamic = await startDynamic();
});
afterAll(() => dynamic.close());

const range = (path: string, from: string, to: string, features: readonly string[] = []) => {
  const parameters = new URLSearchParams({ from, to });
  for (const feature of features) parameters.append("features", feature);
  return `${path}?${parameters}`;
};

describe.each(v4Resources)("$path", ({ path, times, features, featureDays = 1, longestDays, scope }) => {
  const at = (date: string) => (times === "date" ? date : `${date}T00:00:00`);
  const asked = (days: number, some: readonly string[] = []) =>
    dynamic.get(range(path, at("2025-07-01"), at(addDays("2025-07-01", days)), some));
  const refused = async (query: string) => {
    const answer = await dynamic.get(`${path}?${query}`);
    return [answer.status, answer.json().errorMessage];
  };

  test("the longest range, and a day more", async () => {
    expect((await asked(longestDays)).status).toBe(200);
    expect((await asked(longestDays + 1)).status).toBe(400);
  });

  test.skipIf(features.length === 0)("with features, fewer days", async () => {
    for (const feature of features) expect((await asked(1, [feature])).status).toBe(200);
    expect((await asked(1, features)).status).toBe(200);
    expect((await asked(featureDays, features)).status).toBe(200);
    expect((await asked(featureDays + 1, features)).status).toBe(400);
  });

  test("features are repeated; a comma list or an unknown one is refused", async () => {
    const query = range("", at("2025-07-01"), at("2025-07-02")).slice(1);
    const list = [...features, "samples"].slice(0, 2).join(",");
    expect((await refused(`${query}&features=${list === "samples" ? "samples,x" : list}`))[0]).toBe(400);
    expect((await refused(`${query}&features=unheard-of`))[0]).toBe(400);
  });

  test("from and to are required, and in one form", async () => {
    expect(await refused(`to=${at("2025-07-02")}`)).toEqual([400, "Query parameter 'from' is required"]);
    expect(await refused(`from=${at("2025-07-02")}`)).toEqual([400, "Query parameter 'to' is required"]);
    const wrong =
      times === "date"
        ? ["2025-07-01T00:00:00", "2025-02-30", "today"]
        : ["2025-07-01", "2025-07-01T00:00:00Z", "2025-07-01T00:00:00%2B02:00", "2025-07-01T00:00:00.000"];
    for (const from of wrong) {
      expect(await refused(`from=${from}&to=${at("2025-07-02")}`)).toEqual([
        400,
        `Value for key 'from' could not be parsed as ${times}`,
      ]);
    }
    expect((await refused(`from=${at("2025-07-03")}&to=${at("2025-07-02")}`))[0]).toBe(400);
  });

  test("needs its scope", async () => {
    const other = await startDynamic([...scopes.keys()].filter((one) => one !== scope).join(" "));
    const answer = await other.get(range(path, at("2025-07-01"), at("2025-07-02")));
    expect([answer.status, answer.json()]).toEqual([
      403,
      { errorMessage: `Missing required scope: ${scope}` },
    ]);
    await other.close();
  });
});

describe("paths", () => {
  test.each(v4Singles)("$path needs its scope", async ({ path, scope }) => {
    const other = await startDynamic(scope === "sleep:read" ? "sports:read" : "sleep:read");
    expect((await other.get(path.replace(":routeId", "1"))).json()).toEqual({
      errorMessage: `Missing required scope: ${scope}`,
    });
    await other.close();
  });

  test("hello takes any scope; an unknown path is 404; a token of v3 is refused", async () => {
    const hello = await dynamic.get("/hello");
    expect([hello.status, hello.headers.get("content-type"), hello.text]).toEqual([
      200,
      expect.stringMatching(/^text\/plain/),
      "Hello Eka",
    ]);
    expect((await dynamic.get("/exercises")).status).toBe(404);
    expect((await dynamic.get("/training-sessions/1")).status).toBe(404);
    const v3 = await dynamic.world.linked();
    expect((await dynamic.get("/hello", v3.token)).status).toBe(401);
  });

  test("a person without Polar's consents is 403", async () => {
    const path = `/_sandbox/users/${dynamic.id}`;
    await dynamic.world.call(path, { method: "PATCH", body: { consents: false } });
    expect((await dynamic.get("/hello")).status).toBe(403);
    await dynamic.world.call(path, { method: "PATCH", body: { consents: true } });
    expect((await dynamic.get("/hello")).status).toBe(200);
  });
});

describe("bodies that were put", () => {
  const put = (resource: string, body: unknown) => dynamic.world.put(dynamic.id, resource, body);
  const remove = async (path: string) =>
    (await dynamic.world.call(`/_sandbox/users/${dynamic.id}/${path}`, { method: "DELETE" })).json();

  test("from is inside, to is not; a second PUT replaces", async () => {
    const nights = ["2025-05-01", "2025-05-02", "2025-05-03"].map((sleepDate) => ({ sleepDate }));
    expect((await put("v4-sleeps", { nightSleeps: nights })).json()).toEqual({ stored: 3, notified: 0 });
    await put("v4-sleeps", { sleepDate: "2025-05-02", sleepScore: { sleepScore: 81.5 } });
    const read = async (from: string, to: string, features: string[] = []) =>
      (await dynamic.get(range("/sleeps", from, to, features))).json();
    expect(await read("2025-05-01", "2025-05-03")).toEqual({ nightSleeps: nights.slice(0, 2) });
    expect(await read("2025-05-02", "2025-05-03", ["sleep-score"])).toEqual({
      nightSleeps: [{ sleepDate: "2025-05-02", sleepScore: { sleepScore: 81.5 } }],
    });
    expect(await read("2025-05-02", "2025-05-02")).toEqual({ nightSleeps: [] });
    expect(await remove("v4-sleeps?date=2025-05-01")).toEqual({ deleted: 1 });
    expect(await remove("v4-sleeps")).toEqual({ deleted: 2 });
  });

  test("a session is within a range by its local start", async () => {
    const session = {
      identifier: { id: "s1" },
      startTime: "2025-05-01T23:59:59",
      exercises: [{ samples: {} }],
    };
    await put("v4-training-sessions", [session]);
    const count = async (from: string, to: string) =>
      ((await dynamic.get(range("/training-sessions/list", from, to))).json().trainingSessions as unknown[])
        .length;
    expect(await count("2025-05-01T23:59:59", "2025-05-02T00:00:00")).toBe(1);
    expect(await count("2025-05-01T00:00:00", "2025-05-01T23:59:59")).toBe(0);
    expect(await remove("v4-training-sessions?id=s1")).toEqual({ deleted: 1 });
  });

  test("what a day has without features", async () => {
    await put("v4-activity", { date: "2025-05-01", target: {}, activitiesPerDevice: [{ a: 1 }] });
    await put("v4-nightly-recharge-results", {
      nightlyRechargeResults: {
        nightlyRechargeResults: [{ sleepResultDate: "2025-05-01", ansRate: 3, hrvSamples: [1] }],
      },
    });
    expect((await dynamic.get(range("/activity/list", "2025-05-01", "2025-05-02"))).json()).toEqual({
      activityDays: [{ date: "2025-05-01", activitiesPerDevice: [] }],
    });
    expect(
      (await dynamic.get(range("/nightly-recharge-results", "2025-05-01", "2025-05-02"))).json(),
    ).toEqual({
      nightlyRechargeResults: [{ sleepResultDate: "2025-05-01", ansRate: 3, hrvSamples: [] }],
    });
  });

  test("a wrong body is refused, and bodies of v3 are deleted too", async () => {
    expect((await put("v4-sleeps", { date: "2025-05-01" })).status).toBe(400);
    expect((await put("v4-sleeps", [1])).status).toBe(400);
    await put("sleep", [{ date: "2025-05-01" }, { date: "2025-05-02" }]);
    expect(await remove("sleep?date=2025-05-01")).toEqual({ deleted: 1 });
    expect(await remove("sleep")).toEqual({ deleted: 1 });
  });
});

describe("limits and faults", () => {
  const fault = (body: object) => dynamic.world.call("/_sandbox/faults", { method: "POST", body });
  const heal = () => dynamic.world.call("/_sandbox/faults", { method: "DELETE" });

  test("3,000 in 15 minutes and 100,000 in a day, of the whole client", async () => {
    const { headers } = await dynamic.get("/hello");
    expect(headers.get("ratelimit-limit")).toBe("3000,100000");
    const [short] = (headers.get("ratelimit-usage") ?? "").split(",");
    const [next] = ((await dynamic.get("/hello")).headers.get("ratelimit-usage") ?? "").split(",");
    expect(Number(next)).toBe(Number(short) + 1);
  });

  test("beyond a limit calls are refused; v3 has its own", async () => {
    await fault({ kind: "rate-limit", api: "v4", short: 1 });
    const refused = await dynamic.get("/hello");
    expect([refused.status, refused.json()]).toEqual([429, { errorMessage: "Too many requests" }]);
    const v3 = await dynamic.world.linked();
    expect((await dynamic.world.as(v3, "/v3/exercises")).status).toBe(200);
    await heal();
    expect((await dynamic.get("/hello")).status).toBe(200);
  });

  test("an outage of one day, and a malformed body", async () => {
    await fault({ kind: "outage", status: 500, path: "/v4/data/sleeps?from=2025-05-02" });
    const read = async (from: string) => (await dynamic.get(range("/sleeps", from, "2025-05-03"))).status;
    expect([await read("2025-05-02"), await read("2025-05-01")]).toEqual([500, 200]);
    await heal();
    await fault({ kind: "malformed", body: "truncated", times: 1 });
    expect(() => JSON.parse("{")).toThrow();
    const body = (await dynamic.get("/sports/list")).text;
    expect(() => JSON.parse(body)).toThrow();
  });
});
