/**
 * What every call of Oura's makes of refusals, outages, HTML and empty answers: a coded error or nothing, and no call
 * more than needed.
 */
import { describe, expect, it } from "vitest";
import type { ExampleReply } from "../conformance/example-reply.ts";
import { inTurn, scripted, unreached } from "../conformance/scripted.ts";
import {
  type Grant,
  type HandshakeRequest,
  isServed,
  ProviderError,
  type ProviderHttp,
  type ServedResource,
} from "../provider.ts";
import { api } from "./api.ts";
import oura from "./index.ts";
import { ouraApi } from "./names.ts";
import { consent } from "./oauth.ts";
import { settings } from "./settings.ts";
import { subscription } from "./subscription.ts";
import { notifications, verificationToken } from "./webhook.ts";

const ours = settings.parse({ client_id: "id", client_secret: "secret" });
const accessOver = (http: ProviderHttp) => ({ settings: ours, http });
const soon = () => AbortSignal.timeout(10_000);
const held: Grant = {
  consent: ouraApi,
  accessToken: "a-token",
  expiresAt: null,
  renewal: { kind: "refresh-token", token: "refresh-1" },
  providerUserId: "person-1",
  scopes: ["daily"],
};

const html = "<!DOCTYPE html><html><body>Error</body></html>";
const errorBodies = ["", html, '{"detail":"Forbidden"}'];
/** Bodies of a success that cannot be read. */
const unreadable = [
  ["HTML", html],
  ["half a body", '{"access_token":"a'],
  ["a word", "maintenance"],
  ["nothing", ""],
  ["a list of nothing", "[null]"],
] as const;

type Verdict = readonly [status: number, code: string, retry: "later" | "never"];

const shared: readonly Verdict[] = [
  [429, "PROVIDER_RATE_LIMITED", "later"],
  [500, "PROVIDER_UNAVAILABLE", "later"],
  [502, "PROVIDER_UNAVAILABLE", "later"],
  [503, "PROVIDER_UNAVAILABLE", "later"],
  [504, "PROVIDER_UNAVAILABLE", "later"],
];

describe("a renewal", () => {
  const refresh = async (reply: ExampleReply) => {
    const http = inTurn([reply]);
    return { asked: http.asked, grant: consent.refresh?.(accessOver(http), held, soon()) };
  };
  // A refusal without OAuth's own word is no word about the person: the token stays, and is tried again.
  const renewals: readonly Verdict[] = [
    [400, "PROVIDER_REFUSED", "later"],
    [401, "PROVIDER_REFUSED", "later"],
    [403, "PROVIDER_REFUSED", "later"],
    [404, "PROVIDER_REFUSED", "later"],
    ...shared,
  ];

  it.each(renewals)("answered with %d is %s, tried again: %s", async (status, code, retry) => {
    for (const body of errorBodies) {
      const { asked, grant } = await refresh({ status, body });
      await expect(grant).rejects.toMatchObject({ code, retry });
      expect(asked).toHaveLength(1);
    }
  });

  it.each(["invalid_grant", "invalid_request"])(
    "refused with %s has ended, whatever the status",
    async (error) => {
      for (const status of [400, 401, 403]) {
        const { asked, grant } = await refresh({ status, body: { error } });
        await expect(grant).rejects.toMatchObject({ code: "PROVIDER_UNAUTHORIZED", retry: "never" });
        expect(asked).toHaveLength(1);
      }
    },
  );

  it.each(unreadable)("answered with %s is tried again, and the token is kept", async (_what, body) => {
    const { grant } = await refresh({ status: 200, body });
    await expect(grant).rejects.toMatchObject({ code: "PROVIDER_REFUSED", retry: "later" });
  });

  it("waits as long as a 429 says", async () => {
    const { grant } = await refresh({ status: 429, headers: { "retry-after": "14" }, body: "" });
    await expect(grant).rejects.toMatchObject({ retryAfterMs: 14_000 });
  });
});

describe("giving a permission back", () => {
  const revoke = async (...replies: readonly ExampleReply[]) => {
    const http = inTurn(replies);
    const said = await consent.revoke?.(accessOver(http), held, soon()).then(
      () => "done",
      (error: ProviderError) => `${error.code} ${error.retry}`,
    );
    return { said, methods: http.asked.map(({ method }) => method) };
  };

  it.each([200, 204])("is done with %d, whatever the body", async (status) => {
    for (const body of ["", html, "{}"])
      expect(await revoke({ status, body })).toEqual({ said: "done", methods: ["POST"] });
  });

  it.each([400, 401, 403, 404])("that has ended already (%d) is done, by POST or by GET", async (status) => {
    for (const body of errorBodies) {
      expect(await revoke({ status, body })).toEqual({ said: "done", methods: ["POST"] });
      expect(await revoke({ status: 405 }, { status, body })).toEqual({
        said: "done",
        methods: ["POST", "GET"],
      });
    }
  });

  it.each(shared)("answered with %d is %s, tried again: %s", async (status, code, retry) => {
    for (const body of errorBodies) {
      expect(await revoke({ status, body })).toEqual({ said: `${code} ${retry}`, methods: ["POST"] });
      expect(await revoke({ status: 405 }, { status, body })).toEqual({
        said: `${code} ${retry}`,
        methods: ["POST", "GET"],
      });
    }
  });

  it("is not asked for a third time where neither way is allowed", async () => {
    expect(await revoke({ status: 405 }, { status: 405 })).toEqual({
      said: "PROVIDER_REFUSED never",
      methods: ["POST", "GET"],
    });
  });
});

describe("a subscription", () => {
  const url = "https://hub.example/v2/hooks/oura";
  const event = "create sleep";
  const one = (days: number, changed: object = {}) => ({
    id: "s1",
    callback_url: url,
    event_type: "create",
    data_type: "sleep",
    expiration_time: new Date(Date.now() + days * 86_400_000).toISOString(),
    ...changed,
  });
  const listOf = (...found: readonly object[]): ExampleReply => ({ status: 200, body: [...found] });
  const ensure = async (...replies: readonly ExampleReply[]) => {
    const http = inTurn(replies);
    const wanted = { url, known: [], expectPing: async () => {}, signal: soon() };
    const said = await subscription.ensure(accessOver(http), event, wanted).then(
      ({ action }) => action as string,
      (error: ProviderError) => `${error.code} ${error.retry}`,
    );
    return {
      said,
      asked: http.asked.map(({ method, url: at }) => `${method} ${at.split("/").slice(5).join("/")}`),
    };
  };

  const refusals: readonly Verdict[] = [
    [400, "PROVIDER_REFUSED", "never"],
    [401, "PROVIDER_REFUSED", "never"],
    [422, "PROVIDER_REFUSED", "never"],
    ...shared,
  ];
  const forbidden: Verdict = [403, "PROVIDER_REFUSED", "never"];
  const missing: Verdict = [404, "PROVIDER_RESOURCE_MISSING", "later"];

  /** The call that is answered badly, after the answers before it. */
  const calls: Readonly<
    Record<string, { before: readonly ExampleReply[]; asked: readonly string[]; also: readonly Verdict[] }>
  > = {
    "the list": { before: [], asked: ["GET subscription"], also: [forbidden, missing] },
    creation: {
      before: [listOf()],
      asked: ["GET subscription", "POST subscription"],
      also: [forbidden, missing, [409, "PROVIDER_REFUSED", "later"]],
    },
    "a renewal": {
      before: [listOf(one(1))],
      asked: ["GET subscription", "PUT subscription/renew/s1"],
      also: [],
    },
    "the creation after a renewal of what has ended": {
      before: [listOf(one(1)), { status: 404, body: "No webhook id s1 found." }],
      asked: ["GET subscription", "PUT subscription/renew/s1", "POST subscription"],
      also: [forbidden, missing, [409, "PROVIDER_REFUSED", "later"]],
    },
    "a move to our address": {
      before: [listOf(one(80, { callback_url: "https://former.example/v2/hooks/oura" }))],
      asked: ["GET subscription", "PUT subscription/s1"],
      also: [forbidden, missing],
    },
  };

  describe.each(Object.entries(calls))("of which %s", (_name, { before, asked, also }) => {
    it.each([...refusals, ...also])(
      "is answered with %d is %s, tried again: %s",
      async (status, code, retry) => {
        for (const body of errorBodies)
          expect(await ensure(...before, { status, body })).toEqual({ said: `${code} ${retry}`, asked });
      },
    );

    it.each(unreadable)(
      "is answered with %s is looked for again, and not made twice",
      async (_what, body) => {
        const said = "PROVIDER_BODY_INVALID later";
        expect(await ensure(...before, { status: 200, body })).toEqual({ said, asked });
      },
    );
  });

  it("that was made though its answer could not be read is found by the next look", async () => {
    expect((await ensure(listOf(), { status: 201, body: html })).said).toBe("PROVIDER_BODY_INVALID later");
    expect(await ensure(listOf(one(90)))).toEqual({ said: "unchanged", asked: ["GET subscription"] });
  });

  it.each([403, 404])("whose renewal is answered with %d is made anew, once", async (status) => {
    for (const body of errorBodies)
      expect(await ensure(listOf(one(1)), { status, body }, { status: 201, body: one(90) })).toEqual({
        said: "created",
        asked: ["GET subscription", "PUT subscription/renew/s1", "POST subscription"],
      });
  });

  it("is never deleted: one at another address is moved", () => {
    const methods: string[] = [];
    const http = scripted(({ method }) => {
      methods.push(method);
      return method === "GET"
        ? listOf(one(80, { callback_url: "https://former.example" }))
        : { status: 200, body: one(80) };
    });
    const wanted = { url, known: [], expectPing: async () => {}, signal: soon() };
    return subscription.ensure(accessOver(http), event, wanted).then(({ action }) => {
      expect(action).toBe("updated");
      expect(methods).toEqual(["GET", "PUT"]);
    });
  });
});

describe("the test of our address", () => {
  const token = verificationToken(ours);
  const ask = (query: string, method: HandshakeRequest["method"] = "GET") =>
    notifications.handshake?.(
      { method, query: new URLSearchParams(query), headers: {}, body: Buffer.alloc(0) },
      { ...accessOver(unreached), secrets: [] },
    );

  it("is answered with the challenge, as JSON, however it is written", () => {
    for (const challenge of ["abc", "", '"}', "ü </script>", "x".repeat(2_000)])
      expect(ask(new URLSearchParams({ verification_token: token, challenge }).toString())).toEqual({
        status: 200,
        contentType: "application/json",
        body: JSON.stringify({ challenge }),
      });
  });

  it.each([
    "challenge=x",
    "challenge=x&verification_token=",
    `challenge=x&verification_token=${token.slice(1)}`,
    `challenge=x&verification_token=${token}0`,
    `challenge=x&verification_token=${token.toUpperCase()}`,
    `challenge=x&verification_token=another&verification_token=${token}`,
  ])("is refused with 401: %s", (query) => {
    expect(ask(query)).toEqual({ status: 401 });
  });

  it.each(["", `verification_token=${token}`])("is no test without a challenge: %s", (query) => {
    expect(ask(query)).toBeNull();
  });

  it.each(["POST", "HEAD"] as const)("is no test by %s", (method) => {
    expect(ask(`challenge=x&verification_token=${token}`, method)).toBeNull();
  });
});

/** A range, the only one, all of them: the form that the resource asks for. */
const keys = ["2025-05-12..2025-05-12", "current", "*"];

function keyOf(resource: ServedResource): string {
  const found = keys.find((key) => {
    try {
      return resource.request(key, "person-1").path !== "";
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`no key for ${resource.name}`);
  return found;
}

const served = oura.resources.filter(isServed);

describe.each(served.map((resource) => [resource.name, resource] as const))("%s", (_name, resource) => {
  const ask = async (reply: ExampleReply) => {
    const http = inTurn([reply]);
    const request = resource.request(keyOf(resource), "person-1");
    return { answer: api.send(accessOver(http), request, held, soon()), asked: http.asked };
  };
  const answers: readonly Verdict[] = [
    [400, "PROVIDER_REFUSED", "never"],
    [401, "PROVIDER_UNAUTHORIZED", "never"],
    [403, "PROVIDER_FORBIDDEN", "later"],
    [404, "PROVIDER_RESOURCE_MISSING", "later"],
    [409, "PROVIDER_REFUSED", "never"],
    [422, "PROVIDER_REFUSED", "never"],
    ...shared,
  ];

  it.each(answers)("answered with %d is %s, tried again: %s", async (status, code, retry) => {
    for (const body of errorBodies) {
      const { answer, asked } = await ask({ status, body });
      await expect(answer).rejects.toMatchObject({ code, retry });
      expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer a-token"]);
    }
  });

  it.each(unreadable)("with %s in place of a body is a coded error", async (_what, body) => {
    const { answer } = await ask({ status: 200, body });
    const { body: given } = await answer;
    const read = () => resource.parts(keyOf(resource), resource.decode(given));
    expect(read).toThrow(ProviderError);
    expect(read).toThrow(expect.objectContaining({ code: expect.stringMatching(/^PROVIDER_BODY_/) }));
  });
});
