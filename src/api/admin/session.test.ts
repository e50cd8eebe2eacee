import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listAudit } from "../../store/audit-log.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { DashboardBrowser } from "../testing/dashboard-browser.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const password = "correct horse battery staple";
let number = 0;

async function newAccount(role = "admin") {
  const email = `person${++number}@example.com`;
  const made = await api.admin("/admin/v1/accounts", { method: "POST", json: { email, password, role } });
  expect(made.status).toBe(201);
  return { id: String(made.body.id), email };
}

async function signedIn(role = "admin") {
  const account = await newAccount(role);
  const browser = new DashboardBrowser(api.url);
  const answer = await browser.signIn({ email: account.email, password });
  expect(answer.status).toBe(200);
  return { ...account, browser };
}

describe("the first visit", () => {
  test("finds that there is no account, makes one with the admin token and signs in", async () => {
    const own = await startTestApi();
    try {
      const browser = new DashboardBrowser(own.url);
      const nobody = { account: null, csrf_token: null };
      expect((await browser.get("/session")).body).toEqual({ ...nobody, setup_required: true });
      const json = { email: " Ada@Example.com", password, role: "admin" };
      expect((await own.admin("/admin/v1/accounts", { method: "POST", json })).status).toBe(201);
      expect((await browser.get("/session")).body).toEqual({ ...nobody, setup_required: false });
      const { status, body } = await browser.signIn({ email: "ada@example.COM", password });
      expect([status, body.account]).toEqual([200, expect.objectContaining({ email: "ada@example.com" })]);
      expect((await browser.get("/users")).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});

describe("an account", () => {
  test("has one e-mail, and a password that is kept as an argon2id hash", async () => {
    const { email } = await newAccount();
    const again = { email: email.toUpperCase(), password, role: "viewer" };
    expect((await api.admin("/admin/v1/accounts", { method: "POST", json: again })).status).toBe(400);
    const [row] = await api.store.db.selectFrom("accounts").selectAll().where("email", "=", email).execute();
    expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await api.admin("/admin/v1/accounts")).text).not.toContain("argon2");
  });

  test("has a password of twelve characters or more", async () => {
    const json = { email: "short@example.com", password: "elevenchars", role: "viewer" };
    expect((await api.admin("/admin/v1/accounts", { method: "POST", json })).status).toBe(400);
  });

  test("that is deleted is signed out everywhere", async () => {
    const { id, browser } = await signedIn();
    expect((await api.admin(`/admin/v1/accounts/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await browser.get("/users")).body.code).toBe("ACCOUNT_SESSION_ENDED");
    expect((await api.admin(`/admin/v1/accounts/${id}`, { method: "DELETE" })).status).toBe(404);
  });
});

describe("signing in", () => {
  test("is refused alike for a wrong password and an unknown e-mail", async () => {
    const { email } = await newAccount();
    const browser = new DashboardBrowser(api.url);
    for (const given of [
      { email, password: "wrong password" },
      { email: "nobody@example.com", password },
    ]) {
      const { status, body, headers } = await browser.signIn(given);
      expect([status, body.code]).toEqual([401, "SIGN_IN_REFUSED"]);
      expect(headers.getSetCookie()).toEqual([]);
    }
  });

  test("sets a cookie that scripts and other sites do not have, kept here as its hash", async () => {
    const { email } = await newAccount();
    const browser = new DashboardBrowser(api.url);
    const { headers } = await browser.signIn({ email, password });
    const [cookie = ""] = headers.getSetCookie();
    expect(cookie).toMatch(/^systole_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const secret = cookie.slice("systole_session=".length, cookie.indexOf(";"));
    const rows = await api.store.db.selectFrom("account_sessions").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  test("sets a cookie for https alone where that is the public URL", async () => {
    const own = await startTestApi({ publicUrl: "https://hub.example" });
    try {
      const json = { email: "a@example.com", password, role: "admin" };
      await own.admin("/admin/v1/accounts", { method: "POST", json });
      const answer = await new DashboardBrowser(own.url).signIn({ email: "a@example.com", password });
      expect(answer.headers.getSetCookie()[0]).toContain("; Secure");
    } finally {
      await own.close();
    }
  });

  test("is not done by another site's page", async () => {
    const { email } = await newAccount();
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      const browser = new DashboardBrowser(api.url, headers);
      expect((await browser.signIn({ email, password })).body.code).toBe("CSRF_REFUSED");
    }
  });

  test("ends the browser's former session", async () => {
    const { email, browser } = await signedIn();
    const former = new DashboardBrowser(api.url);
    former.cookie = browser.cookie;
    await browser.signIn({ email, password });
    expect((await former.get("/users")).status).toBe(401);
    expect((await browser.get("/users")).status).toBe(200);
  });
});

describe("a change with a cookie", () => {
  const label = { label: "by a browser" };

  test("is made with the token of the session, from our own page", async () => {
    const { browser } = await signedIn();
    expect((await browser.send("POST", "/keys", label)).status).toBe(201);
  });

  test.each([
    ["without the token", { "x-csrf-token": "" }],
    ["with another token", { "x-csrf-token": "A".repeat(43) }],
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from another port of this host", { "sec-fetch-site": "same-site" }],
    ["with another origin", { origin: "http://127.0.0.1:1" }],
    ["with an opaque origin", { origin: "null" }],
  ])("is refused %s", async (_, headers) => {
    const { browser } = await signedIn();
    const { status, body } = await browser.send("POST", "/keys", label, headers);
    expect([status, body.code]).toEqual([403, "CSRF_REFUSED"]);
  });

  test("is refused where nothing says which page asks", async () => {
    const { browser } = await signedIn();
    const silent = new DashboardBrowser(api.url, {});
    silent.cookie = browser.cookie;
    silent.csrfToken = browser.csrfToken;
    expect((await silent.send("POST", "/keys", label)).body.code).toBe("CSRF_REFUSED");
    expect((await silent.get("/users")).status).toBe(200);
  });

  test("is in the audit log with the e-mail", async () => {
    const { id, email, browser } = await signedIn();
    await browser.send("POST", "/keys", label);
    const actions = (await listAudit(api.store.db, { operator: email }, { limit: 10 })).map((entry) => [
      entry.action,
      entry.status,
      entry.actor_id,
    ]);
    expect(actions).toEqual([
      ["POST /admin/v1/keys", 201, id],
      ["POST /admin/v1/session", 200, id],
    ]);
  });
});

describe("a viewer's account", () => {
  test("changes nothing but its own password and sessions", async () => {
    const { id: otherId } = await newAccount();
    const { id, browser } = await signedIn("viewer");
    const forbidden = await browser.send("POST", "/keys", {});
    expect([forbidden.status, forbidden.body.code]).toEqual([403, "OPERATOR_FORBIDDEN"]);
    const next = { password: "another long password", current_password: password };
    expect((await browser.send("PUT", `/accounts/${otherId}/password`, next)).status).toBe(403);
    expect((await browser.send("POST", "/session/links", {})).status).toBe(403);
    expect((await browser.send("PUT", `/accounts/${id}/password`, next)).status).toBe(204);
    expect((await browser.send("DELETE", "/session")).status).toBe(204);
  });

  test("sees its own sessions and ends no other", async () => {
    const admin = await signedIn();
    const viewer = await signedIn("viewer");
    const own = (await viewer.browser.get("/sessions")).body.data as { id: string; current: boolean }[];
    expect(own.map(({ current }) => current)).toEqual([true]);
    const all = (await admin.browser.get("/sessions")).body.data as { id: string; account_id: string }[];
    const adminSession = all.find(({ account_id }) => account_id === admin.id);
    expect((await viewer.browser.send("DELETE", `/sessions/${adminSession?.id}`)).status).toBe(404);
    expect((await viewer.browser.send("DELETE", `/sessions/${own[0]?.id}`)).status).toBe(204);
    expect((await viewer.browser.get("/session")).body.account).toBeNull();
    expect((await admin.browser.get("/session")).body.account).not.toBeNull();
  });
});

describe("a password", () => {
  const next = "another long password";

  test("of one's own is changed with the present one, and ends the other sessions", async () => {
    const { id, email, browser } = await signedIn();
    const elsewhere = new DashboardBrowser(api.url);
    await elsewhere.signIn({ email, password });
    const wrong = { password: next, current_password: "not this one" };
    expect((await browser.send("PUT", `/accounts/${id}/password`, wrong)).status).toBe(400);
    const right = { password: next, current_password: password };
    expect((await browser.send("PUT", `/accounts/${id}/password`, right)).status).toBe(204);
    expect([(await browser.get("/users")).status, (await elsewhere.get("/users")).status]).toEqual([
      200, 401,
    ]);
    expect((await elsewhere.signIn({ email, password })).status).toBe(401);
    expect((await elsewhere.signIn({ email, password: next })).status).toBe(200);
  });

  test("is set without the present one by who has just signed in with a link, for an hour", async () => {
    const { id, email } = await newAccount();
    const json = { account_id: id };
    const signInByLink = async () => {
      const { body } = await api.admin("/admin/v1/session/links", { method: "POST", json });
      const browser = new DashboardBrowser(api.url);
      const link_token = new URL(String(body.url), "http://x").searchParams.get("link") ?? "";
      const signed = await browser.signIn({ link_token });
      expect(signed.body.account).toMatchObject({ may_set_password: true });
      return browser;
    };
    const browser = await signInByLink();
    expect((await browser.send("PUT", `/accounts/${id}/password`, { password: next })).status).toBe(204);
    expect((await new DashboardBrowser(api.url).signIn({ email, password: next })).status).toBe(200);
    const late = await signInByLink();
    await sql`UPDATE account_sessions SET created_at = now() - interval '61 minutes'
      WHERE account_id = ${id}`.execute(api.store.db);
    expect((await late.send("PUT", `/accounts/${id}/password`, { password })).status).toBe(400);
    expect((await late.get("/session")).body.account).toMatchObject({ may_set_password: false });
  });

  test("of somebody else is set by an admin, and signs them out", async () => {
    const { id, email, browser } = await signedIn();
    const json = { password: next };
    expect((await api.admin(`/admin/v1/accounts/${id}/password`, { method: "PUT", json })).status).toBe(204);
    expect((await browser.get("/users")).status).toBe(401);
    expect((await browser.signIn({ email, password: next })).status).toBe(200);
  });
});

describe("a session", () => {
  const age = (email: string, column: "expires_at" | "ends_at") =>
    sql`UPDATE account_sessions s SET ${sql.ref(column)} = now() - interval '1 second'
      FROM accounts a WHERE a.account_id = s.account_id AND a.email = ${email}`.execute(api.store.db);

  test.each(["expires_at", "ends_at"] as const)("has ended when its %s has passed", async (column) => {
    const { email, browser } = await signedIn();
    await age(email, column);
    expect((await browser.get("/users")).body.code).toBe("ACCOUNT_SESSION_ENDED");
    expect((await browser.get("/session")).body.account).toBeNull();
  });

  test("goes on while it is used, and not past its end", async () => {
    const { email, browser } = await signedIn();
    const own = sql`account_id = (SELECT account_id FROM accounts WHERE email = ${email})`;
    await sql`UPDATE account_sessions SET used_at = now() - interval '20 hours',
      expires_at = now() + interval '4 hours' WHERE ${own}`.execute(api.store.db);
    await browser.get("/users");
    const { rows } = await sql<{ hours: number; days: number }>`
      SELECT extract(epoch FROM expires_at - now()) / 3600 AS hours,
        extract(epoch FROM ends_at - now()) / 86400 AS days FROM account_sessions WHERE ${own}`.execute(
      api.store.db,
    );
    expect(Math.round(Number(rows[0]?.hours))).toBe(24);
    expect(Math.round(Number(rows[0]?.days))).toBe(14);
  });

  test("is over when its browser signs out, however often that is asked", async () => {
    const { browser } = await signedIn();
    const kept = browser.cookie;
    const out = await browser.send("DELETE", "/session");
    expect([out.status, browser.cookie]).toEqual([204, "systole_session="]);
    browser.cookie = kept;
    expect((await browser.get("/users")).status).toBe(401);
    expect((await browser.send("DELETE", "/session")).status).toBe(204);
  });
});

describe("a sign-in link", () => {
  const linkFor = async (id: string) => {
    const json = { account_id: id };
    const { status, body } = await api.admin("/admin/v1/session/links", { method: "POST", json });
    expect(status).toBe(201);
    return String(body.url);
  };
  const tokenOf = (url: string) => new URL(url, "http://x").searchParams.get("link") ?? "";

  test("signs in once", async () => {
    const { id, email } = await newAccount();
    const url = await linkFor(id);
    expect(url).toMatch(/^\/dashboard\/sign-in\?link=[\w-]{43}$/);
    const browser = new DashboardBrowser(api.url);
    const first = await browser.signIn({ link_token: tokenOf(url) });
    expect(first.body.account).toMatchObject({ email });
    const second = await new DashboardBrowser(api.url).signIn({ link_token: tokenOf(url) });
    expect([second.status, second.body.code]).toEqual([401, "SIGN_IN_LINK_INVALID"]);
  });

  test("of two who use it at once lets one in", async () => {
    const { id } = await newAccount();
    const link_token = tokenOf(await linkFor(id));
    const both = await Promise.all([1, 2].map(() => new DashboardBrowser(api.url).signIn({ link_token })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("ends after ten minutes", async () => {
    const { id } = await newAccount();
    const link_token = tokenOf(await linkFor(id));
    const { rows } = await sql<{ minutes: number }>`
      UPDATE sign_in_links SET expires_at = expires_at - interval '10 minutes' WHERE account_id = ${id}
      RETURNING round(extract(epoch FROM now() - expires_at) / 60) AS minutes`.execute(api.store.db);
    expect(Number(rows[0]?.minutes)).toBe(0);
    expect((await new DashboardBrowser(api.url).signIn({ link_token })).status).toBe(401);
  });

  test("is for the caller's own account unless another is named", async () => {
    const { email, browser } = await signedIn();
    const { body } = await browser.send("POST", "/session/links", {});
    const signed = await new DashboardBrowser(api.url).signIn({ link_token: tokenOf(String(body.url)) });
    expect(signed.body.account).toMatchObject({ email });
    const unclear = await api.admin("/admin/v1/session/links", { method: "POST" });
    expect([unclear.status, unclear.body.code]).toEqual([400, "REQUEST_INVALID"]);
  });
});

test("a token comes before a cookie", async () => {
  const { browser } = await signedIn();
  const wrong = await browser.get("/users", { authorization: "Bearer wrong" });
  expect([wrong.status, wrong.body.code]).toEqual([401, "ADMIN_TOKEN_INVALID"]);
});

test("wrong passwords wait, and are sent away when many come at once, while who is signed in is served", async () => {
  const { browser } = await signedIn();
  const given = { email: "nobody@example.com", password: "guess" };
  const guesses = Array.from({ length: 40 }, () => new DashboardBrowser(api.url).signIn(given));
  const sentAway = await Promise.any(
    guesses.map(async (guess) => {
      const answer = await guess;
      if (answer.status !== 429) throw new Error("not this one");
      return answer;
    }),
  );
  expect(sentAway.headers.get("retry-after")).toBe("30");
  expect((await browser.get("/users")).status).toBe(200);
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
});
