import { createHmac } from "node:crypto";
import { verifyTerraWebhookSignature } from "terra-api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { waitingForLocks } from "../../../test/support/locks.ts";
import { type Receiver, startReceiver, waitFor } from "../../../test/support/receiver.ts";
import { mask } from "../../security/url-masking.ts";
import { createDestination, findDestination } from "../../store/destinations.ts";
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
const webhook = async () => {
  const json = { kind: "webhook", settings: { url: receiver.url } };
  const { body } = await api.admin(path, { method: "POST", json });
  return { id: String(body.id), secret: String(body.secret) };
};
const rotate = (id: string, json?: unknown) =>
  api.admin(`${path}/${id}/rotate-secret`, { method: "POST", json });
const patch = (id: string, settings: object) =>
  api.admin(`${path}/${id}`, { method: "PATCH", json: { settings } });
const kept = async (id: string): Promise<Record<string, unknown>> => {
  const { environmentId } = api.environment;
  const target = { environmentId, destinationId: id };
  return { ...(await findDestination(api.store.db, api.store.keyRing, target))?.settings };
};

/** Tells for each of these secrets whether the next request to the receiver is signed with it. */
async function signing(id: string, secrets: readonly string[]): Promise<boolean[]> {
  await api.admin(`${path}/${id}/check`, { method: "POST" });
  const request = receiver.requests.at(-1);
  const [body, header] = [String(request?.body), String(request?.headers["terra-signature"])];
  expect(header.match(/v1=/g)?.length).toBeLessThanOrEqual(2);
  return Promise.all(
    secrets.map((secret) => verifyTerraWebhookSignature(body, header, secret).catch(() => false)),
  );
}

/** Returns the signatures of the next request, in their order. */
async function signatures(id: string): Promise<string[]> {
  await api.admin(`${path}/${id}/check`, { method: "POST" });
  return String(receiver.requests.at(-1)?.headers["terra-signature"]).split(",").slice(1);
}

/** Returns the signatures that these secrets would give the last request. */
function signaturesWith(secrets: readonly string[]): string[] {
  const request = receiver.requests.at(-1);
  const [time = ""] = String(request?.headers["terra-signature"]).split(",");
  return secrets.map((secret) => {
    const hmac = createHmac("sha256", secret)
      .update(`${time.slice(2)}.`)
      .update(String(request?.body));
    return `v1=${hmac.digest("hex")}`;
  });
}

const inSeconds = (text: unknown): number => (Date.parse(String(text)) - Date.now()) / 1_000;

describe("rotating a secret", () => {
  test("returns the new one once, and both sign for a day", async () => {
    const { id, secret } = await webhook();
    const answer = await rotate(id);
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { id, revision: 2, settings: { secret: mask, previous_secret: mask } },
    ]);
    const fresh = String(answer.body.secret);
    expect(fresh).toMatch(/^whsec_/);
    expect(answer.text).not.toContain(secret);
    expect((await api.admin(`${path}/${id}`)).text).not.toContain(fresh);
    const settings = await kept(id);
    expect(settings).toMatchObject({ secret: fresh, previous_secret: secret });
    expect(inSeconds(settings.previous_secret_until)).toBeGreaterThan(86_000);
    expect(inSeconds(settings.previous_secret_until)).toBeLessThanOrEqual(86_400);
    expect(await signing(id, [fresh, secret])).toEqual([true, true]);
  });

  test("signs in the requested order, or with the new one alone", async () => {
    const { id, secret } = await webhook();
    const fresh = String((await rotate(id, { overlap: "old-first" })).body.secret);
    expect(await kept(id)).toMatchObject({ overlap: "old-first" });
    expect(await signatures(id)).toEqual(signaturesWith([secret, fresh]));
    await patch(id, { overlap: "new-only" });
    expect(await signatures(id)).toEqual(signaturesWith([fresh]));
    await patch(id, { overlap: null });
    expect(await signatures(id)).toEqual(signaturesWith([fresh, secret]));
    expect((await rotate(id, { overlap: "old-only" })).body.code).toBe("REQUEST_INVALID");
  });

  test("ends by itself: after the overlap only the new one signs", async () => {
    const { id, secret } = await webhook();
    const fresh = String((await rotate(id, { overlap_seconds: 1 })).body.secret);
    await waitFor(async () => (await signing(id, [secret]))[0] === false);
    expect(await signing(id, [fresh, secret])).toEqual([true, false]);
    expect(await kept(id)).toHaveProperty("previous_secret");
  });

  test("during an overlap keeps the newest two", async () => {
    const { id, secret } = await webhook();
    const second = String((await rotate(id)).body.secret);
    const third = String((await rotate(id)).body.secret);
    expect(await signing(id, [secret, second, third])).toEqual([false, true, true]);
  });

  test("ends the former one at once on request", async () => {
    const { id, secret } = await webhook();
    const fresh = String((await rotate(id, { overlap_seconds: 0 })).body.secret);
    expect(await kept(id)).toEqual({ url: receiver.url, secret: fresh });
    expect(await signing(id, [secret, fresh])).toEqual([false, true]);
  });

  test("accepts a given secret, unless it is invalid or the present one", async () => {
    const { id, secret } = await webhook();
    const own = "a secret of one's own, long enough";
    expect((await rotate(id, { secret: own })).body.secret).toBe(own);
    expect(await signing(id, [own, secret])).toEqual([true, true]);
    expect((await rotate(id, { secret: own })).body.code).toBe("REQUEST_INVALID");
    const short = await rotate(id, { secret: "hunter2" });
    expect(short.body.code).toBe("DESTINATION_SETTINGS_INVALID");
    expect(short.text).not.toContain("hunter2");
    expect((await rotate(id, { overlap_seconds: -1 })).body.code).toBe("REQUEST_INVALID");
    expect(await kept(id)).toMatchObject({ secret: own, previous_secret: secret });
  });

  test("by several callers at once keeps the secrets of two of them, and loses no change", async () => {
    const { id } = await webhook();
    // The holder of the row lock lets all of them read the row before any of them writes.
    const asked = await api.store.db.transaction().execute(async (tx) => {
      await tx
        .selectFrom("destinations")
        .select("revision")
        .where("destination_id", "=", id)
        .forUpdate()
        .execute();
      const rotations = Array.from({ length: 6 }, () => rotate(id));
      await waitFor(async () => (await waitingForLocks(api.store.db)) === 6);
      return { rotations };
    });
    const answers = await Promise.all(asked.rotations);
    const secrets = answers.map(({ body }) => body.secret);
    const settings = await kept(id);
    expect(new Set(secrets).size).toBe(6);
    expect(secrets).toContain(settings.secret);
    expect(secrets).toContain(settings.previous_secret);
    expect(settings.previous_secret).not.toBe(settings.secret);
    expect((await api.admin(`${path}/${id}`)).body.revision).toBe(7);
  });

  test("is refused where Systole issues none, and for an unknown destination", async () => {
    const { environmentId } = api.environment;
    const row = { kind: "kafka", settings: {}, eventTypes: null, active: false };
    const made = await createDestination(api.store.db, api.store.keyRing, environmentId, row);
    const refused = await rotate(made.destination_id);
    expect([refused.status, refused.body.code]).toEqual([400, "DESTINATION_HAS_NO_SECRET"]);
    const missing = await rotate(environmentId);
    expect([missing.status, missing.body.code]).toEqual([404, "RESOURCE_NOT_FOUND"]);
  });
});

describe("changing the secret by hand", () => {
  test("keeps the former one for a day", async () => {
    const { id, secret } = await webhook();
    const own = "a secret of one's own, long enough";
    await patch(id, { secret: own });
    const settings = await kept(id);
    expect(settings).toMatchObject({ secret: own, previous_secret: secret });
    expect(inSeconds(settings.previous_secret_until)).toBeGreaterThan(86_000);
    expect(await signing(id, [own, secret])).toEqual([true, true]);
  });

  test("does not if the request gives the former secret", async () => {
    const { id, secret } = await webhook();
    const own = "a secret of one's own, long enough";
    await patch(id, { secret: own, previous_secret: null });
    expect(await kept(id)).toEqual({ url: receiver.url, secret: own });
    await patch(id, { secret, previous_secret: own });
    expect(await kept(id)).toEqual({ url: receiver.url, secret, previous_secret: own });
  });

  test("of another setting leaves the secrets unchanged", async () => {
    const { id, secret } = await webhook();
    await patch(id, { gzip: true, secret: mask });
    expect(await kept(id)).toEqual({ url: receiver.url, secret, gzip: true });
  });
});
