import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Answer, GuardedHttp, Request } from "../kit/http.ts";
import { openTokens } from "./smart.ts";

const tokenUrl = "https://fhir.example/auth/token";
const pem = { format: "pem", type: "pkcs8" } as const;
const keys: Readonly<Record<string, KeyObject>> = {
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey,
  RS384: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey,
};

/** Gives out t1, t2, … and keeps what it was asked. */
function tokens(answers: (given: number) => Partial<Answer> = () => ({}), key = keys.ES384 as KeyObject) {
  const asked: Request[] = [];
  const http: GuardedHttp = {
    async send(request) {
      asked.push(request);
      const text = JSON.stringify({
        access_token: `t${asked.length}`,
        token_type: "bearer",
        expires_in: 300,
      });
      const headers = { "content-type": "application/json" };
      return { status: 200, headers, text, ...answers(asked.length) };
    },
    close: async () => {},
  };
  const privateKey = key.export(pem).toString();
  const client = { tokenUrl, clientId: "systole", privateKey, keyId: "key-1", scope: "system/Patient.cruds" };
  return { asked, tokens: openTokens(client, http) };
}

const decoded = (part = ""): Record<string, unknown> => JSON.parse(Buffer.from(part, "base64url").toString());

describe("a client assertion", () => {
  it.each(["ES384", "RS384"])(
    "is signed by %s, for the token URL, for less than five minutes",
    async (alg) => {
      const key = keys[alg] as KeyObject;
      const { asked, tokens: issued } = tokens(undefined, key);
      const before = Math.floor(Date.now() / 1_000);
      expect(await issued.current()).toBe("t1");
      expect(asked[0]?.url.href).toBe(tokenUrl);
      const form = new URLSearchParams(String(asked[0]?.body));
      expect(Object.fromEntries(form)).toMatchObject({
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        scope: "system/Patient.cruds",
      });
      const [header, payload, signature = ""] = (form.get("client_assertion") ?? "").split(".");
      expect(decoded(header)).toEqual({ alg, typ: "JWT", kid: "key-1" });
      const claims = decoded(payload);
      expect(claims).toMatchObject({
        iss: "systole",
        sub: "systole",
        aud: tokenUrl,
        jti: expect.any(String),
      });
      expect(Number(claims.exp)).toBeGreaterThan(before);
      expect(Number(claims.exp)).toBeLessThanOrEqual(before + 300);
      const signed = Buffer.from(`${header}.${payload}`);
      const publicKey = { key: createPublicKey(key), dsaEncoding: "ieee-p1363" } as const;
      const isGood = (bytes: Buffer) =>
        verify("sha384", bytes, publicKey, Buffer.from(signature, "base64url"));
      expect(isGood(signed)).toBe(true);
      expect(isGood(Buffer.concat([signed, Buffer.from("x")]))).toBe(false);
    },
  );

  it("is another one each time", async () => {
    const { asked, tokens: issued } = tokens(() => ({}));
    const first = await issued.current();
    issued.forget(first);
    await issued.current();
    const ids = asked.map(({ body }) => {
      const [, payload] = (new URLSearchParams(String(body)).get("client_assertion") ?? "").split(".");
      return decoded(payload).jti;
    });
    expect(new Set(ids).size).toBe(2);
  });
});

describe("access tokens", () => {
  it("are used until they are about to expire", async () => {
    const { tokens: good } = tokens();
    expect(await Promise.all([good.current(), good.current()])).toEqual(["t1", "t1"]);
    expect(await good.current()).toBe("t1");
    const text = (n: number) =>
      JSON.stringify({ access_token: `t${n}`, token_type: "bearer", expires_in: 20 });
    const { tokens: short } = tokens((n) => ({ text: text(n) }));
    expect([await short.current(), await short.current()]).toEqual(["t1", "t2"]);
  });

  it("are forgotten once, however many were refused with them", async () => {
    const { tokens: issued } = tokens();
    const refused = await issued.current();
    issued.forget(refused);
    expect(await issued.current()).toBe("t2");
    issued.forget(refused);
    expect(await issued.current()).toBe("t2");
  });

  it.each([
    [400, "DESTINATION_CREDENTIALS_REFUSED"],
    [401, "DESTINATION_CREDENTIALS_REFUSED"],
    [429, "DELIVERY_FAILED"],
    [503, "DELIVERY_FAILED"],
  ])("are refused with %i, which is %s", async (status, code) => {
    const text = JSON.stringify({ error: "invalid_client", error_description: "unknown key" });
    await expect(tokens(() => ({ status, text })).tokens.current()).rejects.toMatchObject({
      code,
      retry: "later",
    });
  });

  it("are not kept with an attempt, also when the answer was not understood", async () => {
    const text = JSON.stringify({
      access_token: "very-secret",
      token_type: "unheard-of",
      expires_in: "soon",
    });
    const thrown = await tokens(() => ({ text }))
      .tokens.current()
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "DELIVERY_FAILED" });
    const { receipt, details } = thrown as { receipt: object; details: object };
    expect(JSON.stringify([receipt, details])).not.toContain("very-secret");
  });

  it("are asked for again after a failure", async () => {
    const { tokens: issued } = tokens((n) => (n === 1 ? { status: 503, text: "" } : {}));
    await expect(issued.current()).rejects.toMatchObject({ code: "DELIVERY_FAILED" });
    expect(await issued.current()).toBe("t2");
  });
});
