/** Tests which addresses of a provider an admin may set. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createProviderGuard } from "../../security/address-guard.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ providerGuard: createProviderGuard({ allowPrivate: false }) });
});
afterAll(() => api.close());

const credentials = { client_id: "id", client_secret: "secret" };
const put = (addresses: object) =>
  api.about(api.environment).put("/providers/polar", { ...credentials, ...addresses });

it.each([
  [{ api_url: "https://169.254.169.254" }, "PROVIDER_ADDRESS_PRIVATE"],
  [{ token_url: "https://[::1]/token" }, "PROVIDER_ADDRESS_PRIVATE"],
  [{ api_url: "https://0x7f.1" }, "PROVIDER_ADDRESS_PRIVATE"],
  [{ token_url: null, api_url: "http://www.polaraccesslink.com" }, "PROVIDER_ADDRESS_PLAIN"],
  [{ api_url: "https://www.polaraccesslink.com/latest/meta-data?" }, "REQUEST_INVALID"],
  [{ token_url: "https://polarremote.com/v2/oauth2/token?x=" }, "REQUEST_INVALID"],
  [{ api_url: "https://user:pass@www.polaraccesslink.com" }, "REQUEST_INVALID"],
  [{ api_url: "file:///etc/passwd" }, "REQUEST_INVALID"],
])("refuses %j and keeps nothing", async (addresses, code) => {
  const before = (await api.about(api.environment).get("/providers")).body.data;
  const answer = await put(addresses);
  expect([answer.status, answer.body.code]).toEqual([400, code]);
  expect((await api.about(api.environment).get("/providers")).body.data).toEqual(before);
});

it("takes Polar's own addresses", async () => {
  const answer = await put({
    api_url: "https://www.polaraccesslink.com/",
    token_url: null,
    authorize_url: null,
  });
  const { api_url } = answer.body.settings as Record<string, unknown>;
  expect([answer.status, api_url]).toEqual([200, "https://www.polaraccesslink.com/"]);
});
