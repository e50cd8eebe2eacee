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
      providers: ["GARMIN", "POLAR"],
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
    // Garmin needs no credentials.
    expect(await names({ "dev-id": other.devId })).toEqual(["GARMIN"]);
    expect(await names({ "dev-id": api.environment.devId })).toEqual(["GARMIN", "POLAR"]);
    const kept = await api.store.db.deleteFrom("provider_configs").returningAll().execute();
    expect(await names()).toEqual(["GARMIN"]);
    await api.store.db.insertInto("provider_configs").values(kept).execute();
    expect(await names()).toEqual(["GARMIN", "POLAR"]);
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
        provider: "GARMIN",
        name: "Garmin",
        icon: `${api.url}/connect/icons/garmin.svg`,
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
    expect((await listed({ "dev-id": api.environment.devId }))[1].providers).toHaveLength(3);
    const other = await createEnvironment(api.store);
    // Apple Health and Garmin need no credentials.
    const ofOther = (await listed({ "dev-id": other.devId }))[1].providers;
    expect(ofOther.map(({ provider }) => provider)).toEqual(["APPLE", "GARMIN"]);
    expect((await listed({ "dev-id": "nobody" }))[0]).toBe(401);
    const icon = await fetch(all.providers[0]?.icon ?? "");
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  });
});

describe("a provider that is configured by hand", () => {
  const oura = {
    client_id: "client",
    client_secret: "secret",
    authorize_url: "https://oura.example/authorize",
    token_url: "https://oura.example/token",
    api_url: "https://oura.example",
  };

  test("is listed with its own types from then on, in its environment only", async () => {
    const environment = await createEnvironment(api.store);
    const typesOf = async ({ devId }: { readonly devId: string }): Promise<unknown> => {
      const response = await fetch(`${api.url}/v2/integrations/detailed`, { headers: { "dev-id": devId } });
      const { providers } = (await response.json()) as { providers: { provider: string; types: unknown }[] };
      return providers.find(({ provider }) => provider === "OURA")?.types;
    };
    expect(await typesOf(environment)).toBeUndefined();
    expect((await api.about(environment).put("/providers/oura", oura)).status).toBe(200);
    expect(await typesOf(environment)).toEqual({
      activity: true,
      daily: true,
      sleep: true,
      body: false,
      nutrition: false,
      menstruation: false,
    });
    expect(await typesOf(api.environment)).toBeUndefined();
  });

  test("and one without credentials tell operators how people connect", async () => {
    const { data } = (await api.about(api.environment).get("/providers")).body as {
      data: { slug: string; connecting: string; data_types: string[]; configured: boolean }[];
    };
    const told = (slug: string) => data.find((one) => one.slug === slug);
    expect(told("oura")).toMatchObject({ connecting: "oauth", configured: false });
    expect(told("oura")?.data_types.toSorted()).toEqual(["activity", "athlete", "daily", "sleep"]);
    expect(told("garmin")).toMatchObject({ connecting: "key", configured: true });
    expect(told("garmin")?.data_types).toHaveLength(7);
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
