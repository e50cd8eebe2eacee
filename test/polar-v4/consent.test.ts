/** People consent at Polar: one consent for both APIs, for one of them, or two, one after the other. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { accesslink, dynamic } from "../../src/providers/polar/names.ts";
import { eventsOfUser, type Json, newSandboxUser } from "../support/consent.ts";
import {
  asUsual,
  connected,
  openOf,
  refuseV3,
  rowOf,
  shareAsWell,
  syncOf,
  turn,
} from "../support/polar-consent.ts";
import { type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());
afterEach(() => asUsual(system));

const registrations = async () => {
  const { requests } = (await (await system.control("GET", "/_sandbox/requests")).json()) as Json;
  return requests.filter(({ method, path }: Json) => method === "POST" && path === "/v3/users").length;
};

describe("a person who connects", () => {
  it("opens both APIs by one consent", async () => {
    const person = await newSandboxUser(system);
    const { userId, authUrl, page } = await connected(system, person);
    expect(authUrl.pathname).toBe("/oauth/authorize");
    expect(authUrl.searchParams.get("scope")).not.toContain("accesslink");
    expect(page).toContain("You are connected");
    expect(await openOf(system, userId)).toEqual({ [accesslink]: dynamic, [dynamic]: dynamic });
    expect(await rowOf(system, userId)).toMatchObject({ provider_user_id: person, consents: [dynamic] });
    const { resources } = await syncOf(system, userId);
    expect(resources.map(({ resource }: Json) => resource)).toContain("cardio-load");
  });

  it.each(["other", "absent"])("is found by v3's id where v4's reply has an id that is %s", async (id) => {
    await turn(system, { x_user_id: id });
    const person = await newSandboxUser(system);
    const { userId } = await connected(system, person);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: dynamic, [dynamic]: dynamic });
    expect(await rowOf(system, userId)).toMatchObject({ provider_user_id: person });
  });

  it("opens v4 alone where v3 refuses, and then v3 by a second consent", async () => {
    await refuseV3(system);
    await turn(system, { x_user_id: "absent" });
    const person = await newSandboxUser(system);
    const { userId, page } = await connected(system, person);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: null, [dynamic]: dynamic });
    expect((await rowOf(system, userId)).provider_user_id).toMatch(/^unnamed-/);
    expect(page).toContain("Cardio Load");
    expect(page).toContain("SleepWise");
    const done = await shareAsWell(system, page, accesslink, person);
    expect(done).toContain("You are connected");
    expect(done).not.toContain("Cardio Load");
    expect(await openOf(system, userId)).toEqual({ [accesslink]: accesslink, [dynamic]: dynamic });
    expect(await rowOf(system, userId)).toMatchObject({
      provider_user_id: person,
      consents: [dynamic, accesslink],
      apis: null,
    });
    const [told] = (await system.query<Json>(
      "SELECT count(*)::int AS others FROM fetch_tasks WHERE user_id = $1 AND provider_user_id <> $2",
      [userId, person],
    )) as Json[];
    expect(told.others).toBe(0);
  });

  it("keeps v4 while v3 has an outage, and gets v3 later", async () => {
    await system.control("POST", "/_sandbox/faults", { kind: "outage", path: "/v3" });
    const { userId, page } = await connected(system, await newSandboxUser(system));
    expect(page).toContain("You are connected");
    expect(await openOf(system, userId)).toEqual({ [accesslink]: null, [dynamic]: dynamic });
    expect((await rowOf(system, userId)).registration_due_at).not.toBeNull();
    await system.control("DELETE", "/_sandbox/faults");
    await system.query("UPDATE connections SET registration_due_at = now() WHERE user_id = $1", [userId]);
    await system.ensureSubscriptions();
    // The process tries once a minute by itself, and what it has claimed is not tried here.
    await waitFor("v3", async () => (await openOf(system, userId))[accesslink] !== null);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: dynamic, [dynamic]: dynamic });
    expect(await rowOf(system, userId)).toMatchObject({ registration_due_at: null });
    expect((await syncOf(system, userId)).resources.map(({ resource }: Json) => resource)).toContain(
      "cardio-load",
    );
  });

  it("cannot add another account's consent", async () => {
    await refuseV3(system);
    const { userId, page } = await connected(system, await newSandboxUser(system));
    const done = await shareAsWell(system, page, accesslink, await newSandboxUser(system));
    expect(done).toContain("CONSENT_OTHER_ACCOUNT");
    expect(await openOf(system, userId)).toEqual({ [accesslink]: null, [dynamic]: dynamic });
  });

  it("may give fewer scopes, and is told what is not shared", async () => {
    const { userId, page } = await connected(system, await newSandboxUser(system), {
      at: { sandbox_scopes: "sleep:read activity:read" },
    });
    expect((await rowOf(system, userId)).scopes).toBe("activity:read sleep:read");
    expect(page).toContain("Fitness and orthostatic tests");
    expect(page).not.toContain("Sleep and its stages");
  });
});

/** Makes a connection as earlier releases had it: v3's grant alone, with no consent stored. */
async function formerConnection(person: string): Promise<{ userId: string; page: string }> {
  await refuseV3(system);
  const { userId, page } = await connected(system, person);
  await shareAsWell(system, page, accesslink, person);
  await system.control("DELETE", "/_sandbox/v4/switches");
  await system.control("POST", "/_sandbox/faults", { kind: "revoke", user_id: person, api: "v4" });
  return { userId, page };
}

describe("permissions that end", () => {
  it("leave the other one, and may be given again", async () => {
    const person = await newSandboxUser(system);
    const { userId } = await formerConnection(person);
    await system.query("UPDATE coverage SET next_reconcile_at = now() WHERE user_id = $1", [userId]);
    await system.reconcile();
    await waitFor("v4's end", async () => (await openOf(system, userId))[dynamic] === null);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: accesslink, [dynamic]: null });
    expect(await rowOf(system, userId)).toMatchObject({ state: "active", consents: [accesslink] });
    const [told] = await waitFor("the event", () => {
      const events = eventsOfUser(system, "connection_error", userId);
      return events.length > 0 && events;
    });
    expect(told?.body.reason).toBe("part_ended");
    expect(eventsOfUser(system, "access_revoked", userId)).toEqual([]);
  });
});

describe("an earlier release's connection", () => {
  it("opens v3 alone, is registered no more, and may add v4", async () => {
    const person = await newSandboxUser(system);
    const { userId } = await connected(system, person);
    // What an earlier release stored: no consent, and no APIs.
    await system.query("UPDATE connections SET consents = NULL, apis = NULL WHERE user_id = $1", [userId]);
    expect(await openOf(system, userId)).toEqual({ [accesslink]: accesslink, [dynamic]: null });
  });
});

describe("leaving", () => {
  it("ends the registration at v3 that v4's token made", async () => {
    const person = await newSandboxUser(system);
    const { userId } = await connected(system, person);
    expect(await registrations()).toBeGreaterThan(0);
    const answer = await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${userId}`, {
      method: "DELETE",
      headers: { "dev-id": "system", "x-api-key": "an-api-key-for-tests" },
    });
    expect(answer.status).toBe(200);
    const { requests } = (await (await system.control("GET", "/_sandbox/requests")).json()) as Json;
    const deleted = requests.filter(({ method }: Json) => method === "DELETE").map(({ path }: Json) => path);
    expect(deleted).toContain(`/v3/users/${person}`);
  });
});
