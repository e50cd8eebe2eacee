/** Apple Health, end to end: from a phone's bodies over the fold to records and webhooks. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { body as healthAutoExport } from "../../src/providers/apple/fixtures/health-auto-export.ts";
import { body as healthkit } from "../../src/providers/apple/fixtures/healthkit.ts";
import apple from "../../src/providers/apple/index.ts";
import { type Hub, startHub } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";

let hub: Hub;
let token = "";

beforeAll(async () => {
  hub = await startHub(apple, {});
  const page = await (await fetch(await hub.connectLink("ada"), { method: "POST" })).text();
  token = /Bearer ([\w-]{43})/.exec(page)?.[1] ?? "";
});
afterAll(() => hub.close());

const push = async (format: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${hub.url}/v2/uploads/apple/${format}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return answer.status;
};

type Json = ReturnType<typeof JSON.parse>;

/** Waits for the newest record of a type that begins on a day, with a property. */
const record = (type: string, day: string, is: (one: Json) => boolean = () => true) =>
  waitFor(`${type} of ${day}`, () => {
    const found: Json[] = hub.events(type).flatMap(({ body }) => (body as Json).data ?? []);
    const newest = found.filter(({ metadata }) => metadata.start_time.startsWith(day)).at(-1);
    return newest !== undefined && is(newest) && newest;
  });

describe("a day that Health Auto Export pushes", () => {
  it("is answered with success, and becomes a record of every kind", async () => {
    expect(await push("health-auto-export", healthAutoExport)).toBe(202);
    expect((await record("daily", "2026-01-10")).distance_data.steps).toBe(192);
    expect((await record("sleep", "2026-01-09T23:00")).sleep_durations_data.asleep).toMatchObject({
      duration_asleep_state_seconds: 25_560,
      duration_deep_sleep_state_seconds: 3_960,
    });
    const run = await record("activity", "2026-01-10T17:20");
    expect(run).toMatchObject({
      metadata: { type: 8, name: "Outdoor Run" },
      distance_data: { summary: { distance_meters: 5_020 } },
      position_data: { position_samples: [{ coords_lat_lng_deg: [52.1, 13.2] }] },
    });
    const weighed = (one: Json) => one.measurements_data.measurements.length > 0;
    const body = await record("body", "2026-01-10", weighed);
    expect(body.measurements_data.measurements[0].weight_kg).toBe(71.2);
    expect((await record("nutrition", "2026-01-10")).summary.macros.calories).toBe(520);
    expect((await record("menstruation", "2026-01-10")).menstruation_data.menstruation_flow[0].flow).toBe(2);
  });

  it("replaces the day when it is pushed again, and changes nothing when it is the same", async () => {
    const [metric] = healthAutoExport.data.metrics;
    const data = [{ date: "2026-01-10 09:00:00 +0100", qty: 90, source: "Ada\u2019s Apple\u00a0Watch" }];
    const corrected = { data: { metrics: [{ ...metric, data }] } };
    expect(await push("health-auto-export", corrected)).toBe(202);
    const daily = await record("daily", "2026-01-10", (one) => one.distance_data.steps === 90);
    expect(daily.heart_rate_data.summary.avg_hr_bpm).toBe(64);
    const sent = hub.events("daily").length;
    expect(await push("health-auto-export", corrected)).toBe(202);
    expect(await push("healthkit", healthkit)).toBe(202);
    await record("daily", "2026-01-11");
    const again = hub
      .events("daily")
      .slice(sent)
      .flatMap(({ body }) => (body as Json).data);
    expect(again.filter(({ metadata }) => metadata.start_time.startsWith("2026-01-10"))).toEqual([]);
  });

  it("is accepted whatever is in it, and what is unknown is counted", async () => {
    const strange = {
      data: { metrics: [{ name: "aura", units: "lux", data: [{ date: "soon", qty: {} }] }, 7] },
    };
    expect(await push("health-auto-export", strange)).toBe(202);
    await waitFor("the metric to be counted", async () => {
      const rows = await hub.query<{ path: string }>("SELECT path FROM unknown_leaves");
      return rows.some(({ path }) => path === "data.metrics[name=aura].name");
    });
  });
});

describe("an app that reads HealthKit itself", () => {
  it("finds the schema of its bodies", async () => {
    const answer = await fetch(`${hub.url}/v2/uploads/apple/healthkit/schema`);
    expect(answer.headers.get("content-type")).toContain("application/schema+json");
    expect(Object.keys(((await answer.json()) as Json).properties)).toContain("deleted");
    expect((await fetch(`${hub.url}/v2/uploads/apple/health-auto-export/schema`)).status).toBe(404);
    expect((await fetch(`${hub.url}/v2/uploads/constructor/x/schema`)).status).toBe(404);
  });

  it("makes an athlete, without the birth date that nobody asked for", async () => {
    const athlete = await waitFor("the athlete", () => hub.events("athlete").at(-1));
    expect((athlete.body as Json).athlete).toMatchObject({ sex: "female", date_of_birth: null });
  });
});
