import { describe, expect, it } from "vitest";
import type { ExampleReply } from "../conformance/example-reply.ts";
import { inTurn } from "../conformance/scripted.ts";
import { inLanguage, languages } from "../provider.ts";
import { connecting, endOf } from "./key.ts";
import { settings } from "./settings.ts";
import { emptyDay, jwt, personId } from "./testing/bodies.ts";

const endsAt = new Date("2031-05-01T10:00:00Z");
const token = jwt(endsAt);
const pasted = { key: "gk-1", endsAt: null };

function exchange(...replies: readonly ExampleReply[]) {
  const http = inTurn(replies);
  const access = { settings: settings.parse({}), http };
  return { http, grant: connecting.exchange(access, pasted, AbortSignal.timeout(10_000)) };
}

const named: ExampleReply = { status: 200, body: emptyDay };

describe("the exchange of a key", () => {
  it.each([
    ["bare", token],
    ["in quotes", JSON.stringify(token)],
    ["with a line break", `${token}\n`],
    ["in quotes with a line break", `"${token}"\r\n`],
  ])("takes a token %s, with its own end, and asks whose it is", async (_how, body) => {
    const { http, grant } = exchange({ status: 200, headers: { "content-type": "text/plain" }, body }, named);
    expect(await grant).toEqual({
      consent: "key",
      accessToken: token,
      expiresAt: endsAt,
      renewal: { kind: "key", ...pasted },
      providerUserId: String(personId),
      scopes: [],
    });
    const [first, second] = http.asked;
    expect(first).toMatchObject({ method: "POST", body: null });
    expect(first?.headers).toMatchObject({ authorization: "ApiKey gk-1", accept: "*/*" });
    expect(second?.headers.authorization).toBe(`Bearer ${token}`);
  });

  it("is one call where it is known whose key it is", async () => {
    const http = inTurn([{ status: 200, body: token }]);
    const access = { settings: settings.parse({}), http };
    const grant = await connecting.exchange(access, pasted, AbortSignal.timeout(10_000), "4711");
    expect(grant).toMatchObject({ accessToken: token, providerUserId: "4711" });
    expect(http.asked.map(({ method }) => method)).toEqual(["POST"]);
  });

  it.each([400, 401, 403])("says that the key is refused after %d, and asks no more", async (status) => {
    const { http, grant } = exchange({ status, body: "" });
    await expect(grant).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", retry: "never" });
    expect(http.asked).toHaveLength(1);
  });

  it.each([404, 405, 409, 422])(
    "takes %d for trouble of Garmin's, and not for a word about the key",
    async (status) => {
      const later = { code: "PROVIDER_UNAVAILABLE", retry: "later" };
      await expect(exchange({ status, body: "" }).grant).rejects.toMatchObject(later);
      await expect(exchange({ status: 200, body: token }, { status, body: "" }).grant).rejects.toMatchObject(
        later,
      );
    },
  );

  it("is refused when the token is, and not when the person may not read their day", async () => {
    const second = (status: number) => exchange({ status: 200, body: token }, { status, body: "" }).grant;
    await expect(second(401)).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", retry: "never" });
    await expect(second(403)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE", retry: "later" });
  });

  it.each([
    ["an empty answer", ""],
    ["HTML", "<html><body>Sign in</body></html>"],
    ["an object", '{"token":"x"}'],
  ])("does not take %s for a token, and tries again later", async (_what, body) => {
    await expect(exchange({ status: 200, body }).grant).rejects.toMatchObject({
      code: "PROVIDER_BODY_INVALID",
      retry: "later",
    });
  });

  it.each([
    ["429", { status: 429 }, "PROVIDER_RATE_LIMITED"],
    ["503", { status: 503 }, "PROVIDER_UNAVAILABLE"],
  ])("keeps the connection after %s, for a minute at least", async (_what, reply, code) => {
    await expect(exchange(reply).grant).rejects.toMatchObject({ code, retry: "later", retryAfterMs: 60_000 });
  });

  it("needs to know whose key it is", async () => {
    const nobody = { status: 200, body: { calendarDate: "2025-05-12", userProfileId: null } };
    await expect(exchange({ status: 200, body: token }, nobody).grant).rejects.toMatchObject({
      code: "PROVIDER_BODY_INVALID",
    });
  });
});

describe("a token", () => {
  it.each(["opaque", "a.b.c", "a..c", `a.${Buffer.from('{"exp":"soon"}').toString("base64url")}.c`])(
    "%s has no end that could be read",
    (opaque) => expect(endOf(opaque)).toBeNull(),
  );
});

it("tells people in four steps how a key is made, in every language", () => {
  expect(connecting.instructions.steps).toHaveLength(4);
  for (const language of languages) {
    const steps = connecting.instructions.steps.map((step) => inLanguage(step, language));
    expect(new Set(steps).size).toBe(4);
  }
});
