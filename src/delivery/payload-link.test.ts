import { randomBytes, randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { KeyRing } from "../security/key-ring.ts";
import { payloadToken, readPayloadToken } from "./payload-link.ts";

const key = randomBytes(32);
const ring = new KeyRing(key);
const event = { environmentId: randomUUID(), eventId: randomUUID() };

it("a token names its event and its expiry, also after the secret key was changed", () => {
  const token = payloadToken(ring, event, 1_700_000_000_001);
  const expected = { ...event, expiresAt: 1_700_000_001_000 };
  expect(readPayloadToken(ring, token)).toEqual(expected);
  expect(readPayloadToken(new KeyRing(randomBytes(32), key), token)).toEqual(expected);
  expect(readPayloadToken(new KeyRing(randomBytes(32)), token)).toBeNull();
});

it("a token that was changed in any place is invalid", () => {
  const bytes = Buffer.from(payloadToken(ring, event, 1_700_000_000_000), "base64url");
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ flip;
      expect(readPayloadToken(ring, changed.toString("base64url"))).toBeNull();
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => readPayloadToken(ring, text) === null));
});
