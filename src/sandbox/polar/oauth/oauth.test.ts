import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange, REDIRECT, startWorld, type World } from "../testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const authorizePath = (parameters: Record<string, string>) =>
  `/oauth2/authorization?${new URLSearchParams({
    response_type: "code",
    client_id: world.sandbox.clientId,
    redirect_uri: REDIRECT,
    state: "abc&d",
    ...parameters,
  })}`;

const locationOf = (answer: { headers: Headers }) => new URL(answer.headers.get("location") ?? "");
const probe = (token: string, id: number) => world.as({ id, token }, `/v3/users/${id}`);

describe("authorization", () => {
  test("sandbox_user approves at once and returns code and state", async () => {
    const id = await world.person();
    const answer = await world.call(
      authorizePath({ sandbox_user: String(id), scope: "accesslink.read_all" }),
    );
    expect(answer.status).toBe(302);
    const location = locationOf(answer);
    expect(`${location.origin}${location.pathname}`).toBe(REDIRECT);
    expect(location.searchParams.get("state")).toBe("abc&d");
    expect(location.searchParams.get("code")).toMatch(/^[0-9a-f]{32}$/);
  });

  test("without it a page asks, listing the people", async () => {
    const id = await world.person();
    const answer = await world.call(authorizePath({}));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/text\/html/);
    expect(answer.text).toContain(`value="${id}"`);
    expect(answer.text).toContain('value="new"');
    expect(answer.text).toMatch(/Allow[\s\S]*Deny/);
  });

  test("text shown to the person is escaped", async () => {
    await world.call("/_sandbox/users", {
      method: "POST",
      body: { "first-name": "<script>alert(1)</script>" },
    });
    const answer = await world.call(authorizePath({ state: '"><script>' }));
    expect(answer.text).not.toContain("<script>");
  });

  const decide = (form: Record<string, string>) =>
    world.call("/oauth2/authorization", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `${authorizePath({}).split("?")[1]}&${new URLSearchParams(form)}`,
    });

  test("Deny goes back with access_denied and the state", async () => {
    const { searchParams } = locationOf(await decide({ decision: "deny", sandbox_user: "new" }));
    expect(Object.fromEntries(searchParams)).toEqual({ error: "access_denied", state: "abc&d" });
  });

  test("Allow for a new person makes one whose code works", async () => {
    const code = locationOf(await decide({ decision: "allow", sandbox_user: "new" })).searchParams.get(
      "code",
    );
    const reply = (await exchange(world, { code: code ?? "", redirect_uri: REDIRECT })).json();
    const user = await world.call(`/_sandbox/users/${reply.x_user_id}`);
    expect(user.json()).toMatchObject({ user_id: reply.x_user_id, registered: false });
  });

  test("an unknown client, person or kind of address is a 400 page, never a redirect", async () => {
    for (const wrong of [
      { client_id: "other" },
      { redirect_uri: "javascript:alert(1)" },
      { sandbox_user: "999" },
    ]) {
      const answer = await world.call(authorizePath({ sandbox_user: "1", ...wrong }));
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  test("another response_type or scope goes back as an error", async () => {
    const type = locationOf(await world.call(authorizePath({ response_type: "token" })));
    expect(type.searchParams.get("error")).toBe("unsupported_response_type");
    const scope = locationOf(await world.call(authorizePath({ scope: "everything" })));
    expect(scope.searchParams.get("error")).toBe("invalid_scope");
  });
});

describe("token", () => {
  test("a code gives a token once; a second use deletes that token", async () => {
    const id = await world.person();
    const code = await world.authorize(id);
    const first = await exchange(world, { code, redirect_uri: REDIRECT });
    expect(first.status).toBe(200);
    expect(first.json()).toEqual({
      access_token: expect.stringMatching(/^[0-9a-f]{32}$/),
      token_type: "bearer",
      expires_in: 31535999,
      x_user_id: id,
    });
    const token = first.json().access_token as string;
    const other = await world.link(id);
    expect((await probe(token, id)).status).toBe(204);

    const second = await exchange(world, { code, redirect_uri: REDIRECT });
    expect([second.status, second.json().error]).toEqual([400, "invalid_grant"]);
    expect((await probe(token, id)).status).toBe(401);
    expect((await probe(other.token, id)).status).toBe(204);
  });

  test("a code is valid for ten minutes on the sandbox's clock", async () => {
    const id = await world.person();
    await world.at("2025-10-02T09:00:00Z");
    const [late, inTime] = [await world.authorize(id), await world.authorize(id)];
    await world.at("2025-10-02T09:09:30Z");
    expect((await exchange(world, { code: inTime, redirect_uri: REDIRECT })).status).toBe(200);
    await world.at("2025-10-02T09:10:30Z");
    expect((await exchange(world, { code: late, redirect_uri: REDIRECT })).json().error).toBe(
      "invalid_grant",
    );
  });

  test("redirect_uri must be repeated as it was sent", async () => {
    const code = await world.authorize(await world.person());
    expect((await exchange(world, { code })).json().error).toBe("invalid_grant");
    expect((await exchange(world, { code, redirect_uri: `${REDIRECT}/` })).json().error).toBe(
      "invalid_grant",
    );
    expect((await exchange(world, { code, redirect_uri: REDIRECT })).status).toBe(200);
  });

  test("the client must authenticate, by Basic and unencoded", async () => {
    const request = {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "grant_type=authorization_code&code=x",
    };
    const encoded = `Basic ${Buffer.from("sandbox%2Dclient:sandbox%2Dsecret").toString("base64")}`;
    for (const authorization of ["Basic eDp5", encoded, "Bearer x"]) {
      const headers = { ...request.headers, Authorization: authorization };
      const answer = await world.call("/v2/oauth2/token", { ...request, headers });
      expect([answer.status, answer.json().error]).toEqual([401, "invalid_client"]);
    }
  });

  test("wrong requests get different errors", async () => {
    expect((await exchange(world, { code: "unknown" })).json().error).toBe("invalid_grant");
    expect((await exchange(world, {})).json().error).toBe("invalid_request");
    const refresh = await exchange(world, { grant_type: "refresh_token", code: "x" });
    expect([refresh.status, refresh.json().error]).toEqual([400, "unsupported_grant_type"]);
  });
});
