/** The second consent at Polar: where it is offered, whose it may be, and what comes by it. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { accesslink, dynamic } from "../../src/providers/polar/names.ts";
import { eventsOfUser, type Json, newSandboxUser } from "../support/consent.ts";
import {
  askAgain,
  asUsual,
  callsTo,
  connected,
  connectedToV3,
  fault,
  isQuiet,
  onlySleep,
  openOf,
  refuseV3,
  rowOf,
  shareAsWell,
  syncOf,
  turn,
} from "../support/polar-consent.ts";
import { keyHeaders, type System, startSystem } from "../support/system.ts";
import { waitFor } from "../support/wait.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
  await onlySleep(system);
});
afterAll(() => system.close());
afterEach(() => asUsual(system));

const both = { [accesslink]: accesslink, [dynamic]: dynamic };
const quiet = (userId: string) => waitFor("the person's data", () => isQuiet(system, userId));
const generate = (person: string, days: number, apis: string) =>
  system.control("POST", `/_sandbox/users/${person}/generate`, { days, apis });
const recordsOf = async (userId: string, type: string): Promise<number> => {
  const [row] = await system.query<Json>(
    "SELECT count(*)::int AS kept FROM records WHERE user_id = $1 AND type = $2",
    [userId, type],
  );
  return row.kept;
};
const apiOf = ({ resource }: Json): string => (resource.startsWith("v4-") ? dynamic : accesslink);

describe("the second consent", () => {
  it("is not offered where one consent opens both", async () => {
    const { page } = await connected(system, await newSandboxUser(system));
    expect(page).toContain("You are connected");
    expect(page).not.toContain("Cardio Load");
  });

  it("says what it adds, opens v3, and v3's data comes", async () => {
    await refuseV3(system);
    const person = await newSandboxUser(system);
    await generate(person, 2, "both");
    const { userId, page } = await connected(system, person);
    await quiet(userId);
    expect(new Set((await syncOf(system, userId)).resources.map(apiOf))).toEqual(new Set([dynamic]));
    for (const words of ["Cardio Load", "SleepWise", "Daily totals", "Training files"]) {
      expect(page).toContain(words);
    }
    expect(await shareAsWell(system, page, accesslink, person)).toContain("You are connected");
    expect(await openOf(system, userId)).toEqual(both);
    await quiet(userId);
    const { resources } = await syncOf(system, userId);
    expect(new Set(resources.map(apiOf))).toEqual(new Set([dynamic, accesslink]));
    const [v3] = await system.query<Json>(
      `SELECT count(*)::int AS kept FROM raw_payloads WHERE user_id = $1 AND resource NOT LIKE 'v4-%'`,
      [userId],
    );
    expect(v3.kept).toBeGreaterThan(0);
    expect(await recordsOf(userId, "sleep")).toBeGreaterThan(0);
  });

  it.each([accesslink, dynamic])("of another account is refused: %s", async (consent) => {
    const [person, other] = [await newSandboxUser(system), await newSandboxUser(system)];
    const { userId, page } = await connectedBy(consent === accesslink ? dynamic : accesslink, person);
    const before = await openOf(system, userId);
    const done = await shareAsWell(system, page, consent, other);
    expect(done).toContain("CONSENT_OTHER_ACCOUNT");
    expect(await openOf(system, userId)).toEqual(before);
    expect((await rowOf(system, userId)).provider_user_id).toBe(person);
  });

  it("of another account is refused where v4 names nobody and v3 takes its token", async () => {
    const [person, other] = [await newSandboxUser(system), await newSandboxUser(system)];
    const { userId, page } = await connectedBy(accesslink, person);
    await turn(system, { x_user_id: "absent" });
    await system.control("DELETE", "/_sandbox/requests");
    expect(await shareAsWell(system, page, dynamic, other)).toContain("CONSENT_OTHER_ACCOUNT");
    expect(await openOf(system, userId)).toEqual({ [accesslink]: accesslink, [dynamic]: null });
    await waitFor("the other account's registration to end", async () => {
      return (await callsTo(system, "DELETE", `/v3/users/${other}`)).length > 0;
    });
    expect(await callsTo(system, "DELETE", `/v3/users/${person}`)).toEqual([]);
  });

  it.each(["other", "absent"])("at v4 is the same person's where v4's id is %s", async (x_user_id) => {
    const person = await newSandboxUser(system);
    const { userId, page } = await connectedBy(accesslink, person);
    await turn(system, { x_user_id });
    expect(await shareAsWell(system, page, dynamic, person)).toContain("You are connected");
    expect(await openOf(system, userId)).toEqual(both);
    expect((await rowOf(system, userId)).provider_user_id).toBe(person);
  });
});

/** Connects by that consent alone, and returns a page that offers the other one. */
async function connectedBy(consent: string, person: string): Promise<{ userId: string; page: string }> {
  if (consent === accesslink) {
    const userId = await connectedToV3(system, person);
    return { userId, page: await offerOf(userId) };
  }
  await refuseV3(system);
  const { userId, page } = await connected(system, person);
  return { userId, page };
}

/** The form of the connect page of a link for the connected person. */
async function offerOf(userId: string): Promise<string> {
  const response = await fetch(`${system.server.url}/v2/auth/generateWidgetSession`, {
    method: "POST",
    headers: { ...keyHeaders, "content-type": "application/json" },
    body: JSON.stringify({ reference_id: (await rowOf(system, userId)).reference_id, providers: "POLAR" }),
  });
  const { url } = (await response.json()) as Json;
  await system.query("UPDATE widget_sessions SET user_id = $1 WHERE user_id IS NULL AND reference_id = $2", [
    userId,
    (await rowOf(system, userId)).reference_id,
  ]);
  return `action="${new URL(url).pathname}/polar"`;
}

describe("an earlier release's connection", () => {
  it("goes on untouched, and v4 joins when the person connects again", async () => {
    const person = await newSandboxUser(system);
    const reference = randomUUID();
    const userId = await connectedToV3(system, person, reference);
    await quiet(userId);
    await system.query("UPDATE connections SET consents = NULL, apis = NULL WHERE user_id = $1", [userId]);
    const before = await rowOf(system, userId);
    await system.control("DELETE", "/_sandbox/requests");
    await generate(person, 2, "v3");
    await waitFor("v3's data", async () => (await recordsOf(userId, "sleep")) > 0);
    await quiet(userId);
    expect(await callsTo(system, "POST", "/oauth/token")).toEqual([]);
    expect(await callsTo(system, "POST", "/v3/users")).toEqual([]);
    const { grant_sealed, consents, apis, state } = await rowOf(system, userId);
    expect({ grant_sealed, consents, apis, state }).toEqual({
      grant_sealed: before.grant_sealed,
      consents: null,
      apis: null,
      state: "active",
    });
    const nights = await recordsOf(userId, "sleep");
    await refuseV3(system);
    const again = await connected(system, person, { reference });
    // v3's own consent still holds, so that nothing is lost where v3 refuses v4's token.
    expect(again.page).not.toContain("Cardio Load");
    expect(await openOf(system, again.userId)).toEqual(both);
    expect(await recordsOf(again.userId, "sleep")).toBeGreaterThanOrEqual(nights);
    expect(eventsOfUser(system, "access_revoked", userId)).toEqual([]);
  });
});

describe("a person whom v4 does not name", () => {
  it("is known again by the reference, where v3 takes the token", async () => {
    await turn(system, { x_user_id: "absent" });
    const person = await newSandboxUser(system);
    const reference = randomUUID();
    await connected(system, person, { reference });
    const again = await connected(system, person, { reference });
    expect(again.page).toContain("You are connected");
    expect(await openOf(system, again.userId)).toEqual({ [accesslink]: dynamic, [dynamic]: dynamic });
    expect((await rowOf(system, again.userId)).provider_user_id).toBe(person);
  });

  it("is asked whether it is another account where v3 refuses, and may say so", async () => {
    await refuseV3(system);
    await turn(system, { x_user_id: "absent" });
    const person = await newSandboxUser(system);
    const reference = randomUUID();
    const first = await connected(system, person, { reference });
    const again = await connected(system, person, { reference });
    expect(again.page).not.toContain("You are connected");
    expect((await rowOf(system, first.userId)).state).toBe("active");
    // Without a reference nobody says that they are one person: each is a connection of its own.
    const [one, two] = [await newSandboxUser(system), await newSandboxUser(system)];
    const others = [await connected(system, one), await connected(system, two)];
    for (const { userId } of others) expect((await rowOf(system, userId)).state).toBe("active");
  });
});

describe("fewer data types", () => {
  it("only sleep's scope is asked for, and only sleep is fetched", async () => {
    await refuseV3(system);
    const { userId, authUrl, page } = await connected(system, await newSandboxUser(system));
    const asked = authUrl.searchParams.get("scope")?.split(" ") ?? [];
    expect(asked).toContain("sleep:read");
    expect(asked).not.toContain("training_sessions:read");
    expect(asked).not.toContain("activity:read");
    expect(page).toContain("You are connected");
    await quiet(userId);
    expect(await callsTo(system, "GET", "/v4/data/training-sessions/list")).toEqual([]);
  });
});

describe("the end", () => {
  it("of both: v3's registration is given back, the data is erased", async () => {
    await refuseV3(system);
    const person = await newSandboxUser(system);
    const { userId, page } = await connected(system, person);
    await shareAsWell(system, page, accesslink, person);
    await quiet(userId);
    await system.control("DELETE", "/_sandbox/requests");
    const answer = await fetch(`${system.server.url}/v2/auth/deauthenticateUser?user_id=${userId}`, {
      method: "DELETE",
      headers: keyHeaders,
    });
    expect(answer.status).toBe(200);
    expect(await callsTo(system, "DELETE", `/v3/users/${person}`)).toHaveLength(1);
    expect(await rowOf(system, userId)).toBeUndefined();
    const [left] = await system.query<Json>(
      "SELECT count(*)::int AS rows FROM raw_payloads WHERE user_id = $1",
      [userId],
    );
    expect(left.rows).toBe(0);
  });

  it("in the middle of the history is told once, and nothing of it is lost", async () => {
    await refuseV3(system);
    const person = await newSandboxUser(system);
    await generate(person, 20, "v4");
    await fault(system, { kind: "slow", milliseconds: 50, path: "/v4" });
    const { userId } = await connected(system, person);
    await waitFor("some of the history", async () => (await recordsOf(userId, "sleep")) > 0);
    const kept = await recordsOf(userId, "sleep");
    await fault(system, { kind: "revoke", user_id: person });
    await askAgain(system, userId);
    await waitFor("the end", async () => (await rowOf(system, userId)).state === "revoked");
    await waitFor("the event", () => eventsOfUser(system, "access_revoked", userId).length > 0);
    expect(eventsOfUser(system, "access_revoked", userId)).toHaveLength(1);
    expect(eventsOfUser(system, "connection_error", userId)).toEqual([]);
    expect(await recordsOf(userId, "sleep")).toBeGreaterThanOrEqual(kept);
  });
});
