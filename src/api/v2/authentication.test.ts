import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { connect } from "../testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

test.each([
  ["in the query", "?resource=POLAR", { reference_id: "x" }],
  ["in the query, with an empty body", "?resource=POLAR", undefined],
  ["in the body, as Terra's older clients send it", "", { resource: "POLAR", reference_id: "x" }],
])("a link is made for the provider named %s", async (_, query, json) => {
  const answer = await api.call(`/v2/auth/authenticateUser${query}`, { method: "POST", json });
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { status: "success", auth_url: expect.stringContaining("state=") },
  ]);
});

test.each([{}, undefined, { resource: "" }])(
  "a link for nobody's provider is refused with a word: %j",
  async (json) => {
    const answer = await api.call("/v2/auth/authenticateUser", { method: "POST", json });
    expect([answer.status, answer.body.code]).toEqual([400, "REQUEST_INVALID"]);
    expect(answer.body.detail).toContain("resource");
  },
);

test("ending a connection is understood with a content type and no body, as Terra's older clients send it", async () => {
  const { user_id } = await connect(api.store, api.environment);
  const headers = { "content-type": "application/json" };
  const end = () => api.call(`/v2/auth/deauthenticateUser?user_id=${user_id}`, { method: "DELETE", headers });
  expect((await end()).status).toBe(200);
  expect((await end()).body.code).toBe("USER_NOT_FOUND");
});
