/**
 * Our webhook at the provider: created automatically, reactivated when the provider deactivated it, created
 * again when lost.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exercise } from "./support/polar-bodies.ts";
import { startReceiver } from "./support/receiver.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

async function polar(method: string, path: string, body?: unknown): Promise<Json> {
  const { url, clientId, clientSecret } = system.sandbox;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const headers = { authorization, ...(body ? { "content-type": "application/json" } : {}) };
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

const webhook = async (): Promise<Json> => (await polar("GET", "/v3/webhooks")).data[0];
/** Runs the ten-minute check. */
const check = (): Promise<void> => system.ensureSubscriptions();

describe("the webhook at the provider", () => {
  it("was made at the start, for the events that are fetched, at our address", async () => {
    expect(await webhook()).toMatchObject({
      url: `${system.server.url}/v2/hooks/polar`,
      active: true,
      events: expect.arrayContaining([
        "EXERCISE",
        "SLEEP",
        "ACTIVITY_SUMMARY",
        "CONTINUOUS_HEART_RATE",
        "PHYSICAL_INFORMATION",
      ]),
    });
  });

  it("stays as it is when nothing is wrong", async () => {
    const before = await webhook();
    await check();
    expect(await webhook()).toEqual(before);
  });

  it("is activated again after the provider deactivated it", async () => {
    await polar("POST", "/v3/webhooks/deactivate");
    expect((await webhook()).active).toBe(false);
    await check();
    expect((await webhook()).active).toBe(true);
  });

  it("is replaced when somebody else created it, since its secret is unknown to us", async () => {
    const before = await webhook();
    await polar("DELETE", `/v3/webhooks/${before.id}`);
    const other = await startReceiver();
    await polar("POST", "/v3/webhooks", { events: ["EXERCISE"], url: other.url });
    await other.close();
    await check();
    expect(await webhook()).toMatchObject({ url: before.url, active: true });
    expect((await webhook()).id).not.toBe(before.id);
  });

  it("is created again when it is gone, and its new secret is used at once", async () => {
    const before = await webhook();
    await polar("DELETE", `/v3/webhooks/${before.id}`);
    await check();
    expect((await webhook()).id).not.toBe(before.id);
    const person = await system.connect("after the loss");
    await system.upload(person, "exercises", exercise("afterloss1"));
    await waitFor("the workout", () => system.events("activity").length > 0);
  });
});
