import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Reply, startServer, type TestServer } from "../kit/testing/server.ts";
import { type PolarClient, polarClient } from "./testing/client.ts";
import { subscribedEvents } from "./webhook.ts";

let server: TestServer;
let client: PolarClient;
const url = "https://hub.example/v2/hooks/polar";
const events = [...subscribedEvents];
const created = { id: "new1", events, url, signature_secret_key: "told-once" };

beforeAll(async () => {
  server = await startServer();
  client = polarClient({ client_id: "id", client_secret: "secret", api_url: server.url });
});
beforeEach(() => server.asked.splice(0));
afterAll(() => server.close());

/** Starts a Polar with this webhook, or none, and other replies than usual for some calls. */
function given(webhook: object | null, unusual: Record<string, Reply> = {}): void {
  const usual: Record<string, Reply> = {
    "GET /v3/webhooks": { status: 200, body: { data: webhook ? [webhook] : [] } },
    "POST /v3/webhooks": { status: 201, body: { data: created } },
    "POST /v3/webhooks/activate": { status: 200 },
    "PATCH /v3/webhooks/old1": { status: 200, body: { data: [webhook] } },
    "DELETE /v3/webhooks/old1": { status: 204 },
  };
  server.script = ({ method, url: path }) =>
    ({ ...usual, ...unusual })[`${method} ${path}`] ?? { status: 418 };
}

let pingsExpected = 0;
const ensure = (known: readonly string[] = ["other", "old1"]) =>
  client.ensureSubscription({
    url,
    known,
    expectPing: async () => {
      pingsExpected++;
    },
    signal: AbortSignal.timeout(5000),
  });
const calls = () => server.asked.map(({ method, url: path }) => `${method} ${path}`);
const ours = { id: "old1", events: events.toReversed(), url, active: true };

describe("the subscription", () => {
  it("is made when there is none, with its secret", async () => {
    given(null);
    expect(await ensure()).toEqual({ remoteId: "new1", secret: "told-once", action: "created" });
    expect(calls()).toEqual(["GET /v3/webhooks", "POST /v3/webhooks"]);
    expect(JSON.parse(server.asked[1]?.body ?? "")).toEqual({ events, url });
    expect(server.asked[1]?.headers.authorization).toBe(
      `Basic ${Buffer.from("id:secret").toString("base64")}`,
    );
  });

  it.each<[string, Reply]>([
    ["404", { status: 404 }],
    ["204", { status: 204 }],
  ])("is made when Polar says so by %s", async (_, reply) => {
    given(null, { "GET /v3/webhooks": reply });
    expect(await ensure()).toMatchObject({ action: "created" });
  });

  it("announces the PING that cannot be verified before it is made, and only then", async () => {
    given(ours);
    pingsExpected = 0;
    await ensure();
    expect(pingsExpected).toBe(0);
    given(null);
    await ensure();
    expect(pingsExpected).toBe(1);
  });

  it("is left unchanged when it is correct, in whatever order its events come", async () => {
    given(ours);
    expect(await ensure()).toEqual({ remoteId: "old1", secret: null, action: "unchanged" });
    expect(calls()).toEqual(["GET /v3/webhooks"]);
  });

  it("is found when the answer is one object", async () => {
    given(ours, { "GET /v3/webhooks": { status: 200, body: { data: ours } } });
    expect(await ensure()).toMatchObject({ action: "unchanged" });
  });

  it.each([
    ["another address", { ...ours, url: "https://hub.example/elsewhere" }],
    ["fewer events", { ...ours, events: ["EXERCISE"] }],
    ["more events", { ...ours, events: [...events, "BIOSENSING"] }],
  ])("is changed when it has %s", async (_, webhook) => {
    given(webhook);
    expect(await ensure()).toEqual({ remoteId: "old1", secret: null, action: "updated" });
    expect(calls()).toEqual(["GET /v3/webhooks", "PATCH /v3/webhooks/old1"]);
    expect(JSON.parse(server.asked[1]?.body ?? "")).toEqual({ events, url });
  });

  it("is activated when Polar deactivated it", async () => {
    given({ ...ours, active: false });
    expect(await ensure()).toEqual({ remoteId: "old1", secret: null, action: "reactivated" });
    expect(calls()).toEqual(["GET /v3/webhooks", "POST /v3/webhooks/activate"]);
  });

  it("is made again when it vanished before it could be activated", async () => {
    given({ ...ours, active: false }, { "POST /v3/webhooks/activate": { status: 204 } });
    expect(await ensure()).toMatchObject({ secret: "told-once", action: "created" });
  });

  it("is made again when its secret is unknown", async () => {
    given(ours);
    expect(await ensure(["another"])).toEqual({ remoteId: "new1", secret: "told-once", action: "created" });
    expect(calls()).toEqual(["GET /v3/webhooks", "DELETE /v3/webhooks/old1", "POST /v3/webhooks"]);
  });

  it("is made again even if it vanished before it could be deleted", async () => {
    given(ours, { "DELETE /v3/webhooks/old1": { status: 404 } });
    expect(await ensure(["another"])).toMatchObject({ action: "created" });
  });

  it("is checked again later when another process made it first", async () => {
    given(null, { "POST /v3/webhooks": { status: 409 } });
    await expect(ensure()).rejects.toMatchObject({ code: "PROVIDER_REFUSED", retry: "later" });
  });

  it("fails with Polar's reason when the ping was not answered", async () => {
    const body = { error: { error_type: "WebhookPingFailedException", corr_id: "1" } };
    given(null, { "POST /v3/webhooks": { status: 400, body } });
    await expect(ensure()).rejects.toMatchObject({
      code: "PROVIDER_REFUSED",
      retry: "never",
      details: { status: 400, reason: "WebhookPingFailedException" },
    });
  });

  it.each([401, 403])("fails as the operator's error, not a person's, on %d", async (status) => {
    given(null, { "GET /v3/webhooks": { status } });
    await expect(ensure()).rejects.toMatchObject({ code: "PROVIDER_REFUSED", retry: "never" });
  });

  it("fails when Polar gives no secret", async () => {
    given(null, { "POST /v3/webhooks": { status: 201, body: { data: { id: "x" } } } });
    await expect(ensure()).rejects.toMatchObject({ code: "PROVIDER_BODY_INVALID" });
  });
});
