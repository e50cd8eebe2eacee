import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("integrations", () => {
  test("are listed for anybody, under both names for apps' providers", async () => {
    const response = await fetch(`${api.url}/v2/integrations`);
    expect(await response.json()).toEqual({
      status: "success",
      providers: ["POLAR"],
      sdk_providers: ["APPLE"],
      sdk_resource: ["APPLE"],
    });
  });

  test("are those that can be connected: in the environment that is named, or in any", async () => {
    const names = async (headers: Record<string, string> = {}): Promise<unknown> => {
      const response = await fetch(`${api.url}/v2/integrations`, { headers });
      return ((await response.json()) as { providers?: string[] }).providers;
    };
    const other = await createEnvironment(api.store);
    expect(await names({ "dev-id": other.devId })).toEqual([]);
    expect(await names({ "dev-id": api.environment.devId })).toEqual(["POLAR"]);
    const kept = await api.store.db.deleteFrom("provider_configs").returningAll().execute();
    expect(await names()).toEqual([]);
    await api.store.db.insertInto("provider_configs").values(kept).execute();
    expect(await names()).toEqual(["POLAR"]);
  });

  test("are described: those of any environment, or of the named one", async () => {
    const listed = async (headers: Record<string, string>) => {
      const response = await fetch(`${api.url}/v2/integrations/detailed?sdk=true`, { headers });
      return [response.status, await response.json()] as [
        number,
        { code?: string; providers: { icon: string; provider: string }[] },
      ];
    };
    const [, all] = await listed({});
    const allTypes = { activity: true, body: true, daily: true, sleep: true };
    expect(all.providers).toEqual([
      {
        provider: "APPLE",
        name: "Apple Health",
        icon: `${api.url}/connect/icons/apple.svg`,
        setup: "API_KEYS_MANAGED",
        enabled: true,
        types: { ...allTypes, nutrition: true, menstruation: true },
      },
      {
        provider: "POLAR",
        name: "Polar",
        icon: `${api.url}/connect/icons/polar.svg`,
        setup: "API_KEYS_MANAGED",
        enabled: true,
        types: expect.objectContaining({
          activity: true,
          sleep: true,
          nutrition: false,
          menstruation: false,
        }),
      },
    ]);
    expect((await listed({ "dev-id": api.environment.devId }))[1].providers).toHaveLength(2);
    const other = await createEnvironment(api.store);
    // Apple Health needs no credentials.
    const ofOther = (await listed({ "dev-id": other.devId }))[1].providers;
    expect(ofOther.map(({ provider }) => provider)).toEqual(["APPLE"]);
    expect((await listed({ "dev-id": "nobody" }))[0]).toBe(401);
    const icon = await fetch(all.providers[0]?.icon ?? "");
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  });
});

describe("POST /v2/auth/generateAuthToken", () => {
  const token = (query: string) => api.call(`/v2/auth/generateAuthToken${query}`, { method: "POST" });

  test("issues tokens for three minutes, stored only as hashes", async () => {
    const { body } = await token("?reference_id=me");
    expect(body).toEqual({ status: "success", token: expect.any(String), expires_in: 180 });
    const rows = await api.store.db.selectFrom("auth_tokens").selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.reference_id).toBe("me");
    expect(rows[0]?.token_hash.includes(String(body.token))).toBe(false);
    const seconds = ((rows[0]?.expires_at.getTime() ?? 0) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(170);
    expect(seconds).toBeLessThanOrEqual(180);
    const { body: another } = await token("");
    expect(another.token).not.toBe(body.token);
  });
});
