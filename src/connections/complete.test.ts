import { beforeEach, describe, expect, it } from "vitest";
import {
  addresses,
  beginLogin,
  eventTypes,
  finishLogin,
  openSession,
} from "../../test/support/cairn-login.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { findByReference } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import { spendSession } from "../store/sessions.ts";

const person = new CairnPerson();
const connections = () => findByReference(person.store.db, person.environment.environmentId, "me");
const revocations = async () => (await person.tasks()).filter(({ kind }) => kind === "revoke");
const token = (whose = "7") => ({ status: 200, body: { token: `of ${whose}`, person: whose } });
beforeEach(() => person.serve({ "/token": token() }));

describe("a login that ends well", () => {
  it("is a connection with the promised id, its grant, its first tasks and an event", async () => {
    const login = await beginLogin(person);
    expect(await finishLogin(person, login)).toMatchObject({
      outcome: "connected",
      redirectUrl: addresses.success_url,
      userId: login.userId,
      referenceId: "me",
      code: null,
    });
    const [connection, ...others] = await connections();
    expect(others).toEqual([]);
    expect(connection).toMatchObject({
      user_id: login.userId,
      provider_user_id: "7",
      state: "active",
      scopes: "days",
    });
    const id = { environmentId: person.environment.environmentId, userId: login.userId };
    const grants = connection && openGrants(person.store.keyRing, id, connection.grant_sealed);
    expect(grants).toMatchObject([{ accessToken: "of 7", consent: "cairn" }]);
    expect((await person.tasks()).map(({ kind }) => kind)).toContain("connect");
    expect(await eventTypes(person)).toEqual(["auth"]);
    expect(person.server.asked.map(({ body }) => body)).toEqual(["code=code"]);
  });

  it("is finished once, though the browser returns twice at the same moment", async () => {
    const login = await beginLogin(person);
    const ends = await Promise.allSettled([finishLogin(person, login), finishLogin(person, login)]);
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [refused] = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(refused).toMatchObject({ code: "OAUTH_STATE_INVALID" });
    expect(person.asked()).toEqual(["/token"]);
  });

  it("makes one connection of two logins of the same account at the same moment", async () => {
    const logins = [await beginLogin(person), await beginLogin(person)];
    const ends = await Promise.all(logins.map((login) => finishLogin(person, login)));
    expect(ends.map(({ outcome }) => outcome)).toEqual(["connected", "connected"]);
    expect(await connections()).toHaveLength(1);
  });
});

describe("a browser that returns", () => {
  it("with an invented state is refused, and so is one without a state", async () => {
    await expect(finishLogin(person, { state: "guess" })).rejects.toMatchObject({
      code: "OAUTH_STATE_INVALID",
    });
    await expect(finishLogin(person, { state: null })).rejects.toMatchObject({ code: "OAUTH_STATE_INVALID" });
    expect(person.asked()).toEqual([]);
  });

  it("and did not begin the login is refused, and the right one can still finish", async () => {
    const login = await beginLogin(person);
    const other = finishLogin(person, login, { browser: "another cookie" });
    await expect(other).rejects.toMatchObject({ code: "OAUTH_OTHER_BROWSER" });
    expect((await finishLogin(person, login)).outcome).toBe("connected");
  });
});

describe("a login that fails", () => {
  it.each<[string, Parameters<typeof finishLogin>[2], object]>([
    [
      "the person refuses",
      { code: null, error: "access_denied" },
      { outcome: "denied", reason: "access_denied" },
    ],
    ["there is no code", { code: null }, { outcome: "denied", reason: "oauth_denied" }],
  ])("tells the developer why where %s", async (_, given, outcome) => {
    const end = await finishLogin(person, await beginLogin(person), given);
    expect(end).toMatchObject({
      ...outcome,
      redirectUrl: addresses.failure_url,
      code: "OAUTH_DENIED",
      userId: null,
    });
    expect(await eventTypes(person)).toEqual(["auth_cancelled"]);
    expect([await connections(), person.asked()]).toEqual([[], []]);
  });

  it("is a failure when the code cannot be exchanged, and the code is not tried again", async () => {
    person.serve({ "/token": { status: 503 } });
    const login = await beginLogin(person);
    expect(await finishLogin(person, login)).toMatchObject({
      outcome: "failed",
      code: "PROVIDER_UNAVAILABLE",
      reason: "provider_unavailable",
      redirectUrl: addresses.failure_url,
    });
    await expect(finishLogin(person, login)).rejects.toMatchObject({ code: "OAUTH_STATE_INVALID" });
    expect([await connections(), person.asked()]).toEqual([[], ["/token"]]);
  });
});

describe("a connect link", () => {
  const spend = (id: Parameters<typeof spendSession>[1]) =>
    person.store.db.transaction().execute((tx) => spendSession(tx, id));

  it("is used up by its first connection; a second login ends before anything is exchanged", async () => {
    const { sessionId: session_id } = await openSession(person);
    const [first, second] = [
      await beginLogin(person, { session_id }),
      await beginLogin(person, { session_id }),
    ];
    expect((await finishLogin(person, first)).outcome).toBe("connected");
    await expect(finishLogin(person, second)).rejects.toMatchObject({ code: "SESSION_USED" });
    expect(person.asked()).toEqual(["/token"]);
  });

  it("used up while the code is exchanged makes no connection, and the permission is revoked", async () => {
    const session = await openSession(person);
    person.serve({
      "/token": (response) =>
        void spend(session).then(() => response.writeHead(200).end(JSON.stringify(token().body))),
    });
    const login = await beginLogin(person, { session_id: session.sessionId });
    await expect(finishLogin(person, login)).rejects.toMatchObject({ code: "SESSION_USED" });
    expect(await connections()).toEqual([]);
    const [revocation, ...others] = await revocations();
    expect(others).toEqual([]);
    const id = { environmentId: person.environment.environmentId, userId: login.userId };
    const grants = openGrants(person.store.keyRing, id, revocation?.body ?? Buffer.alloc(0));
    expect(grants).toMatchObject([{ accessToken: "of 7" }]);
  });
});

describe("another account of a connected person", () => {
  it("is asked about first: nothing is replaced, and nothing is revoked yet", async () => {
    await finishLogin(person, await beginLogin(person));
    person.serve({ "/token": token("8") });
    const asked = await finishLogin(person, await beginLogin(person));
    expect(asked).toMatchObject({ outcome: "asked", redirectUrl: null, userId: null });
    expect(asked.question).not.toBeNull();
    expect((await connections()).map(({ provider_user_id }) => provider_user_id)).toEqual(["7"]);
    expect(await revocations()).toEqual([]);
  });
});
