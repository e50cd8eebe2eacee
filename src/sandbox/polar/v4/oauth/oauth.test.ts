import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { REDIRECT } from "../../testing/world.ts";
import {
  authorizePath,
  backTo,
  codeFor,
  type DynamicWorld,
  everyScope,
  exchanged,
  renewed,
  startDynamic,
  token,
} from "../testing/world.ts";

let dynamic: DynamicWorld;
beforeEach(async () => {
  dynamic = await startDynamic();
});
afterEach(() => dynamic.close());

const sleeps = "/sleeps?from=2025-09-20&to=2025-10-03";
const statusWith = async (access: unknown) => (await dynamic.get(sleeps, String(access))).status;

describe("authorization", () => {
  test("the scope is required, and one of v3's is refused", async () => {
    const { world, id } = dynamic;
    for (const scope of ["", "accesslink.read_all", "sleep:read accesslink.read_all"]) {
      const answer = await world.call(authorizePath(world, { sandbox_user: String(id), scope }));
      expect(Object.fromEntries(backTo(answer))).toEqual({ error: "invalid_scope", state: "a b" });
    }
  });

  test("a wrong client or a missing redirect_uri is a page, never a redirect", async () => {
    const { world } = dynamic;
    for (const wrong of [{ client_id: "other" }, { redirect_uri: "" }, { sandbox_user: "999" }]) {
      const answer = await world.call(authorizePath(world, { sandbox_user: "1", ...wrong }));
      expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    }
  });

  const decide = (form: string) =>
    dynamic.world.call("/oauth/authorize", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `${authorizePath(dynamic.world, {}).split("?")[1]}&${form}`,
    });

  test("a person may untick scopes; the reply says which were given", async () => {
    const { world, id } = dynamic;
    const page = await world.call(authorizePath(world, {}));
    expect(page.text).toContain('type="checkbox" name="granted" value="sleep:read" checked');
    const given = await decide(`decision=allow&sandbox_user=${id}&granted=sleep%3Aread`);
    const reply = (await exchanged(world, backTo(given).get("code") ?? "")).json();
    expect(reply.scope).toBe("sleep:read");
    expect(await statusWith(reply.access_token)).toBe(200);
    const activity = await dynamic.get(
      "/activity/list?from=2025-10-01&to=2025-10-02",
      String(reply.access_token),
    );
    expect([activity.status, activity.json()]).toEqual([
      403,
      { errorMessage: "Missing required scope: activity:read" },
    ]);
  });

  test("Deny goes back with access_denied", async () => {
    expect(backTo(await decide("decision=deny")).get("error")).toBe("access_denied");
  });

  test("sandbox_scopes gives less at once", async () => {
    const { world, id } = dynamic;
    const path = authorizePath(world, { sandbox_user: String(id), sandbox_scopes: "sleep:read routes:read" });
    const reply = (await exchanged(world, backTo(await world.call(path)).get("code") ?? "")).json();
    expect(reply.scope).toBe("routes:read sleep:read");
  });
});

describe("tokens", () => {
  test("a reply has what Polar's has", async () => {
    const { world, id } = dynamic;
    const answer = await exchanged(world, await codeFor(world, id));
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: "bearer",
      expires_in: 3599,
      scope: everyScope,
      x_user_id: id,
      jti: expect.any(String),
    });
  });

  test("a code works once; a second use ends the grant", async () => {
    const { world, id } = dynamic;
    const code = await codeFor(world, id);
    const { access_token, refresh_token } = (await exchanged(world, code)).json();
    expect(await statusWith(access_token)).toBe(200);
    const again = await exchanged(world, code);
    expect([again.status, again.json().error]).toEqual([400, "invalid_grant"]);
    expect(await statusWith(access_token)).toBe(401);
    expect((await renewed(world, String(refresh_token))).json().error).toBe("invalid_grant");
  });

  test("redirect_uri is repeated byte for byte", async () => {
    const { world, id } = dynamic;
    const code = await codeFor(world, id);
    for (const wrong of [`${REDIRECT}/`, REDIRECT.toUpperCase(), ""]) {
      expect((await exchanged(world, code, wrong)).json().error).toBe("invalid_grant");
    }
    expect((await exchanged(world, code)).status).toBe(200);
  });

  test("a code lives ten minutes, an access token 3599 seconds, on the sandbox's clock", async () => {
    const { world, id } = dynamic;
    await world.at("2025-10-02T09:00:00Z");
    const late = await codeFor(world, id);
    const { access_token } = (await exchanged(world, await codeFor(world, id))).json();
    await world.at("2025-10-02T09:10:30Z");
    expect((await exchanged(world, late)).json().error).toBe("invalid_grant");
    await world.at("2025-10-02T09:59:30Z");
    expect(await statusWith(access_token)).toBe(200);
    await world.at("2025-10-02T10:00:30Z");
    const expired = await dynamic.get(sleeps, String(access_token));
    expect([expired.status, expired.json()]).toEqual([
      401,
      { errorMessage: "The access token is missing, expired or revoked" },
    ]);
  });

  test("a refresh rotates; the old refresh token is refused; a refresh token lives 100 days", async () => {
    const { world, tokens } = dynamic;
    const first = (await renewed(world, tokens.refresh)).json();
    expect(first.refresh_token).not.toBe(tokens.refresh);
    expect(await statusWith(first.access_token)).toBe(200);
    const again = await renewed(world, tokens.refresh);
    expect([again.status, again.json().error]).toEqual([400, "invalid_grant"]);
    await world.at("2026-01-08T09:00:00Z");
    expect((await renewed(world, String(first.refresh_token))).status).toBe(200);
    const second = (await renewed(world, String(first.refresh_token))).json();
    expect(second.error).toBe("invalid_grant");
  });

  test("faults: expire ends access tokens only, revoke ends the grant", async () => {
    const { world, tokens, id } = dynamic;
    const fault = async (body: object) =>
      (await world.call("/_sandbox/faults", { method: "POST", body })).json();
    expect((await fault({ kind: "expire", user_id: id })).expired).toBe(1);
    expect(await statusWith(tokens.access)).toBe(401);
    const { access_token, refresh_token } = (await renewed(world, tokens.refresh)).json();
    expect(await statusWith(access_token)).toBe(200);
    expect((await fault({ kind: "revoke", user_id: id, api: "v3" })).revoked).toBe(0);
    expect(await statusWith(access_token)).toBe(200);
    expect((await fault({ kind: "revoke", user_id: id, api: "v4" })).revoked).toBe(1);
    expect(await statusWith(access_token)).toBe(401);
    expect((await renewed(world, String(refresh_token))).json().error).toBe("invalid_grant");
  });

  test("wrong requests", async () => {
    const { world } = dynamic;
    expect((await token(world, {})).json().error).toBe("invalid_request");
    expect((await token(world, { grant_type: "refresh_token" })).json().error).toBe("invalid_request");
    expect((await token(world, { grant_type: "password" })).json().error).toBe("unsupported_grant_type");
    const anonymous = await world.call("/oauth/token", { method: "POST" });
    expect([anonymous.status, anonymous.json().error]).toEqual([401, "invalid_client"]);
  });
});
