/** An agreement on the connect page is kept with its connection, and with nothing else. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { Browser, consent, newSandboxUser } from "../testing/browser.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const locationOf = (answer: { headers: Headers }) => answer.headers.get("location") ?? "";

async function newLink(given: object): Promise<string> {
  const json = { providers: "POLAR", ...given };
  const { body } = await api.call("/v2/auth/generateWidgetSession", { method: "POST", json });
  return new URL(String(body.url)).pathname;
}

async function start(browser: Browser, reference: string, language?: string): Promise<string> {
  const { action } = await browser.open(await newLink({ reference_id: reference, language }));
  return locationOf(await browser.submit(action, { answer: "agree" }));
}

async function connect(reference: string, account?: string, language?: string): Promise<string> {
  const browser = new Browser(api);
  await browser.get(await consent(api, await start(browser, reference, language), account));
  const { body } = await api.call(`/v2/userInfo?reference_id=${reference}`);
  return (body.users as { user_id: string }[])[0]?.user_id ?? "";
}

const agreementsOf = async (userId: string) =>
  (await api.about(api.environment).get(`/users/${userId}/agreements`)).body.data as Record<
    string,
    unknown
  >[];

/** Those of Polar's Dynamic API v4, but for the account, which the person has to choose. */
const usualScopes = [
  "training_sessions:read",
  "activity:read",
  "sleep:read",
  "nightly_recharge:read",
  "continuous_samples:read",
  "ppi_data:read",
  "temperature_measurement:read",
  "skin_contact:read",
  "tests:read",
  "calendar:read",
  "training_targets:read",
  "sports:read",
  "routes:read",
  "devices:read",
  "user_subscription:read",
];

const rows = () => api.store.db.selectFrom("agreements").selectAll().execute();

test("it is kept when the connection is made, in the language that was shown", async () => {
  const before = Date.now();
  const browser = new Browser(api);
  const back = await consent(api, await start(browser, "kept", "de"));
  expect(await rows()).toEqual([]);
  await browser.get(back);
  const [row, ...others] = await rows();
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    provider: "polar",
    consent: "dynamic-v4",
    language: "de",
    scopes: usualScopes,
    text: expect.stringMatching(
      /^Ihre Daten von Polar mit der App teilen\n.*\[Zustimmen und weiter zu Polar\]$/s,
    ),
  });
  expect(row?.agreed_at.getTime()).toBeGreaterThanOrEqual(before);
  expect(row?.agreed_at.getTime()).toBeLessThanOrEqual(Date.now());
});

test("a refusal keeps nothing", async () => {
  const known = await rows();
  const browser = new Browser(api);
  const state = new URL(await start(browser, "refused")).searchParams.get("state");
  await browser.get(`/v2/auth/polar/oauth2?error=access_denied&state=${state}`);
  expect(await rows()).toEqual(known);
});

test("who connects again has both, newest first; another account's goes with it", async () => {
  const account = await newSandboxUser(api);
  const former = await connect("again", account);
  const userId = await connect("again", account, "fr");
  expect(userId).not.toBe(former);
  expect((await agreementsOf(userId)).map(({ language }) => language)).toEqual(["fr", "en"]);
  const browser = new Browser(api);
  const asked = await browser.get(await consent(api, await start(browser, "again", "nl")));
  await browser.submit(locationOf(asked), { answer: "replace" });
  const { body } = await api.call("/v2/userInfo?reference_id=again");
  const [now] = body.users as { user_id: string }[];
  expect((await agreementsOf(now?.user_id ?? "")).map(({ language }) => language)).toEqual(["nl"]);
  expect((await rows()).filter(({ user_id }) => [userId, former].includes(user_id))).toEqual([]);
});

test("it is erased with the person", async () => {
  const userId = await connect("erased");
  expect(await agreementsOf(userId)).toHaveLength(1);
  const { body } = await api.about(api.environment).remove(`/users/${userId}`);
  expect(body.deleted).toMatchObject({ agreements: 1 });
  expect((await rows()).some(({ user_id }) => user_id === userId)).toBe(false);
});

test("a link that leads straight to the provider has none: its page was the developer's", async () => {
  const init = { method: "POST", json: { reference_id: "straight" } };
  const { body } = await api.call("/v2/auth/authenticateUser?resource=POLAR", init);
  await new Browser(api).get(await consent(api, String(body.auth_url)));
  expect(await agreementsOf(String(body.user_id))).toEqual([]);
});

test("a scope that is none of the provider's choices is not asked for", async () => {
  const browser = new Browser(api);
  const { action } = await browser.open(await newLink({}));
  const begun = locationOf(await browser.submit(action, { scope: "everything" }));
  expect(new URL(begun).searchParams.get("scope")?.split(" ")).toEqual(usualScopes);
});
