import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSignedByKey, KeyCache, type PublishedKeys, p256Key } from "./public-keys.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const message = Buffer.from('{"a":1}');
const signature = sign("sha256", message, pair.privateKey);

describe("a signature by a private key", () => {
  it("matches its message and its key, and no other", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const ofOtherCurve = generateKeyPairSync("ec", { namedCurve: "P-384" });
    expect(isSignedByKey(message, signature, pair.publicKey)).toBe(true);
    expect(isSignedByKey(Buffer.from('{"a":2}'), signature, pair.publicKey)).toBe(false);
    expect(isSignedByKey(message, signature, other.publicKey)).toBe(false);
    expect(isSignedByKey(message, Buffer.from("x"), pair.publicKey)).toBe(false);
    const p384 = sign("sha256", message, ofOtherCurve.privateKey);
    expect(isSignedByKey(message, p384, ofOtherCurve.publicKey)).toBe(false);
  });

  it("is checked by a key of two coordinates", () => {
    const { x = "", y = "" } = pair.publicKey.export({ format: "jwk" });
    const key = p256Key(Buffer.from(x, "base64url"), Buffer.from(y, "base64url"));
    expect(isSignedByKey(message, signature, key)).toBe(true);
    expect(() => p256Key(Buffer.alloc(32), Buffer.alloc(32))).toThrow();
  });
});

describe("published keys", () => {
  const options = { freshMs: 1_000, staleMs: 7_000, pauseMs: 100 };
  const published = (): { fetches: number; fetch: () => Promise<PublishedKeys> } => {
    const source = {
      fetches: 0,
      fetch: async () => {
        source.fetches += 1;
        return new Map([["one", pair.publicKey]]);
      },
    };
    return source;
  };
  const unreachable = () => Promise.reject(new Error("unreachable"));

  it("are fetched once while they are fresh", async () => {
    const [cache, source] = [new KeyCache(options), published()];
    expect(await cache.find("one", source.fetch, 0)).toBe(pair.publicKey);
    expect(await cache.find("one", source.fetch, 999)).toBe(pair.publicKey);
    expect(source.fetches).toBe(1);
    await cache.find("one", source.fetch, 1_000);
    expect(source.fetches).toBe(2);
  });

  it("are fetched again for an unknown id, and not at every such message", async () => {
    const [cache, source] = [new KeyCache(options), published()];
    await cache.find("one", source.fetch, 0);
    expect(await cache.find("two", source.fetch, 200)).toBeNull();
    expect(await cache.find("two", source.fetch, 250)).toBeNull();
    expect(source.fetches).toBe(2);
  });

  it("are used for a limited time while the sender cannot be reached", async () => {
    const cache = new KeyCache(options);
    await expect(cache.find("one", unreachable, 0)).rejects.toThrow("unreachable");
    await cache.find("one", published().fetch, 0);
    expect(await cache.find("one", unreachable, 6_999)).toBe(pair.publicKey);
    await expect(cache.find("one", unreachable, 7_000)).rejects.toThrow("unreachable");
  });
});
