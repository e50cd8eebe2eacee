/** A built-in receiver: made, delivered to over HTTP by a real worker, looked at, removed. */
import { randomBytes, randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEnvironment, type TestEnvironment } from "../../test/support/database.ts";
import { collectingLog, emit, newEvent } from "../../test/support/delivery.ts";
import { waitFor } from "../../test/support/wait.ts";
import { type DeliveryWorker, startDelivery } from "../delivery/worker.ts";
import { signingKeys, terraSignature } from "../destinations/webhook/signing.ts";
import { isReceiverUrl } from "../receivers/own-url.ts";
import { forgetReceivers } from "../receivers/receivers.ts";
import { createAddressGuard } from "../security/address-guard.ts";
import { findDestination } from "../store/destinations.ts";
import { type Answer, adminToken, startTestApi, type TestApi } from "./testing/api.ts";

let api: TestApi;
let worker: DeliveryWorker;
beforeAll(async () => {
  api = await startTestApi();
  // As in another process: it knows the server's address, and may send to no other private one.
  const guard = createAddressGuard({ allowPrivate: false, isOwn: (url) => isReceiverUrl(api.url, url) });
  worker = await startDelivery({ store: api.store, guard, publicUrl: api.url, log: collectingLog().log });
});
afterAll(async () => {
  await worker.stop();
  await api.close();
});

interface Made {
  readonly id: string;
  readonly destination_id: string;
}
type Shown = Record<string, unknown> & { readonly id: string };

async function makeReceiver(environment: TestEnvironment): Promise<Made> {
  const { status, body } = await api.about(environment).post("/receivers");
  expect(status).toBe(201);
  return body as unknown as Made;
}

const requestsOf = async (environment: TestEnvironment, { id }: Made, query = ""): Promise<Shown[]> =>
  (await api.about(environment).get(`/receivers/${id}/requests${query}`)).body.data as Shown[];

async function settingsOf({ environmentId }: TestEnvironment, { destination_id }: Made) {
  const id = { environmentId, destinationId: destination_id };
  const found = await findDestination(api.store.db, api.store.keyRing, id);
  return found?.settings as { readonly url: string; readonly secret: string };
}

/** Posts as Systole's own sender would. */
async function post(url: string, secret: string, body: string | Buffer, headers = {}): Promise<Answer> {
  const unixSeconds = Math.floor(Date.now() / 1_000);
  const signature = terraSignature({ id: "", unixSeconds, body: Buffer.from(body) }, [signingKeys(secret)]);
  const response = await fetch(url, {
    method: "POST",
    body: new Uint8Array(Buffer.from(body)),
    headers: { "content-type": "application/json", "terra-signature": signature, ...headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
}

describe("a built-in receiver", () => {
  test("gets what happens, over HTTP, signed with its destination's secret, and verifies it", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    expect(await requestsOf(environment, made)).toEqual([]);
    const userId = randomUUID();
    const body = JSON.stringify({ type: "sleep", user: { user_id: userId, reference_id: "ada" }, data: [1] });
    const [eventId] = await emit(api.store, [newEvent(environment.environmentId, { type: "sleep", body })]);
    const [request] = await waitFor("the request", async () => {
      const found = await requestsOf(environment, made);
      return found.length > 0 && found;
    });
    expect(request).toEqual({
      id: expect.any(String),
      received_at: expect.any(String),
      signature: "verified",
      type: "sleep",
      user_id: userId,
      reference_id: "ada",
      bytes: body.length,
    });
    const whole = await api.about(environment).get(`/receivers/${made.id}/requests/${request?.id}`);
    expect(whole.body).toMatchObject({ ...request, body, encoding: "utf8" });
    expect(whole.body.headers).toMatchObject({
      "webhook-id": eventId,
      "terra-signature": expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/),
      "user-agent": expect.stringMatching(/^Systole\//),
    });
  });

  test("is an ordinary destination, whose address shows no token", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url } = await settingsOf(environment, made);
    expect(url).toMatch(new RegExp(`^${api.url}/receivers/[\\w-]{43}$`));
    const token = url.slice(-43);
    const calls = api.about(environment);
    const shown = await Promise.all(
      ["/receivers", "/destinations", `/destinations/${made.destination_id}`, "/audit?limit=100"].map(
        calls.get,
      ),
    );
    for (const { status, text } of shown) {
      expect(status).toBe(200);
      expect(text).not.toContain(token);
    }
    const checked = await calls.post(`/destinations/${made.destination_id}/check`);
    expect(checked.body).toMatchObject({ ok: true, status: 200 });
    const { rows } = await sql<{ row: string }>`SELECT r::text AS row FROM receivers r`.execute(api.store.db);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test("names its token in no answer that its destination keeps", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url } = await settingsOf(environment, made);
    const unsigned = await post(url, "another secret of ours", "{}");
    expect([unsigned.status, unsigned.body.instance]).toEqual([401, "/receivers/:token"]);
    const unknown = await post(`${url.slice(0, -43)}${randomBytes(32).toString("base64url")}`, "x", "{}");
    expect([unknown.status, unknown.body.instance]).toEqual([404, "/receivers/:token"]);
  });

  test("answers 401 to what is not signed with its secret, says why, and keeps it to be looked at", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    const good = await post(url, secret, '{"type":"auth"}');
    expect([good.status, good.body]).toEqual([200, { status: "success" }]);
    const wrong = await post(url, "another secret of ours", '{"type":"auth"}');
    expect([wrong.status, wrong.body.code, wrong.body.details]).toEqual([
      401,
      "RECEIVER_SIGNATURE_REFUSED",
      { signature: "wrong" },
    ]);
    await post(url, secret, "not JSON at all", { "terra-signature": "t=now" });
    const kept = await requestsOf(environment, made);
    expect(kept.map(({ signature, type }) => [signature, type])).toEqual(
      expect.arrayContaining([
        ["verified", "auth"],
        ["wrong", "auth"],
        ["malformed", null],
      ]),
    );
  });

  test("keeps bytes as they came, of whatever kind, and shows no header that a destination adds", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { destination_id: destination } = made;
    const added = { settings: { headers: { "X-Own-Password": "hunter2-hunter2" } } };
    const path = `/admin/v1/destinations/${destination}?environment=${environment.devId}`;
    expect((await api.admin(path, { method: "PATCH", json: added })).status).toBe(200);
    const { url, secret } = await settingsOf(environment, made);
    const bytes = randomBytes(300);
    const sent = { "x-own-password": "hunter2-hunter2", authorization: "Bearer of-former-settings" };
    expect((await post(url, secret, bytes, sent)).status).toBe(200);
    const [kept] = await requestsOf(environment, made);
    const { body } = await api.about(environment).get(`/receivers/${made.id}/requests/${kept?.id}`);
    expect(body).toMatchObject({ encoding: "base64", body: bytes.toString("base64"), type: null });
    expect(body.headers).toMatchObject({ "x-own-password": "********", authorization: "********" });
  });

  test("verifies a compressed body as it was before compression", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const path = `/admin/v1/destinations/${made.destination_id}?environment=${environment.devId}`;
    await api.admin(path, { method: "PATCH", json: { settings: { gzip: true } } });
    const body = JSON.stringify({ type: "daily", data: ["x".repeat(5_000)] });
    await emit(api.store, [newEvent(environment.environmentId, { body })]);
    const kept = await waitFor("the request", async () => (await requestsOf(environment, made))[0]);
    expect(kept).toMatchObject({ signature: "verified", bytes: body.length });
  });

  test("lists the newest 200, page by page", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    for (let count = 0; count < 210; count++) await post(url, secret, `{"type":"number ${count}"}`);
    const first = await api.about(environment).get(`/receivers/${made.id}/requests?limit=150`);
    const page = first.body.data as Shown[];
    const rest = await requestsOf(environment, made, `?limit=150&before=${first.body.next}`);
    const numbers = [...page, ...rest].map(({ type }) => Number(String(type).slice("number ".length)));
    expect(numbers).toHaveLength(200);
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 200 }, (_, index) => index + 10)));
    expect(page.length).toBe(150);
  });

  test("takes bodies up to 16 MB, and of kept ones no more than 32 MB together", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    const big = Buffer.alloc(12 * 1024 * 1024, "x");
    for (let count = 0; count < 3; count++) expect((await post(url, secret, big)).status).toBe(200);
    expect((await requestsOf(environment, made)).map(({ bytes }) => bytes)).toEqual([big.length, big.length]);
    const tooBig = await fetch(url, { method: "POST", body: new Uint8Array(17 * 1024 * 1024) });
    expect(tooBig.status).toBe(413);
  });

  test("answers 429 with Retry-After to more than it takes", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    const refused = await waitFor("a refusal", async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, () => post(url, secret, "{}")));
      return answers.find(({ status }) => status !== 200);
    });
    expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([
      429,
      "RECEIVER_BUSY",
      "5",
    ]);
  });

  test("that does not exist is 404, before anything is read", async () => {
    for (const token of ["x", randomBytes(32).toString("base64url")]) {
      const answer = await api.call(`/receivers/${token}`, { method: "POST", body: "{}" });
      expect(answer.status, token).toBe(404);
    }
    const elsewhere = await createEnvironment(api.store);
    const made = await makeReceiver(await createEnvironment(api.store));
    for (const path of [`/receivers/${made.id}/requests`, `/receivers/${made.id}/requests/${randomUUID()}`]) {
      expect((await api.about(elsewhere).get(path)).body.code).toBe("RESOURCE_NOT_FOUND");
    }
    expect((await api.about(elsewhere).remove(`/receivers/${made.id}`)).status).toBe(404);
  });
});

describe("the end of a receiver", () => {
  test("takes its destination and requests along; both are in the audit log", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    await post(url, secret, "{}");
    const calls = api.about(environment);
    expect((await calls.remove(`/receivers/${made.id}`)).status).toBe(204);
    expect((await calls.get("/destinations")).body.data).toEqual([]);
    expect((await calls.get("/receivers")).body.data).toEqual([]);
    expect((await post(url, secret, "{}")).body.code).toBe("RECEIVER_NOT_FOUND");
    const audit = (await calls.get("/audit?action=/receivers&limit=10")).body.data as Shown[];
    expect(audit.map(({ action }) => action).sort()).toEqual([
      "DELETE /admin/v1/receivers/:id",
      "POST /admin/v1/receivers",
    ]);
  });

  test("comes with the end of its destination", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const calls = api.about(environment);
    expect((await calls.remove(`/destinations/${made.destination_id}`)).status).toBe(204);
    expect((await calls.get("/receivers")).body.data).toEqual([]);
  });

  test("comes after 24 hours without anybody who looks at its requests", async () => {
    const environment = await createEnvironment(api.store);
    const [looked, left] = [await makeReceiver(environment), await makeReceiver(environment)];
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
    const lookedAt = (id: string, at: Date) =>
      api.store.db.updateTable("receivers").set({ looked_at: at }).where("receiver_id", "=", id).execute();
    await lookedAt(looked.id, hours(25));
    await lookedAt(left.id, hours(25));
    await requestsOf(environment, looked);
    const forgotten = await forgetReceivers(api.store, new Date());
    expect(forgotten.map(({ receiver_id }) => receiver_id)).toEqual([left.id]);
    const { body } = await api.about(environment).get("/receivers");
    expect((body.data as Made[]).map(({ id }) => id)).toEqual([looked.id]);
    await lookedAt(looked.id, hours(23));
    expect(await forgetReceivers(api.store, new Date())).toEqual([]);
  });
});

describe("limits and roles", () => {
  test("an environment has five receivers at most", async () => {
    const environment = await createEnvironment(api.store);
    for (let count = 0; count < 5; count++) await makeReceiver(environment);
    const sixth = await api.about(environment).post("/receivers");
    expect([sixth.status, sixth.body.code]).toEqual([409, "RECEIVERS_TOO_MANY"]);
  });

  test("also where many are made at once", async () => {
    const environment = await createEnvironment(api.store);
    const calls = Array.from({ length: 8 }, () => api.about(environment).post("/receivers"));
    const statuses = (await Promise.all(calls)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 201, 201, 201, 201, 409, 409, 409]);
  });

  test("a viewer looks, and neither makes nor removes one", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const named = { name: `viewer-${randomUUID().slice(0, 8)}`, role: "viewer" };
    const { body } = await api.admin("/admin/v1/operators", { method: "POST", json: named });
    const headers = { authorization: `Bearer ${body.token}`, "dev-id": environment.devId };
    const call = (method: string, path: string) => api.admin(`/admin/v1${path}`, { method, headers });
    expect((await call("GET", "/receivers")).status).toBe(200);
    expect((await call("GET", `/receivers/${made.id}/requests`)).status).toBe(200);
    expect((await call("POST", "/receivers")).body.code).toBe("OPERATOR_FORBIDDEN");
    expect((await call("DELETE", `/receivers/${made.id}`)).body.code).toBe("OPERATOR_FORBIDDEN");
  });

  test("listeners to the environment's stream are told of each request", async () => {
    const environment = await createEnvironment(api.store);
    const made = await makeReceiver(environment);
    const { url, secret } = await settingsOf(environment, made);
    const leaving = new AbortController();
    const stream = await fetch(`${api.url}/admin/v1/events/stream?environment=${environment.devId}`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: leaving.signal,
    });
    let heard = "";
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) heard += Buffer.from(chunk).toString("utf8");
    })().catch(() => {});
    await waitFor("the stream", () => heard !== "");
    await post(url, secret, '{"type":"auth"}');
    await waitFor("the news", () => /^event: received$/m.test(heard));
    leaving.abort();
    await reading;
    const [, data = ""] = /^event: received\ndata: (.+)$/m.exec(heard) ?? [];
    expect(JSON.parse(data)).toMatchObject({ receiver_id: made.id, type: "auth", verdict: "verified" });
  });
});
