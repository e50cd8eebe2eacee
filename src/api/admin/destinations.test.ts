import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { mask } from "../../security/url-masking.ts";
import { findDestination } from "../../store/destinations.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
let receiver: Receiver;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const path = "/admin/v1/destinations";
const create = (json: unknown, at = path) => api.admin(at, { method: "POST", json });
const patch = (id: unknown, json: unknown) => api.admin(`${path}/${id}`, { method: "PATCH", json });
const webhook = (settings: object = {}) =>
  create({ kind: "webhook", settings: { url: receiver.url, ...settings } });
/** The receiver's address has a query, which may be a secret. */
const shown = (url: string) => url.replace(/=.*$/, `=${mask}`);
const keptSettings = async (id: unknown) => {
  const { environmentId } = api.environment;
  const { db, keyRing } = api.store;
  return (await findDestination(db, keyRing, { environmentId, destinationId: String(id) }))?.settings;
};

describe("kinds", () => {
  test("are listed with their settings, secrets marked", async () => {
    const { body } = await api.admin(`${path}/kinds`);
    const kinds = body.data as { kind: string; name: string; settings: { properties: object } }[];
    const found = kinds.find(({ kind }) => kind === "webhook");
    expect(found).toMatchObject({ name: "Webhook" });
    expect(found?.settings.properties).toMatchObject({ url: { type: "string" }, secret: { secret: true } });
  });
});

describe("making one", () => {
  test("returns the issued secret once", async () => {
    const made = await create({ kind: "webhook", settings: { url: receiver.url }, event_types: ["sleep"] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      id: expect.any(String),
      kind: "webhook",
      secret: expect.any(String),
      settings: { url: shown(receiver.url), secret: mask },
      event_types: ["sleep"],
      active: true,
      disabled_code: null,
      revision: 1,
    });
    const one = await api.admin(`${path}/${made.body.id}`);
    const all = await api.admin(path);
    for (const { text } of [one, all]) expect(text).not.toContain(String(made.body.secret));
    expect(one.body).toMatchObject({ id: made.body.id, settings: { secret: mask } });
    expect(one.body).not.toHaveProperty("secret");
    expect(await keptSettings(made.body.id)).toEqual({ url: receiver.url, secret: made.body.secret });
  });

  test("takes all types and is active by default", async () => {
    expect((await webhook()).body).toMatchObject({ event_types: null, active: true });
    const settings = { url: receiver.url };
    const paused = await create({ kind: "webhook", settings, active: false, event_types: null });
    expect(paused.body).toMatchObject({ event_types: null, active: false });
  });

  test("is refused with reasons", async () => {
    const unknown = await create({ kind: "pigeon", settings: {} });
    expect([unknown.status, unknown.body.code]).toEqual([400, "DESTINATION_KIND_UNKNOWN"]);
    const noUrl = await create({ kind: "webhook", settings: { url: "nowhere" } });
    expect([noUrl.status, noUrl.body.code]).toEqual([400, "DESTINATION_SETTINGS_INVALID"]);
    expect(noUrl.body.detail).toContain("url: ");
    const short = await webhook({ secret: "hunter2" });
    expect(short.body.code).toBe("DESTINATION_SETTINGS_INVALID");
    expect(short.text).not.toContain("hunter2");
    expect((await create({ kind: "webhook" })).body.code).toBe("REQUEST_INVALID");
    const noType = { kind: "webhook", settings: { url: receiver.url }, event_types: ["naps"] };
    expect((await create(noType)).body.code).toBe("REQUEST_INVALID");
  });
});

describe("changing one", () => {
  test("keeps settings that are not given, and a secret that is sent back masked", async () => {
    const { id, secret } = (await webhook()).body;
    const url = `${receiver.url}/other`;
    const changed = await patch(id, { settings: { url, secret: mask } });
    expect(changed.body).toMatchObject({ settings: { url: shown(url), secret: mask }, revision: 2 });
    expect(await keptSettings(id)).toEqual({ url, secret });
  });

  test("a misspelt name is refused", async () => {
    const misspelt = await create({
      kind: "webhook",
      settings: { url: receiver.url },
      event_type: ["sleep"],
    });
    expect([misspelt.status, misspelt.body.code]).toEqual([400, "REQUEST_INVALID"]);
    const setting = await webhook({ sercet: "0123456789abcdef" });
    expect([setting.status, setting.body.code]).toEqual([400, "DESTINATION_SETTINGS_INVALID"]);
  });

  test("of the host must give its secrets again", async () => {
    const headers = { authorization: "Bearer hunter2" };
    const { id, secret } = (await webhook({ headers })).body;
    const elsewhere = { url: "https://elsewhere.example/hook" };
    const refused = await patch(id, { settings: elsewhere });
    expect([refused.status, refused.body.code]).toEqual([400, "SETTINGS_SECRETS_WANTED"]);
    expect(refused.body.detail).toContain("headers");
    expect(await keptSettings(id)).toMatchObject({ url: receiver.url, headers });
    const moved = await patch(id, { settings: { ...elsewhere, headers: { authorization: "Bearer new" } } });
    expect(moved.status).toBe(200);
    // A signing secret is never sent to the new host.
    expect(await keptSettings(id)).toMatchObject({ ...elsewhere, secret });
  });

  test("secrets in a webhook's URL are masked, and kept when they are sent back masked", async () => {
    const { origin } = new URL(receiver.url);
    const url = `${origin}/services/T024BE7LDB2XXq5cKm3X?token=hunter2`;
    const { id, settings } = (await webhook({ url })).body as { id: string; settings: { url: string } };
    expect(settings.url).toBe(`${origin}/services/********?token=********`);
    expect((await patch(id, { settings: { url: settings.url } })).status).toBe(200);
    expect(await keptSettings(id)).toMatchObject({ url });
  });

  test("a webhook takes links", async () => {
    const settings = { url: receiver.url };
    const linked = await create({ kind: "webhook", settings, payload: "link" });
    expect([linked.status, linked.body.payload]).toEqual([201, "link"]);
  });

  test("null removes a setting", async () => {
    const { id } = (await webhook({ previous_secret: "a former secret, long enough" })).body;
    await patch(id, { settings: { previous_secret: null } });
    expect(await keptSettings(id)).not.toHaveProperty("previous_secret");
  });

  test("of types and state leaves the settings' revision unchanged", async () => {
    const { id } = (await webhook()).body;
    expect((await patch(id, { event_types: ["daily"], active: false })).body).toMatchObject({
      event_types: ["daily"],
      active: false,
      revision: 1,
    });
    expect((await patch(id, { event_types: null })).body).toMatchObject({ event_types: null, active: false });
    expect((await patch(id, { active: true })).body).toMatchObject({ active: true });
  });

  test("is refused with reasons and changes nothing then", async () => {
    const { id } = (await webhook()).body;
    expect((await patch(id, { settings: { url: "nowhere" } })).body.code).toBe(
      "DESTINATION_SETTINGS_INVALID",
    );
    expect(await keptSettings(id)).toMatchObject({ url: receiver.url });
    expect((await patch(id, { active: "no" })).body.code).toBe("REQUEST_INVALID");
    expect((await patch("x", {})).body.code).toBe("REQUEST_INVALID");
  });
});

describe("testing one", () => {
  const check = (id: unknown) => api.admin(`${path}/${id}/check`, { method: "POST" });

  test("reports that it works", async () => {
    const { id } = (await webhook()).body;
    const answer = await check(id);
    expect([answer.status, answer.body]).toEqual([
      200,
      { ok: true, code: null, message: null, remedy: null, reason: null, status: 200, response: "ok" },
    ]);
    expect(receiver.requests).toHaveLength(1);
  });

  test("reports the target's answer, and what to do", async () => {
    const { id } = (await webhook()).body;
    receiver.answer(status(403, {}, "who are you?"));
    expect((await check(id)).body).toMatchObject({
      ok: false,
      code: "DELIVERY_FAILED",
      remedy: expect.any(String),
      status: 403,
      response: "who are you?",
    });
  });

  test("reports that no server answers", async () => {
    const { id } = (await webhook()).body;
    await receiver.close();
    const answer = await check(id);
    expect(answer.body).toMatchObject({ ok: false, code: "DELIVERY_FAILED", status: null });
    expect(answer.body.reason).toContain("ECONNREFUSED");
    receiver = await startReceiver();
  });
});

describe("deleting one", () => {
  test("works once", async () => {
    const { id } = (await webhook()).body;
    const remove = () => api.admin(`${path}/${id}`, { method: "DELETE" });
    expect((await remove()).status).toBe(204);
    const again = await remove();
    expect([again.status, again.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
    expect((await api.admin(`${path}/${id}`)).body.code).toBe("RESOURCE_NOT_FOUND");
  });
});

test("another environment's destination is not found", async () => {
  const { id } = (await webhook()).body;
  const other = `?environment=${(await createEnvironment(api.store)).devId}`;
  const calls = [
    api.admin(`${path}/${id}${other}`),
    api.admin(`${path}/${id}${other}`, { method: "PATCH", json: { active: false } }),
    api.admin(`${path}/${id}${other}`, { method: "DELETE" }),
    api.admin(`${path}/${id}/check${other}`, { method: "POST" }),
  ];
  for (const answer of await Promise.all(calls)) {
    expect([answer.status, answer.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  }
  expect((await api.admin(`${path}${other}`)).body.data).toEqual([]);
});

test("a private address is refused when it is set", async () => {
  const guard = createAddressGuard({ allowPrivate: false });
  const strict = await startTestApi({ guard });
  try {
    const json = { kind: "webhook", settings: { url: "http://127.0.0.1:9/" } };
    const answer = await strict.admin(path, { method: "POST", json });
    expect([answer.status, answer.body.code]).toEqual([400, "DESTINATION_ADDRESS_PRIVATE"]);
  } finally {
    await strict.close();
  }
});
