/** A silent webhook is noticed by the gaps that reconciliation finds, not by the absence of notifications alone. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoPerson } from "../src/demo/person.ts";
import { activityDay, daysAgo, exercise } from "./support/polar-bodies.ts";
import { settled, uploadQuietly } from "./support/sync.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
let person: DemoPerson;
beforeAll(async () => {
  system = await startSystem();
  person = await system.connect("silence");
  await settled(system);
});
afterAll(() => system.close());

describe("a webhook that is silent though there was something to announce", () => {
  const polar = (method: string, path: string): Promise<Response> => {
    const { url, clientId, clientSecret } = system.sandbox;
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    return fetch(url + path, { method, headers: { authorization } });
  };
  const subscription = async (): Promise<Json> => {
    const { data }: Json = await (await system.admin("GET", "/providers")).json();
    return data.find(({ slug }: Json) => slug === "polar").subscription;
  };
  const isActive = async () => (await (await polar("GET", "/v3/webhooks")).text()).includes('"active":true');

  it("is checked once it was silent for longer than usual, reactivated and reported", async () => {
    // One notification, so that there is a last time.
    await system.upload(person, "exercises", exercise("spoken1"));
    await waitFor("the workout", () => system.events("activity").length > 0);
    await polar("POST", "/v3/webhooks/deactivate");
    await system.watchWebhooks();
    expect(await isActive()).toBe(false);
    await uploadQuietly(system, person, "activities", activityDay(daysAgo(2)));
    await system.reconcile(["activity"]);
    await settled(system);
    await system.watchWebhooks();
    // It notified a moment ago: one missing announcement is no silence yet.
    expect(await isActive()).toBe(false);
    await system.query("UPDATE notifications SET received_at = received_at - interval '3 days'");
    await system.watchWebhooks();
    expect(await isActive()).toBe(true);
    expect(await subscription()).toMatchObject({
      state: "active",
      last_change: { action: "reactivated" },
      silent_since: expect.any(String),
      last_notification_at: expect.any(String),
    });
    const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
    expect(metrics).toContain('systole_webhook_silences_total{provider="polar"} 1');
  });

  it("is reported once, and no longer when it notifies again", async () => {
    await system.watchWebhooks();
    const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
    expect(metrics).toContain('systole_webhook_silences_total{provider="polar"} 1');
    await system.upload(person, "exercises", exercise("speaking1"));
    await waitFor("the workout", () =>
      system.events("activity").some(({ raw }) => raw.includes("speaking1")),
    );
    await system.watchWebhooks();
    expect((await subscription()).silent_since).toBeNull();
  });
});
