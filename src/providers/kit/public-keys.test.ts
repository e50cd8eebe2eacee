import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSignedByKey, KeyCache, type PublishedKeyId, type PublishedKeys, p256Key } from "./public-keys.ts";

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
  const [one, two] = ["one", "two"].map((id) => ({ address: "https://one.example", id })) as [
    PublishedKeyId,
    PublishedKeyId,
  ];
  const unreachable = () => Promise.reject(new Error("unreachable"));

  it("are fetched once while they are fresh", async () => {
    const [cache, source] = [new KeyCache(options), published()];
    expect(await cache.find(one, source.fetch, 0)).toBe(pair.publicKey);
    expect(await cache.find(one, source.fetch, 999)).toBe(pair.publicKey);
    expect(source.fetches).toBe(1);
    await cache.find(one, source.fetch, 1_000);
    expect(source.fetches).toBe(2);
  });

  it("are fetched again for an unknown id, and not at every such message", async () => {
    const [cache, source] = [new KeyCache(options), published()];
    await cache.find(one, source.fetch, 0);
    expect(await cache.find(two, source.fetch, 200)).toBeNull();
    expect(await cache.find(two, source.fetch, 250)).toBeNull();
    expect(source.fetches).toBe(2);
  });

  it("are used for a limited time while the sender cannot be reached", async () => {
    const cache = new KeyCache(options);
    await expect(cache.find(one, unreachable, 0)).rejects.toThrow("unreachable");
    await cache.find(one, published().fetch, 100);
    expect(await cache.find(one, unreachable, 7_099)).toBe(pair.publicKey);
    await expect(cache.find(one, unreachable, 7_100)).rejects.toThrow("unreachable");
  });

  it("are fetched once for all who ask at the same time, and not at once again where that failed", async () => {
    const [cache, source] = [new KeyCache(options), published()];
    await Promise.all(Array.from({ length: 9 }, () => cache.find(one, source.fetch, 0)));
    expect(source.fetches).toBe(1);
    let tries = 0;
    const counted = () => {
      tries += 1;
      return unreachable();
    };
    for (const at of [1_000, 1_050, 1_099]) await cache.find(one, counted, at);
    await expect(cache.find(two, counted, 1_099)).rejects.toThrow("unreachable");
    expect(tries).toBe(1);
  });

  it("of one address are not those of another", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const cache = new KeyCache(options);
    await cache.find(one, published().fetch, 0);
    const elsewhere = { ...one, address: "https://two.example" };
    expect(await cache.find(elsewhere, async () => new Map([["one", other.publicKey]]), 0)).toBe(
      other.publicKey,
    );
    expect(await cache.find(one, published().fetch, 1)).toBe(pair.publicKey);
  });
});
