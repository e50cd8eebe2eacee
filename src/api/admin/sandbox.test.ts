/** People of the sandbox, connected and synced without a browser, and links made without an API key. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../../test/support/database.ts";
import { daysAgo } from "../../../test/support/polar-bodies.ts";
import { startReceiver } from "../../../test/support/receiver.ts";
import { saveProviderConfig } from "../../store/provider-configs.ts";
import { configurePolar, startTestApi, type TestApi } from "../testing/api.ts";
import { Browser, consent } from "../testing/browser.ts";
import { connect } from "../testing/data.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const own = () => api.about(api.environment);

/** Configures Polar with the addresses given; others are Polar's own. */
async function polarAt(addresses: object): Promise<TestEnvironment> {
  const environment = await createEnvironment(api.store);
  const id = { environmentId: environment.environmentId, provider: "polar" };
  const settings = { client_id: "ours", client_secret: "ours", ...addresses };
  await saveProviderConfig(api.store.db, api.store.keyRing, id, settings, "process");
  return environment;
}

async function moveClock(now: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ now });
  await fetch(`${api.sandbox.url}/_sandbox/clock`, { method: "PUT", headers, body });
}

describe("whether a sandbox plays a provider", () => {
  test("is told of those whose addresses lead to one", async () => {
    expect((await own().get("/sandbox")).body).toEqual({
      data: [{ provider: "POLAR", slug: "polar", name: "Polar" }],
    });
    const unconfigured = await createEnvironment(api.store);
    expect((await api.about(unconfigured).get("/sandbox")).body).toEqual({ data: [] });
  });

  test("is asked of no provider at its own addresses, and believed of no other server", async () => {
    const server = await startReceiver((response) => response.writeHead(200).end('{"sandboxes":["garmin"]}'));
    const { origin } = new URL(server.url);
    const real = await polarAt({});
    const half = await polarAt({ api_url: origin });
    const elsewhere = await polarAt({ api_url: origin, token_url: `${origin}/token` });
    for (const environment of [real, half, elsewhere]) {
      expect((await api.about(environment).get("/sandbox")).body).toEqual({ data: [] });
    }
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /_sandbox"]);
    server.answer((response) => response.writeHead(200).end("<html>"));
    expect((await api.about(elsewhere).get("/sandbox")).body).toEqual({ data: [] });
    await server.close();
    expect((await api.about(elsewhere).get("/sandbox")).body).toEqual({ data: [] });
  });
});

describe("a sandbox's person", () => {
  test("is connected in one call, and has data once the watch is synced", async () => {
    const made = await own().post("/sandbox/people", { reference_id: "sandy" });
    expect([made.status, made.body]).toEqual([
      201,
      { user_id: expect.any(String), reference_id: "sandy", provider: "polar" },
    ]);
    const { body: person } = await own().get(`/users/${made.body.user_id}`);
    expect(person).toMatchObject({ reference_id: "sandy", state: "active", provider: "POLAR" });
    // At noon, since the watch has nothing of a day that has just begun.
    await moveClock(`${daysAgo(1)}T12:00:00Z`);
    const synced = await own().post(`/users/${made.body.user_id}/sync-watch`, { days: 3, seed: 1 });
    await moveClock(new Date().toISOString());
    expect(synced.status).toBe(200);
    expect(synced.body.stored).toMatchObject({ activities: 4, "physical-info": 1 });
    const at = `${api.sandbox.url}/_sandbox/users/${person.provider_user_id}`;
    const there = (await (await fetch(at)).json()) as { stored: Record<string, number> };
    expect(there.stored.activities).toBe(4);
  });

  test("has other data with each sync, unless the seed is the same", async () => {
    const { body } = await own().post("/sandbox/people", { reference_id: "again" });
    const sync = (given: object) => own().post(`/users/${body.user_id}/sync-watch`, { days: 7, ...given });
    const { body: person } = await own().get(`/users/${body.user_id}`);
    const exercises = async (): Promise<number> => {
      const answer = await fetch(`${api.sandbox.url}/_sandbox/users/${person.provider_user_id}`);
      return ((await answer.json()) as { stored: Record<string, number> }).stored.exercises ?? 0;
    };
    await sync({ seed: 5 });
    const first = await exercises();
    expect(first).toBeGreaterThan(0);
    await sync({ seed: 5 });
    expect(await exercises()).toBe(first);
    await sync({});
    expect(await exercises()).toBeGreaterThan(first);
  });

  test("is refused under a reference that somebody has, and where no sandbox is", async () => {
    await own().post("/sandbox/people", { reference_id: "taken" });
    const again = await own().post("/sandbox/people", { reference_id: "taken" });
    expect([again.status, again.body.code, again.body.details]).toEqual([
      409,
      "SANDBOX_PERSON_NOT_CONNECTED",
      { reason: "reference_in_use" },
    ]);
    const real = await polarAt({});
    for (const provider of ["polar", undefined]) {
      const refused = await api.about(real).post("/sandbox/people", { reference_id: "nobody", provider });
      expect([refused.status, refused.body.code]).toEqual([409, "SANDBOX_MISSING"]);
    }
    const unknown = await own().post("/sandbox/people", { reference_id: "nobody", provider: "nowhere" });
    expect(unknown.body.code).toBe("PROVIDER_UNKNOWN");
  });

  test("is no person of a real provider, nor one that the sandbox has forgotten", async () => {
    const real = await polarAt({});
    const theirs = await connect(api.store, real);
    const refused = await api.about(real).post(`/users/${theirs.user_id}/sync-watch`, {});
    expect([refused.status, refused.body.code]).toEqual([409, "SANDBOX_MISSING"]);
    const forgotten = await createEnvironment(api.store);
    await configurePolar(api.store, forgotten, api.sandbox);
    const nobody = await connect(api.store, forgotten);
    const lost = await api.about(forgotten).post(`/users/${nobody.user_id}/sync-watch`, {});
    expect([lost.status, lost.body.code, lost.body.details]).toEqual([
      502,
      "SANDBOX_REFUSED",
      { status: 404 },
    ]);
    const missing = await own().post(`/users/${randomUUID()}/sync-watch`, {});
    expect(missing.body.code).toBe("USER_NOT_FOUND");
  });
});

describe("a connect link made by an operator", () => {
  test("leads a person through, in its language, and nobody finds it in the audit log", async () => {
    const made = await own().post("/connect-sessions", {
      reference_id: "linked",
      language: "de",
      providers: ["polar"],
    });
    expect([made.status, made.body]).toEqual([
      201,
      {
        session_id: expect.any(String),
        url: expect.stringMatching(`^${api.url}/connect/[\\w-]{43}$`),
        expires_in: 86_400,
      },
    ]);
    const { pathname } = new URL(String(made.body.url));
    const browser = new Browser(api);
    const page = await browser.open(pathname);
    expect(page.text).toContain('<html lang="de">');
    const begun = await browser.submit(page.action, { answer: "agree" });
    await browser.get(await consent(api, begun.headers.get("location") ?? ""));
    expect((await own().get("/users?reference_id=linked")).body.total).toBe(1);
    const { text } = await own().get("/audit?action=connect-sessions");
    expect(text).toContain('"reference_id":"linked"');
    expect(text).not.toContain(pathname.slice("/connect/".length));
  });

  test("offers what was chosen, and is refused for what there is not", async () => {
    expect((await own().post("/connect-sessions", { providers: ["polar"] })).status).toBe(201);
    const unknown = await own().post("/connect-sessions", { providers: ["nowhere"] });
    expect([unknown.status, unknown.body.code]).toEqual([404, "PROVIDER_UNKNOWN"]);
    const language = await own().post("/connect-sessions", { language: "tlh" });
    expect([language.status, language.body.code]).toEqual([400, "REQUEST_INVALID"]);
  });
});
