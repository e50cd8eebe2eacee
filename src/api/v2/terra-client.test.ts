/** Tests Terra's own client against this server, with only its base URL changed. */
import { Terra, TerraClient } from "terra-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../store/connections.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { activity, connect, keep } from "../testing/data.ts";

let api: TestApi;
let client: TerraClient;
let connection: Connection;

beforeAll(async () => {
  api = await startTestApi();
  client = clientWith(api.environment.apiKey);
  connection = await connect(api.store, api.environment, { referenceId: "me" });
  await keep(api.store, connection, "activity", activity("2025-10-01T08:00:00.000000+03:00", 2, "run"));
  await keep(api.store, connection, "athlete", { first_name: "Jo" });
});
afterAll(() => api.close());

const clientWith = (apiKey: string) =>
  new TerraClient({ baseUrl: `${api.url}/v2/`, devId: api.environment.devId, apiKey });

describe("authentication", () => {
  test("authenticateuser", async () => {
    const answer = await client.authentication.authenticateuser({ resource: "POLAR", reference_id: "x" });
    expect(answer).toMatchObject({ status: "success", user_id: expect.any(String) });
    expect(answer.auth_url).toContain("state=");
  });

  test("generatewidgetsession", async () => {
    const answer = await client.authentication.generatewidgetsession({ providers: "POLAR", language: "en" });
    expect(answer).toMatchObject({ status: "success", expires_in: 900 });
  });

  test("generateauthtoken", async () => {
    expect(await client.authentication.generateauthtoken()).toMatchObject({ expires_in: 180 });
  });

  test("deauthenticateuser", async () => {
    const { user_id } = await connect(api.store, api.environment);
    expect(await client.authentication.deauthenticateuser({ user_id })).toEqual({ status: "success" });
    await expect(client.authentication.deauthenticateuser({ user_id })).rejects.toBeInstanceOf(
      Terra.NotFoundError,
    );
  });
});

describe("users", () => {
  test("getinfoforuserid, by either id", async () => {
    const { user_id } = connection;
    expect(await client.user.getinfoforuserid({ user_id })).toMatchObject({
      user: { user_id, provider: "POLAR" },
      is_authenticated: true,
    });
    const answer = await client.user.getinfoforuserid({ reference_id: "me" });
    expect("users" in answer && answer.users).toMatchObject([{ user_id }]);
    await expect(client.user.getinfoforuserid({ user_id: "x" })).rejects.toBeInstanceOf(Terra.NotFoundError);
    await expect(client.user.getinfoforuserid({})).rejects.toBeInstanceOf(Terra.BadRequestError);
  });

  test("getalluserids, whole and in pages", async () => {
    expect(await client.user.getalluserids()).toHaveProperty("users");
    const page = await client.user.getalluserids({ page: 0, per_page: 1 });
    expect(page).toMatchObject({ data: { results: [{ provider: "POLAR" }] } });
  });

  test("getinfoformultipleuserids", async () => {
    const users = await client.user.getinfoformultipleuserids([connection.user_id, "x"]);
    expect(users.map((user) => user.user_id)).toEqual([connection.user_id]);
  });

  test("modifyuser", async () => {
    const { user_id } = await connect(api.store, api.environment);
    const answer = await client.user.modifyuser(user_id, { reference_id: "new", active: false });
    expect(answer).toMatchObject({ status: "success", user: { reference_id: "new", active: false } });
  });
});

describe("data", () => {
  const range = { start_date: "2025-10-01", end_date: "2025-10-02" };

  test("activity, inline", async () => {
    const request = { user_id: connection.user_id, ...range, to_webhook: false, with_samples: true };
    const answer = await client.activity.fetch(request);
    expect(answer).toMatchObject({ type: "activity", data: [{ metadata: { summary_id: "run" } }] });
  });

  test.each(["daily", "sleep", "body"] as const)("%s, inline and to the webhook", async (type) => {
    const request = { user_id: connection.user_id, ...range };
    expect(await client[type].fetch({ ...request, to_webhook: false })).toMatchObject({ type, data: [] });
    const unix = { start_date: Date.parse("2025-10-01") / 1_000, end_date: Date.parse("2025-10-02") / 1_000 };
    expect(await client[type].fetch({ ...request, ...unix })).toMatchObject({
      type,
      reference: expect.any(String),
    });
  });

  test("athlete", async () => {
    const answer = await client.athlete.fetch({ user_id: connection.user_id, to_webhook: false });
    expect(answer).toMatchObject({ type: "athlete", athlete: { first_name: "Jo" } });
  });

  test.each(["menstruation", "nutrition"] as const)("%s is not Polar's", async (type) => {
    const refused = client[type].fetch({ user_id: connection.user_id, ...range, to_webhook: false });
    await expect(refused).rejects.toBeInstanceOf(Terra.NotFoundError);
    await expect(refused).rejects.toMatchObject({ body: { code: "DATA_TYPE_UNSUPPORTED", status: "error" } });
  });

  test("errors have their types and texts", async () => {
    const wrongDate = client.sleep.fetch({ user_id: connection.user_id, start_date: "soon" });
    await expect(wrongDate).rejects.toBeInstanceOf(Terra.BadRequestError);
    await expect(wrongDate).rejects.toMatchObject({
      body: { detail: expect.stringMatching(/^invalid start_date: .*YYYY-MM-DD/) },
    });
    const wrongKey = clientWith("wrong").daily.fetch({
      user_id: connection.user_id,
      start_date: "2025-10-01",
    });
    await expect(wrongKey).rejects.toBeInstanceOf(Terra.UnauthorizedError);
    await expect(wrongKey).rejects.toMatchObject({ body: { message: "dev-id or x-api-key is not valid" } });
  });
});

describe("integrations", () => {
  test("fetch", async () => {
    expect(await client.integrations.fetch()).toMatchObject({
      providers: ["GARMIN", "POLAR"],
      sdk_resource: ["APPLE"],
    });
  });

  test("detailedfetch", async () => {
    const answer = await client.integrations.detailedfetch({ sdk: true });
    expect(answer.providers).toMatchObject([
      { provider: "APPLE", enabled: true, types: { activity: true, nutrition: true } },
      { provider: "GARMIN", enabled: true, types: { activity: true, nutrition: true } },
      { provider: "POLAR", enabled: true, types: { activity: true, nutrition: false } },
    ]);
  });
});
