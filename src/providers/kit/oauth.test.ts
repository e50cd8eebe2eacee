import { createHash } from "node:crypto";
import { lookup } from "node:dns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Grant } from "../provider.ts";
import { providerHttp } from "./http.ts";
import { oauthConsent } from "./oauth.ts";
import { type Reply, startServer, type TestServer } from "./testing/server.ts";

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const http = providerHttp({ lookup, assertUrlAllowed: () => {} });
const soon = () => AbortSignal.timeout(5_000);
const replying = (reply: Reply) => {
  server.script = () => reply;
};
const form = () => Object.fromEntries(new URLSearchParams(server.asked.at(-1)?.body));

function client(more: { usesPkce?: boolean; clientAuthentication?: "basic" | "body" } = {}) {
  const consent = oauthConsent<object>({
    provider: "invented",
    name: "invented",
    apis: ["v1"],
    scopes: [{ name: "days", label: "Days", isRequired: true }],
    usesPkce: true,
    clientAuthentication: "body",
    ...more,
    addresses: () => ({ authorize: "https://invented.example/authorize", token: `${server.url}/token` }),
    client: () => ({ id: "the-client", secret: "s3cret" }),
    person: (reply) => String(reply.person),
  });
  const access = { settings: {}, http };
  const asked = { redirectUri: "https://hub.example/back", scopes: ["days", "nights"] };
  return {
    begin: () => consent.begin(access, { ...asked, state: "the-state" }),
    exchange: (codeVerifier: string | null) =>
      consent.exchange(access, { ...asked, code: "the-code", codeVerifier, signal: soon() }),
    refresh: async (grant: Grant) => await consent.refresh?.(access, grant, soon()),
  };
}

const held: Grant = {
  consent: "invented",
  accessToken: "old",
  expiresAt: null,
  renewal: { kind: "refresh-token", token: "refresh-1" },
  providerUserId: "7",
  scopes: ["days"],
};

describe("the authorisation code", () => {
  it("is requested with a challenge, and exchanged with the matching verifier", async () => {
    const { url, codeVerifier } = await client().begin();
    const query = new URL(url).searchParams;
    expect(query.get("state")).toBe("the-state");
    expect(query.get("scope")).toBe("days nights");
    expect(query.get("code_challenge_method")).toBe("S256");
    const challenge = createHash("sha256")
      .update(codeVerifier ?? "")
      .digest("base64url");
    expect(query.get("code_challenge")).toBe(challenge);
    replying({ status: 200, body: { access_token: "t", token_type: "bearer", expires_in: 60, person: 7 } });
    const grant = await client().exchange(codeVerifier);
    expect(form()).toMatchObject({ code: "the-code", code_verifier: codeVerifier, client_secret: "s3cret" });
    expect(grant).toMatchObject({
      accessToken: "t",
      renewal: null,
      providerUserId: "7",
      scopes: ["days", "nights"],
    });
  });

  it("works without PKCE, and with Basic authentication", async () => {
    const basic = client({ usesPkce: false, clientAuthentication: "basic" });
    const { url, codeVerifier } = await basic.begin();
    expect([codeVerifier, new URL(url).searchParams.get("code_challenge")]).toEqual([null, null]);
    replying({ status: 200, body: { access_token: "t", token_type: "bearer", scope: "days", person: 7 } });
    expect((await basic.exchange(null)).scopes).toEqual(["days"]);
    expect(server.asked[0]?.headers.authorization).toMatch(/^Basic /);
    expect(form()).not.toHaveProperty("client_secret");
  });

  it("that is refused reports the server's error code and no secret", async () => {
    replying({ status: 400, body: { error: "invalid_grant", error_description: "s3cret" } });
    const error = await client()
      .exchange(null)
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: "OAUTH_EXCHANGE_FAILED",
      details: { provider: "invented", cause: "invalid_grant" },
    });
  });
});

describe("a refresh token", () => {
  it("that is rotated is replaced", async () => {
    replying({
      status: 200,
      body: { access_token: "new", token_type: "bearer", refresh_token: "refresh-2" },
    });
    const grant = await client().refresh(held);
    expect(form()).toMatchObject({ grant_type: "refresh_token", refresh_token: "refresh-1" });
    expect(grant).toMatchObject({ accessToken: "new", renewal: { token: "refresh-2" }, scopes: ["days"] });
  });

  it("that is not rotated stays", async () => {
    replying({ status: 200, body: { access_token: "new", token_type: "bearer" } });
    expect(await client().refresh(held)).toMatchObject({
      accessToken: "new",
      renewal: { token: "refresh-1" },
    });
  });

  it.each<[string, object, Partial<Grant>]>([
    ["a lifetime that is null", { expires_in: null }, { expiresAt: null }],
    ["a negative lifetime", { expires_in: -1 }, { expiresAt: null }],
    ["a lifetime as text", { expires_in: "3600" }, { expiresAt: expect.any(Date) as unknown as Date }],
    ["scopes that are null", { scope: null }, { scopes: ["days"] }],
    ["a list of scopes", { scope: ["days", "nights"] }, { scopes: ["days", "nights"] }],
    ["a refresh token that is null", { refresh_token: null }, { renewal: held.renewal }],
    ["no token type", { token_type: undefined }, {}],
    ["an id token", { id_token: "e30.e30.x" }, {}],
  ])("renews by a reply with %s", async (_what, odd, expected) => {
    replying({ status: 200, body: { access_token: "new", token_type: "Bearer", ...odd } });
    expect(await client().refresh(held)).toMatchObject({ accessToken: "new", ...expected });
  });

  it.each([
    [400, { error: "invalid_grant" }, "PROVIDER_UNAUTHORIZED", "never"],
    [400, { error: "invalid_client" }, "PROVIDER_REFUSED", "later"],
    [503, {}, "PROVIDER_UNAVAILABLE", "later"],
    [429, {}, "PROVIDER_RATE_LIMITED", "later"],
  ])("answered with %d %j is %s, retried %s", async (status, body, code, retry) => {
    replying({ status, body });
    await expect(client().refresh(held)).rejects.toMatchObject({ code, retry });
  });
});
