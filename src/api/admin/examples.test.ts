import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DataType, models } from "../../models/index.ts";
import { findEvent } from "../../store/events.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("an example payload", () => {
  test.each(["activity", "daily", "sleep", "body", "athlete"] as const)(
    "of %s is an event that the model reads",
    async (type: DataType) => {
      const { status, body } = await api.admin(`/admin/v1/providers/polar/examples/${type}`);
      expect(status).toBe(200);
      const payload = body.payload as {
        type: string;
        user: { provider: string };
        data?: unknown[];
        athlete?: unknown;
      };
      expect([payload.type, payload.user.provider]).toEqual([type, "POLAR"]);
      const [record = payload.athlete] = payload.data ?? [];
      expect(models[type].safeParse(record).error).toBeUndefined();
      expect(JSON.stringify(record).length).toBeGreaterThan(50);
    },
  );

  test("of a type that the provider lacks names those that have it", async () => {
    const { status, body } = await api.admin("/admin/v1/providers/polar/examples/nutrition");
    expect([status, body.code]).toEqual([404, "EXAMPLE_MISSING"]);
    expect((body.details as { providers: string[] }).providers).not.toContain("polar");
    expect((await api.admin("/admin/v1/providers/none/examples/sleep")).body.code).toBe("PROVIDER_UNKNOWN");
  });

  test("goes to one destination as a real event", async () => {
    const admin = api.about(api.environment);
    const settings = { url: "https://receiver.example/hook" };
    const chosen = (await admin.post("/destinations", { kind: "webhook", settings, event_types: ["auth"] }))
      .body.id;
    await admin.post("/destinations", { kind: "webhook", settings });
    const json = { provider: "polar", type: "sleep" };
    const { status, body } = await admin.post(`/destinations/${chosen}/test-event`, json);
    expect(status).toBe(202);
    const deliveries = (await admin.get(`/deliveries?event_id=${body.event_id}`)).body.data as {
      id: string;
    }[];
    expect(deliveries).toMatchObject([{ id: body.delivery_id, destination_id: chosen, type: "sleep" }]);
    const event = await findEvent(api.store, api.environment.environmentId, String(body.event_id));
    expect(JSON.parse(event?.body.toString("utf8") ?? "")).toMatchObject({
      type: "sleep",
      user: { reference_id: "systole-example" },
    });
  });
});
