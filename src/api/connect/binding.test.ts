/** An authorisation belongs to the browser it was begun in, and a connect link to one connection. */
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../../test/support/wait.ts";
import { ProviderClients } from "../../connections/provider-clients.ts";
import { endExpiredFlows } from "../../connections/replacement.ts";
import { createProviderGuard } from "../../security/address-guard.ts";
import { hashSecret } from "../../security/secrets.ts";
import { createLogger } from "../../telemetry/log.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { Browser, consent, newSandboxUser } from "../testing/browser.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const locationOf = (answer: { headers: Headers }) => answer.headers.get("location") ?? "";

async function newLink(given: object = {}): Promise<{ path: string; sessionId: string }> {
  const json = { providers: "POLAR", ...given };
  const { body } = await api.call("/v2/auth/generateWidgetSession", { method: "POST", json });
  return { path: new URL(String(body.url)).pathname, sessionId: String(body.session_id) };
}

/** The person opens the link and chooses Polar; returns the provider's address. */
async function start(browser: Browser, path: string): Promise<string> {
  const { action } = await browser.open(path);
  return locationOf(await browser.submit(action));
}

async function connectThrough(browser: Browser, path: string, sandboxUser?: string) {
  return browser.get(await consent(api, await start(browser, path), sandboxUser));
}

const usersOf = async (reference: string) =>
  (await api.call(`/v2/userInfo?reference_id=${encodeURIComponent(reference)}`)).body.users as {
    user_id: string;
  }[];
const bodiesOf = async (type: string) => {
  const rows = await api.store.db.selectFrom("events").selectAll().where("type", "=", type).execute();
  return Promise.all(
    rows.map(async ({ event_id }) => (await api.admin(`/admin/v1/events/${event_id}`)).body),
  );
};

async function revocationsOf(account: string): Promise<number> {
  const rows = await waitFor("the order", () =>
    api.store.db
      .selectFrom("fetch_tasks")
      .select("task_id")
      .where("kind", "=", "revoke")
      .where("provider_user_id", "=", account)
      .execute(),
  );
  return rows.length;
}

describe("a browser's cookie", () => {
  test("is for this host alone, and no script can read it", async () => {
    const { path } = await newLink();
    const [cookie = ""] = (await api.call(path)).headers.getSetCookie();
    expect(cookie).toMatch(/^systole-browser=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/);
  });

  test("says so by its name where there is TLS", async () => {
    const secure = await startTestApi({ publicUrl: "https://hub.example" });
    try {
      const init = { method: "POST", json: {} };
      const { body } = await secure.call("/v2/auth/generateWidgetSession", init);
      const page = await secure.call(new URL(String(body.url)).pathname);
      expect(page.headers.getSetCookie()[0]).toMatch(
        /^__Host-systole-browser=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
      );
    } finally {
      await secure.close();
    }
  });
});

describe("the way back from the provider", () => {
  test("is closed to another browser, and stays open for the one that began", async () => {
    const { path } = await newLink({ reference_id: "bound" });
    const browser = new Browser(api);
    const back = await consent(api, await start(browser, path));
    const stranger = new Browser(api);
    await stranger.open((await newLink()).path);
    for (const other of [new Browser(api), stranger]) {
      const refused = await other.get(back);
      expect([refused.status, refused.text.includes("OAUTH_OTHER_BROWSER")]).toEqual([400, true]);
      expect(refused.text).toContain("Open the link from the app again");
    }
    expect(await usersOf("bound")).toEqual([]);
    expect((await browser.get(back)).status).toBe(200);
    expect(await usersOf("bound")).toHaveLength(1);
  });

  test("is over after half an hour", async () => {
    const browser = new Browser(api);
    const back = await consent(api, await start(browser, (await newLink()).path));
    const open = await api.store.db.selectFrom("auth_flows").selectAll().execute();
    for (const { created_at, expires_at } of open) {
      expect(Math.abs(expires_at.getTime() - created_at.getTime() - 30 * 60_000)).toBeLessThan(60_000);
    }
    await api.store.db
      .updateTable("auth_flows")
      .set({ expires_at: new Date(Date.now() - 1) })
      .execute();
    const late = await browser.get(back);
    expect([late.status, late.text.includes("within 30 minutes")]).toEqual([400, true]);
  });

  test("is not begun by the form of somebody else's page", async () => {
    const { path } = await newLink();
    const browser = new Browser(api);
    const { action } = await browser.open(path);
    const forged = await browser.submit(action, {}, { "sec-fetch-site": "cross-site" });
    expect([forged.status, locationOf(forged)]).toEqual([303, path]);
  });
});

describe("a connect link", () => {
  test("is kept as its hash", async () => {
    const { path, sessionId } = await newLink();
    const link = path.slice("/connect/".length);
    const row = await api.store.db
      .selectFrom("widget_sessions")
      .selectAll()
      .where("session_id", "=", sessionId)
      .executeTakeFirstOrThrow();
    expect(row.link_hash).toEqual(hashSecret(link));
    expect(JSON.stringify(row)).not.toContain(link);
    expect((await api.call(`/connect/${sessionId}`)).status).toBe(404);
  });

  test("is spent with its first success, and no event names it", async () => {
    const { path, sessionId } = await newLink({ reference_id: "once" });
    const browser = new Browser(api);
    expect((await connectThrough(browser, path)).status).toBe(200);
    for (const again of [await browser.get(path), await browser.submit(`${path}/polar`)]) {
      expect([again.status, again.text.includes("SESSION_USED")]).toEqual([410, true]);
      expect(again.text).toContain("go back to the app");
    }
    const events = JSON.stringify(await bodiesOf("auth"));
    expect(events).toContain(sessionId);
    expect(events).not.toContain(path.slice("/connect/".length));
  });

  test("is not spent by a refusal", async () => {
    const { path } = await newLink();
    const browser = new Browser(api);
    const state = new URL(await start(browser, path)).searchParams.get("state");
    const refused = await browser.get(`/v2/auth/polar/oauth2?error=access_denied&state=${state}`);
    expect(refused.text).toContain("You can try again with the same link");
    expect((await connectThrough(browser, path)).status).toBe(200);
  });

  test("connects one of two tabs", async () => {
    const { path } = await newLink({ reference_id: "tabs" });
    const browser = new Browser(api);
    const [first, second] = [await start(browser, path), await start(browser, path)];
    const account = await newSandboxUser(api);
    expect((await browser.get(await consent(api, second, account))).status).toBe(200);
    const late = await browser.get(await consent(api, first, account));
    expect([late.status, late.text.includes("SESSION_USED")]).toEqual([410, true]);
    expect(await usersOf("tabs")).toHaveLength(1);
  });

  test("connects one of two tabs that come back at once, and gives the other's permission back", async () => {
    const { path, sessionId } = await newLink({ reference_id: "race" });
    const browser = new Browser(api);
    const accounts = [await newSandboxUser(api), await newSandboxUser(api)];
    const backs: string[] = [];
    for (const account of accounts) backs.push(await consent(api, await start(browser, path), account));
    const answers = await api.store.db.transaction().execute(async (tx) => {
      await tx
        .selectFrom("widget_sessions")
        .select("session_id")
        .where("session_id", "=", sessionId)
        .forUpdate()
        .execute();
      const answering = Promise.all(backs.map((back) => browser.get(back)));
      await waitFor("both to have their permission", async () => {
        const { rows } = await sql`SELECT DISTINCT pid FROM pg_locks WHERE NOT granted`.execute(tx);
        return rows.length === 2;
      });
      return { answering };
    });
    const statuses = (await answers.answering).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 410]);
    expect(await usersOf("race")).toHaveLength(1);
    expect(await revocationsOf(accounts[statuses.indexOf(410)] ?? "")).toBe(1);
  });

  test("has five tabs at the provider at most: the oldest makes room", async () => {
    const { path, sessionId } = await newLink();
    const browser = new Browser(api);
    const begun: string[] = [];
    for (let tab = 0; tab < 7; tab++) begun.push(await start(browser, path));
    const { open } = await api.store.db
      .selectFrom("auth_flows")
      .select((all) => all.fn.countAll<string>().as("open"))
      .where("session_id", "=", sessionId)
      .executeTakeFirstOrThrow();
    expect(open).toBe("5");
    const forgotten = await browser.get(await consent(api, begun[0] ?? ""));
    expect(forgotten.text).toContain("OAUTH_STATE_INVALID");
    expect((await browser.get(await consent(api, begun[6] ?? ""))).status).toBe(200);
  });
});

describe("another account under the same reference", () => {
  /** Somebody connected, who comes back with another account; returns the page that asks. */
  async function asked(reference: string, urls: object = {}) {
    const browser = new Browser(api);
    await connectThrough(browser, (await newLink({ reference_id: reference })).path);
    const [former] = await usersOf(reference);
    const { path } = await newLink({ reference_id: reference, ...urls });
    const account = await newSandboxUser(api);
    const answer = await connectThrough(browser, path, account);
    expect(answer.status).toBe(303);
    const page = await browser.open(locationOf(answer));
    return { browser, former, page, path, account, question: locationOf(answer) };
  }

  test("is asked about, in a page that works without scripts", async () => {
    const { page, former } = await asked("asked", { auth_success_redirect_url: "myapp://done" });
    expect(page.status).toBe(200);
    expect(page.text).toContain("Use another account?");
    expect(page.text).toContain("deleted here");
    expect(page.text).not.toMatch(/<script|onclick/);
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self' https: http: myapp:;");
    expect(await usersOf("asked")).toMatchObject([{ user_id: former?.user_id }]);
  });

  test("replaces the former one when the person says so, once", async () => {
    const urls = { auth_success_redirect_url: "myapp://done" };
    const { browser, former, question } = await asked("replaced", urls);
    const answered = await browser.submit(question, { answer: "replace" });
    const [now] = await usersOf("replaced");
    expect(now?.user_id).not.toBe(former?.user_id);
    expect(locationOf(answered)).toBe(`myapp://done?user_id=${now?.user_id}&reference_id=replaced`);
    const again = await browser.submit(question, { answer: "replace" });
    expect([again.status, again.text.includes("REPLACEMENT_EXPIRED")]).toEqual([410, true]);
    expect((await api.call(`/v2/userInfo?user_id=${former?.user_id}`)).status).toBe(404);
  });

  test("goes when the person keeps the former one, and its permission is given back", async () => {
    const { browser, former, question, account, path } = await asked("kept");
    const answered = await browser.submit(question, { answer: "keep" });
    expect([answered.status, answered.text.includes("REPLACEMENT_DECLINED")]).toEqual([400, true]);
    expect(await usersOf("kept")).toMatchObject([{ user_id: former?.user_id }]);
    expect(await revocationsOf(account)).toBe(1);
    expect((await browser.get(path)).status).toBe(200);
  });

  test("is asked of the same browser only", async () => {
    const { question, former } = await asked("whose");
    const stranger = new Browser(api);
    for (const refused of [
      await stranger.get(question),
      await stranger.submit(question, { answer: "replace" }),
    ]) {
      expect([refused.status, refused.text.includes("OAUTH_OTHER_BROWSER")]).toEqual([400, true]);
    }
    expect(await usersOf("whose")).toMatchObject([{ user_id: former?.user_id }]);
  });

  test("is asked about after authenticateUser too", async () => {
    const begin = async () => {
      const init = { method: "POST", json: { reference_id: "unbound" } };
      return String((await api.call("/v2/auth/authenticateUser?resource=POLAR", init)).body.auth_url);
    };
    const browser = new Browser(api);
    await browser.get(await consent(api, await begin()));
    const answer = await browser.get(await consent(api, await begin()));
    expect(locationOf(answer)).toMatch(/^\/connect\/replace\//);
    expect((await browser.get(locationOf(answer))).status).toBe(200);
    expect((await browser.submit(locationOf(answer), { answer: "replace" })).status).toBe(200);
  });

  test("that nobody decided on is given back", async () => {
    const { browser, former, question, account } = await asked("forgotten");
    const later = new Date(Date.now() + 16 * 60_000);
    const deps = {
      store: api.store,
      clients: new ProviderClients(api.store, createProviderGuard({ allowPrivate: true })),
      log: createLogger("silent"),
      publicUrl: api.url,
    };
    await endExpiredFlows(deps, later);
    const late = await browser.get(question);
    expect([late.status, late.text.includes("REPLACEMENT_EXPIRED")]).toEqual([410, true]);
    expect(await revocationsOf(account)).toBe(1);
    expect(await usersOf("forgotten")).toMatchObject([{ user_id: former?.user_id }]);
  });
});
