import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { createSession } from "../../store/sessions.ts";
import { type Answer, startTestApi, type TestApi } from "../testing/api.ts";
import { Browser, consent as consentAt } from "../testing/browser.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const post = (path: string, json?: unknown) => api.call(path, { method: "POST", json });
const pathOf = (url: unknown) => new URL(String(url)).pathname;
const locationOf = (answer: Answer) => answer.headers.get("location") ?? "";

/** The person gives consent at the sandbox; returns where Polar sends the browser back to. */
const consent = (authUrl: string): Promise<string> => consentAt(api, authUrl);

/** The person says no. */
function refuse(authUrl: string): string {
  const state = new URL(authUrl).searchParams.get("state");
  return `/v2/auth/polar/oauth2?error=access_denied&state=${state}`;
}

describe("POST /v2/auth/authenticateUser", () => {
  const urls = {
    auth_success_redirect_url: "https://app.example/done?step=2#top",
    auth_failure_redirect_url: "myapp://failed?step=2",
  };
  const begin = (json: object) => post("/v2/auth/authenticateUser?resource=POLAR", json);

  test("leads through the provider back to the developer's address, with the user it promised", async () => {
    const { body } = await begin({ ...urls, reference_id: "me & you" });
    expect(body.status).toBe("success");
    const back = await api.call(await consent(String(body.auth_url)));
    expect(back.status).toBe(302);
    expect(locationOf(back)).toBe(
      `https://app.example/done?step=2&user_id=${body.user_id}&reference_id=me+%26+you#top`,
    );
    const info = await api.call(`/v2/userInfo?user_id=${body.user_id}`);
    expect(info.body).toMatchObject({ is_authenticated: true, user: { reference_id: "me & you" } });
  });

  test("leads back with the reason when the person refuses", async () => {
    const { body } = await begin({ ...urls, reference_id: "me" });
    const back = await api.call(refuse(String(body.auth_url)));
    expect(back.status).toBe(302);
    expect(locationOf(back)).toBe(
      "myapp://failed?step=2&reference_id=me&reason=access_denied&code=OAUTH_DENIED",
    );
    expect((await api.call(`/v2/userInfo?user_id=${body.user_id}`)).status).toBe(404);
  });

  test("takes its parameters from the query, with an empty body that claims to be JSON", async () => {
    const query = new URLSearchParams({ resource: "polar", reference_id: "java", ...urls });
    const headers = { "content-type": "application/json; charset=utf-8" };
    const answer = await api.call(`/v2/auth/authenticateUser?${query}`, {
      method: "POST",
      headers,
      body: "",
    });
    expect(answer.status).toBe(200);
    const back = await api.call(await consent(String(answer.body.auth_url)));
    expect(locationOf(back)).toContain("reference_id=java");
  });

  test("takes no body at all, whatever its type", async () => {
    for (const headers of [{}, { "content-type": "text/plain" }]) {
      const init = { method: "POST", headers };
      expect((await api.call("/v2/auth/authenticateUser?resource=POLAR", init)).status).toBe(200);
    }
  });

  test("without an address ends on a page", async () => {
    const connected = await api.call(await consent(String((await begin({})).body.auth_url)));
    expect([connected.status, connected.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    expect(connected.text).toContain("You are connected");
    const refused = await api.call(refuse(String((await begin({})).body.auth_url)));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("did not give access");
  });

  test("refuses what cannot be", async () => {
    const unknown = await post("/v2/auth/authenticateUser?resource=FITBIT", {});
    expect([unknown.status, unknown.body.code]).toEqual([404, "PROVIDER_UNKNOWN"]);
    expect((await post("/v2/auth/authenticateUser", {})).body.code).toBe("REQUEST_INVALID");
    const script = await begin({ auth_success_redirect_url: "javascript:alert(1)" });
    expect([script.status, script.body.code]).toEqual([400, "REDIRECT_URL_INVALID"]);
    const other = await createEnvironment(api.store);
    const init = { method: "POST", as: other };
    const unconfigured = await api.call("/v2/auth/authenticateUser?resource=POLAR", init);
    expect([unconfigured.status, unconfigured.body.code]).toEqual([400, "PROVIDER_NOT_CONFIGURED"]);
  });
});

describe("the way back", () => {
  test("is not used up by whoever only looks whether it is there", async () => {
    const { body } = await post("/v2/auth/authenticateUser?resource=POLAR");
    const path = await consent(String(body.auth_url));
    expect((await api.call(path, { method: "HEAD" })).status).toBe(404);
    expect((await api.call(path)).status).toBe(200);
  });

  test("works once", async () => {
    const { body } = await post("/v2/auth/authenticateUser?resource=POLAR");
    const path = await consent(String(body.auth_url));
    expect((await api.call(path)).status).toBe(200);
    const again = await api.call(path);
    expect(again.status).toBe(400);
    expect(again.text).toContain("OAUTH_STATE_INVALID");
  });

  test("explains itself to a person when it leads nowhere", async () => {
    for (const path of ["/v2/auth/polar/oauth2", "/v2/auth/polar/oauth2?code=x&state=invented"]) {
      const page = await api.call(path);
      expect([page.status, page.headers.get("content-type")]).toEqual([400, "text/html; charset=utf-8"]);
      expect(page.text).toContain("Start again");
      expect(page.headers.get("terra-reference")).toBeTruthy();
    }
    expect((await api.call("/v2/auth/nobody/oauth2?state=x")).status).toBe(404);
  });
});

describe("a session's link", () => {
  test("has Terra's older and newer form", async () => {
    const older = await post("/v2/auth/generateWidgetSession", { reference_id: "me", language: "en" });
    expect([older.status, older.body]).toEqual([
      200,
      {
        status: "success",
        session_id: expect.any(String),
        url: expect.stringMatching(`^${api.url}/connect/[\\w-]{43}$`),
        expires_in: 900,
      },
    ]);
    for (const path of ["/widget/session", "/v2/widget/session"]) {
      const newer = await post(path, { providers: "FITBIT, POLAR" });
      expect(newer.status).toBe(201);
      expect(newer.body).toMatchObject({
        status: "success",
        expires_in: 86_400,
        warnings: [expect.any(String)],
      });
    }
    expect((await post("/v2/auth/generateWidgetSession")).status).toBe(200);
  });

  test("offers what it was made for", async () => {
    const offered = async (providers?: string) => {
      const { body } = await post("/v2/auth/generateWidgetSession", { providers });
      const { text } = await api.call(pathOf(body.url));
      return ["/apple", "/polar"].filter((slug) => new RegExp(`(href|action)="[^"]*${slug}"`).test(text));
    };
    expect(await offered()).toEqual(["/apple", "/polar"]);
    expect(await offered("ALL")).toEqual(["/apple", "/polar"]);
    expect(await offered("polar")).toEqual(["/polar"]);
    const none = await post("/v2/auth/generateWidgetSession", { providers: "FITBIT,STRAVA" });
    expect([none.status, none.body.code]).toEqual([404, "PROVIDER_UNKNOWN"]);
  });

  test("offers nothing else, also when nothing remains", async () => {
    const session = {
      environment_id: api.environment.environmentId,
      providers: ["fitbit"],
      reference_id: null,
      language: null,
      success_url: null,
      failure_url: null,
    };
    const { link } = await createSession(api.store.db, session, 60);
    const page = await api.call(`/connect/${link}`);
    expect([page.status, page.text.includes("Polar")]).toEqual([200, false]);
    expect((await post(`/connect/${link}/polar`)).status).toBe(404);
  });

  test("is refused for an address that could run a script", async () => {
    for (const path of ["/v2/auth/generateWidgetSession", "/widget/session"]) {
      const answer = await post(path, { auth_failure_redirect_url: "data:text/html,x" });
      expect([answer.status, answer.body.code]).toEqual([400, "REDIRECT_URL_INVALID"]);
      expect(answer.body.details).toEqual({ url: "data:text/html,x" });
    }
  });

  test("leads a person through to the developer", async () => {
    const given = { providers: "POLAR", reference_id: "me", auth_success_redirect_url: "myapp://done" };
    const { body } = await post("/v2/auth/generateWidgetSession", given);
    const browser = new Browser(api);
    const { action } = await browser.open(pathOf(body.url));
    const started = await browser.submit(action);
    expect(started.status).toBe(303);
    const back = await browser.get(await consent(locationOf(started)));
    expect(locationOf(back)).toMatch(/^myapp:\/\/done\?user_id=[0-9a-f-]{36}&reference_id=me$/);
  });

  test("is a page for everybody, without scripts, that tells nobody its address", async () => {
    const { body } = await post("/v2/auth/generateWidgetSession", { providers: "POLAR" });
    const page = await api.call(pathOf(body.url));
    expect(page.text).toMatch(/<html lang="en">/);
    expect(page.text).toMatch(/<main>[\s\S]*<h1>/);
    expect(page.text).not.toMatch(/<script|onclick/);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("cache-control")).toBe("no-store");
  });

  test("that is invented or too old says so to the person", async () => {
    const { body } = await post("/v2/auth/generateWidgetSession");
    const id = String(body.session_id);
    const path = pathOf(body.url);
    expect((await api.call(path)).status).toBe(200);
    const past = new Date(Date.now() - 1);
    await api.store.db
      .updateTable("widget_sessions")
      .set({ expires_at: past })
      .where("session_id", "=", id)
      .execute();
    for (const gone of [path, `/connect/${id}`, "/connect/invented"]) {
      const page = await api.call(gone);
      expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
      expect(page.text).toContain("SESSION_NOT_FOUND");
    }
    expect((await post(`${path}/polar`)).status).toBe(404);
  });

  test("starts no provider it does not offer", async () => {
    const { body } = await post("/v2/auth/generateWidgetSession");
    expect((await post(`${pathOf(body.url)}/fitbit`)).status).toBe(404);
  });
});
