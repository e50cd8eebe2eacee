import { describe, expect, it } from "vitest";
import type { ExampleReply } from "../../conformance/example-reply.ts";
import { inTurn } from "../../conformance/scripted.ts";
import type { Grant } from "../../provider.ts";
import { accesslink, dynamic } from "../names.ts";
import { polarSettings } from "../settings.ts";
import { dynamicConsent } from "./oauth.ts";
import { scopes } from "./scopes.ts";

const settings = polarSettings.parse({ client_id: "id", client_secret: "s+cret" });
const signal = AbortSignal.timeout(60_000);
const registering = { memberId: "our-id", opened: [], knownAs: [], signal };
const token = (extra: object = {}) => ({
  status: 200,
  body: { access_token: "a", refresh_token: "r", token_type: "bearer", expires_in: 3599, ...extra },
});

function polar(...replies: ExampleReply[]) {
  const http = inTurn(replies);
  return { http, access: { settings, http } };
}

const exchanged = async (reply: ExampleReply, asked: readonly string[] = ["sleep:read"]) => {
  const { access, http } = polar(reply);
  const code = {
    code: "c",
    redirectUri: "https://hub.example/back",
    scopes: asked,
    codeVerifier: null,
    signal,
  };
  const grant = await dynamicConsent.exchange(access, code);
  return { grant, http };
};

const held: Grant = {
  consent: dynamic,
  accessToken: "a",
  expiresAt: null,
  renewal: { kind: "refresh-token", token: "r" },
  providerUserId: "475",
  scopes: ["sleep:read"],
};
const { providerUserId: _, ...withoutPerson } = held;
const unnamed: Grant = { ...withoutPerson, providerUserId: "unnamed-1", isUnnamed: true };

describe("the consent for v4", () => {
  it("asks for scopes of v4 alone, without PKCE", async () => {
    const asked = scopes.map(({ name }) => name);
    const { url, codeVerifier } = await dynamicConsent.begin(polar().access, {
      redirectUri: "https://hub.example/back",
      state: "s",
      scopes: asked,
    });
    expect(codeVerifier).toBeNull();
    expect(url).toMatch(/^https:\/\/auth\.polar\.com\/oauth\/authorize\?/);
    expect(url).not.toContain("accesslink");
    expect(asked).toHaveLength(16);
    expect(scopes.filter(({ isRequired }) => !isRequired).map(({ name }) => name)).toEqual(["profile:read"]);
  });

  it("proves the client with its secret as it is", async () => {
    const { http } = await exchanged(token());
    const [request] = http.asked;
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from("id:s+cret").toString("base64")}`);
    expect(request?.url).toBe("https://auth.polar.com/oauth/token");
  });

  it.each<[string, unknown, number | null]>([
    ["a number", 3599, 3_599_000],
    ["twelve hours", 43_199, 43_199_000],
    ["text", "3599", 3_599_000],
    ["a fraction", 0.5, 500],
    ["nothing", undefined, null],
    ["null", null, null],
    ["zero", 0, null],
    ["negative", -5, null],
    ["no number", "soon", null],
  ])("obeys expires_in that is %s", async (_name, expires_in, lifeMs) => {
    const before = Date.now();
    const { grant } = await exchanged(token({ expires_in }));
    if (lifeMs === null) return expect(grant.expiresAt).toBeNull();
    const ends = grant.expiresAt?.getTime() ?? 0;
    expect(ends).toBeGreaterThanOrEqual(before + lifeMs);
    expect(ends).toBeLessThanOrEqual(Date.now() + lifeMs);
  });

  it.each([1e15, 1e300, "1e300"])(
    "keeps a token of %s seconds with a date that can be stored",
    async (expires_in) => {
      const { grant } = await exchanged(token({ expires_in }));
      expect(JSON.parse(JSON.stringify(grant.expiresAt))).toMatch(/^\+275760/);
    },
  );

  it.each<[string, object, Partial<Grant>]>([
    ["a number", { x_user_id: 475 }, { providerUserId: "475" }],
    ["text", { x_user_id: "475" }, { providerUserId: "475" }],
    ["absent", {}, { providerUserId: expect.stringMatching(/^unnamed-/), isUnnamed: true }],
    ["a path", { x_user_id: "../4" }, { isUnnamed: true }],
  ])("takes x_user_id that is %s", async (_name, extra, expected) => {
    expect((await exchanged(token(extra))).grant).toMatchObject(expected);
  });

  it("never gives two unnamed persons one id", async () => {
    const ids = [await exchanged(token()), await exchanged(token())].map(({ grant }) => grant.providerUserId);
    expect(new Set(ids).size).toBe(2);
  });

  it.each<[string, object, readonly string[]]>([
    ["named", { scope: "sleep:read tests:read" }, ["sleep:read", "tests:read"]],
    ["absent", {}, ["sleep:read"]],
    ["no text", { scope: 7 }, ["sleep:read"]],
  ])("takes scopes that are %s", async (_name, extra, expected) => {
    expect((await exchanged(token(extra))).grant.scopes).toEqual(expected);
  });

  it("lives with a reply without a refresh token", async () => {
    expect((await exchanged(token({ refresh_token: null }))).grant.renewal).toBeNull();
  });

  it("renews with the former refresh token where none comes, and keeps what was found", async () => {
    const found: Grant = { ...unnamed, apis: [dynamic, accesslink], isUndecided: true };
    const renewed = await dynamicConsent.refresh?.(
      polar(token({ access_token: "b", refresh_token: {} })).access,
      found,
      signal,
    );
    expect(renewed).toEqual({ ...found, accessToken: "b", expiresAt: expect.any(Date) });
  });

  it("says that a refused renewal ended the permission", async () => {
    const refused = { status: 400, body: { error: "invalid_grant" } };
    const renewing = dynamicConsent.refresh?.(polar(refused).access, held, signal);
    await expect(renewing).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", retry: "never" });
  });
});

const registered = { status: 200, body: { "polar-user-id": 9, "member-id": "our-id" } };
const user = { status: 200, body: {} };
const data = { status: 200, body: [] };

describe("trying v3 with the token of v4", () => {
  it.each<[string, Grant, ExampleReply[], Partial<Grant>, string[]]>([
    [
      "is open at once",
      held,
      [data, user],
      { apis: [dynamic, accesslink], providerUserId: "475" },
      ["GET", "GET"],
    ],
    [
      "is open after registration, which names the person",
      unnamed,
      [registered, { status: 204 }, user],
      { apis: [dynamic, accesslink], providerUserId: "9" },
      ["POST", "GET", "GET"],
    ],
    [
      "knows the person under another id than v4",
      held,
      [data, { status: 403 }, registered, data, user],
      { apis: [dynamic, accesslink], providerUserId: "9" },
      ["GET", "GET", "POST", "GET", "GET"],
    ],
    [
      "knows the person already",
      held,
      [{ status: 403 }, { status: 409 }, user, data, user],
      { apis: [dynamic, accesslink], providerUserId: "475" },
      ["GET", "POST", "GET", "GET", "GET"],
    ],
    [
      "has the member id of another person",
      held,
      [{ status: 403 }, { status: 409 }, { status: 404 }, registered, data, user],
      { apis: [dynamic, accesslink], providerUserId: "9" },
      ["GET", "POST", "GET", "POST", "GET", "GET"],
    ],
  ])("opens both where v3 %s", async (_name, grant, replies, expected, methods) => {
    const { access, http } = polar(...replies);
    const found = await dynamicConsent.register?.(access, grant, registering);
    expect(found).toMatchObject(expected);
    expect(found).not.toHaveProperty("isUnnamed");
    expect(http.asked.map(({ method }) => method)).toEqual(methods);
  });

  it.each<[string, Grant, ExampleReply[]]>([
    ["refuses the token", held, [{ status: 401 }, { status: 401 }]],
    ["registers and refuses all the same", held, [{ status: 403 }, registered, { status: 403 }]],
    ["registers, and does not name the unnamed person", unnamed, [{ status: 200, body: {} }]],
    ["knows the unnamed person already", unnamed, [{ status: 409 }, { status: 409 }]],
  ])("leaves v4 alone where v3 %s", async (_name, grant, replies) => {
    expect(await dynamicConsent.register?.(polar(...replies).access, grant, registering)).toEqual(grant);
  });

  it.each<[string, ExampleReply[]]>([
    ["has an outage", [{ status: 503 }]],
    ["is over its limit", [{ status: 429 }]],
    ["has an outage at registration", [{ status: 403 }, { status: 500 }]],
  ])("keeps the grant, to be asked about later, where v3 %s", async (_name, replies) => {
    const found = await dynamicConsent.register?.(polar(...replies).access, held, registering);
    expect(found).toEqual({ ...held, isUndecided: true });
  });

  it.each<[string, readonly string[], ExampleReply[]]>([
    ["who has v3 already", [accesslink], [user]],
    ["who connected under the same reference", [], [user, data, user]],
  ])("names the unnamed person %s", async (_name, opened, replies) => {
    const { access } = polar(...replies);
    const known = { ...registering, opened, knownAs: ["unnamed-1", "9"] };
    const found = await dynamicConsent.register?.(access, unnamed, known);
    expect(found).toMatchObject({ providerUserId: "9" });
    expect(found).not.toHaveProperty("isUnnamed");
  });

  it("takes v3's word for an id that v4 alone has", async () => {
    const known = { ...registering, opened: [accesslink], knownAs: ["9"] };
    const found = await dynamicConsent.register?.(polar(user).access, held, known);
    expect(found).toEqual({ ...held, providerUserId: "9" });
  });

  it("names another person, whom v3 registers, than the one who has v3", async () => {
    const known = { ...registering, opened: [accesslink], knownAs: ["8"] };
    const replies = [{ status: 403 }, { status: 409 }, registered, data, user];
    const found = await dynamicConsent.register?.(polar(...replies).access, unnamed, known);
    expect(found).toMatchObject({ providerUserId: "9", apis: [dynamic, accesslink] });
  });

  it("asks nothing where the person's own consent for v3 opens it", async () => {
    const { access, http } = polar();
    const opened = { ...registering, opened: [accesslink] };
    expect(await dynamicConsent.register?.(access, held, opened)).toEqual(held);
    expect(http.asked).toEqual([]);
  });

  it("ends at v3 what was registered there, and nothing else", async () => {
    const { access, http } = polar({ status: 204 });
    await dynamicConsent.revoke?.(access, held, signal);
    expect(http.asked).toEqual([]);
    await dynamicConsent.revoke?.(access, { ...held, apis: [dynamic, accesslink] }, signal);
    expect(http.asked.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "DELETE /v3/users/475",
    ]);
  });
});
