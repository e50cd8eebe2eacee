/** Connecting: link, consent, refusal, a pause; and how secrets are stored. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectPerson } from "../../src/demo/person.ts";
import { agree, eventsOfUser, follow, type Json, link, newSandboxUser } from "../support/consent.ts";
import { daysAgo, exercise } from "../support/polar-bodies.ts";
import { keyHeaders, type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

describe("connecting", () => {
  it("leads back to the developer's own address with the ids, and sends auth", async () => {
    const sandboxUser = await newSandboxUser(system);
    const { auth_url, user_id } = await link(system, {
      reference_id: "ref 1/ä",
      auth_success_redirect_url: "https://app.example/done?step=2",
      auth_failure_redirect_url: "https://app.example/failed",
    });
    const { url } = await agree(system, auth_url, sandboxUser);
    expect(url.origin + url.pathname).toBe("https://app.example/done");
    expect(Object.fromEntries(url.searchParams)).toEqual({ step: "2", user_id, reference_id: "ref 1/ä" });
    const [event] = await waitFor("auth", () => {
      const events = eventsOfUser(system, "auth", user_id);
      return events.length > 0 && events;
    });
    expect(event?.body).toMatchObject({
      status: "success",
      reference_id: "ref 1/ä",
      user: { provider: "POLAR", reference_id: "ref 1/ä", active: true },
    });
  });

  it("leads back to the failure address with the reason when the person refuses, and sends auth_cancelled", async () => {
    const { auth_url } = await link(system, {
      reference_id: "refuser",
      auth_success_redirect_url: "https://app.example/done",
      auth_failure_redirect_url: "myapp://failed?from=systole",
    });
    const state = new URL(auth_url).searchParams.get("state");
    const back = `${system.server.url}/v2/auth/polar/oauth2?error=access_denied&state=${state}`;
    const { url } = await follow(system, back);
    expect(url.href.startsWith("myapp://failed?")).toBe(true);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      from: "systole",
      reason: "access_denied",
      reference_id: "refuser",
    });
    const event = await waitFor("auth_cancelled", () =>
      system.events("auth_cancelled").find(({ body }) => body.reference_id === "refuser"),
    );
    expect(event.body).toMatchObject({ status: "error", reason: "access_denied" });
    expect(event.body).not.toHaveProperty("user");
  });

  it("accepts a state only once, and no invented one", async () => {
    const { auth_url } = await link(system, {});
    const state = new URL(auth_url).searchParams.get("state");
    const back = `${system.server.url}/v2/auth/polar/oauth2?error=access_denied&state=${state}`;
    await follow(system, back);
    expect((await fetch(back)).status).toBe(400);
    expect((await fetch(`${system.server.url}/v2/auth/polar/oauth2?code=x&state=made-up`)).status).toBe(400);
  });

  it("reports a code that cannot be exchanged", async () => {
    const { auth_url } = await link(system, {
      reference_id: "bad code",
      auth_failure_redirect_url: "https://app.example/failed",
    });
    const state = new URL(auth_url).searchParams.get("state");
    const { url } = await follow(
      system,
      `${system.server.url}/v2/auth/polar/oauth2?code=wrong&state=${state}`,
    );
    expect(url.searchParams.get("reason")).toBe("oauth_exchange_failed");
    await waitFor("auth_cancelled", () =>
      system.events("auth_cancelled").find(({ body }) => body.reference_id === "bad code"),
    );
  });

  it("accepts a person who is already registered at the provider", async () => {
    const sandboxUser = await newSandboxUser(system);
    for (const reference_id of ["twice a", "twice b"]) {
      const { auth_url, user_id } = await link(system, { reference_id });
      await agree(system, auth_url, sandboxUser);
      await waitFor("auth", () => eventsOfUser(system, "auth", user_id).length > 0);
    }
  });
});

describe("several connects of one person at once", () => {
  it("leave one connection", async () => {
    const sandboxUser = await newSandboxUser(system);
    const links = await Promise.all(Array.from({ length: 4 }, () => link(system, { reference_id: "eager" })));
    await Promise.all(links.map(({ auth_url }) => agree(system, auth_url, sandboxUser)));
    const { users } = (await (await system.read("/v2/userInfo?reference_id=eager")).json()) as Json;
    expect(users).toHaveLength(1);
  });
});

describe("a list with one item that cannot be read", () => {
  it("yields all the others", async () => {
    const sandboxUser = await newSandboxUser(system);
    const registered = await link(system, { reference_id: "listed" });
    await agree(system, registered.auth_url, sandboxUser);
    const person = { userId: registered.user_id, sandboxUserId: sandboxUser };
    const broken = exercise("listed2", { start_time: `${daysAgo(3)}Tnoon` });
    for (const body of [exercise("listed1"), broken, exercise("listed3")]) {
      await system.control("PUT", `/_sandbox/users/${person.sandboxUserId}/exercises?notify=false`, body);
    }
    const again = await link(system, { reference_id: "listed" });
    await agree(system, again.auth_url, sandboxUser);
    const found = await waitFor("the two good ones", async () => {
      const range = `user_id=${again.user_id}&start_date=2020-01-01&to_webhook=false`;
      const { data } = (await (await system.read(`/v2/activity?${range}`)).json()) as Json;
      return data.length === 2 && data;
    });
    expect(found.map((record: Json) => record.metadata.summary_id).sort()).toEqual(["listed1", "listed3"]);
    // The records exist a moment before the missing item is reported.
    const told = await waitFor("the item that cannot be read", async () => {
      const [row] = await system.query(
        "SELECT state, code FROM fetch_tasks WHERE user_id = $1 AND code IS NOT NULL",
        [again.user_id],
      );
      return row;
    });
    expect(told).toEqual({ state: "failed", code: "PROVIDER_BODY_INVALID" });
  });
});

describe("a pause", () => {
  it("keeps announcements meanwhile and fetches them when it ends", async () => {
    const person = await connectPerson(system.server, "pauser");
    const patch = (active: boolean) =>
      fetch(`${system.server.url}/v2/users/${person.userId}`, {
        method: "PATCH",
        headers: { ...keyHeaders, "content-type": "application/json" },
        body: JSON.stringify({ active }),
      });
    expect((await patch(false)).status).toBe(200);
    await system.upload(person, "exercises", exercise("pause1"));
    await waitFor("the notification to wait", async () => {
      const page: Json = await (await system.admin("GET", "/notifications?state=waiting")).json();
      return page.data.some(
        (row: Json) => row.code === "CONNECTION_PAUSED" && row.fetches[0]?.key === "pause1",
      );
    });
    expect((await patch(true)).status).toBe(200);
    await waitFor("the workout", () =>
      eventsOfUser(system, "activity", person.userId).some(({ raw }) =>
        raw.includes('"summary_id":"pause1"'),
      ),
    );
  });
});

describe("secrets at rest", () => {
  it("are nowhere in the database in plain text", async () => {
    const person = await connectPerson(system.server, "secretive");
    const secret = await system.notificationSecret();
    const rows = await system.query<{ text: string }>(
      `SELECT (SELECT string_agg(c::text, '') FROM connections c)
           || (SELECT string_agg(p::text, '') FROM provider_configs p)
           || (SELECT string_agg(d::text, '') FROM destinations d) AS text`,
    );
    const text = rows[0]?.text ?? "";
    expect(text).toContain(person.userId);
    for (const plain of [secret, system.secret, system.sandbox.clientSecret]) {
      expect(text).not.toContain(plain);
      expect(text).not.toContain(Buffer.from(plain).toString("hex"));
    }
  });
});
