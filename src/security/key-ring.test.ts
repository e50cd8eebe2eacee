import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing } from "./key-ring.ts";

const key = randomBytes(32);

describe("the key ring", () => {
  it("opens what it sealed, whatever the text", () => {
    const keyRing = new KeyRing(key);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (text, context) => {
        expect(keyRing.open(keyRing.seal(text, context), context)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it("never seals the same text to the same bytes, nor shows it", () => {
    const keyRing = new KeyRing(key);
    const sealed = keyRing.seal("a token of Polar's", "here");
    expect(sealed.equals(keyRing.seal("a token of Polar's", "here"))).toBe(false);
    expect(sealed.includes("token")).toBe(false);
  });

  it("refuses a value that was moved to another row", () => {
    const keyRing = new KeyRing(key);
    expect(() => keyRing.open(keyRing.seal("secret", "row 1"), "row 2")).toThrow(
      expect.objectContaining({ code: "SEALED_VALUE_CORRUPT" }),
    );
  });

  it("refuses a value with any bit changed", () => {
    const keyRing = new KeyRing(key);
    const sealed = keyRing.seal("secret", "row");
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(() => keyRing.open(changed, "row")).toThrow(
          expect.objectContaining({ code: "SEALED_VALUE_CORRUPT" }),
        );
      }),
    );
  });

  it("opens with a former key and seals with the current one", () => {
    const former = new KeyRing(key);
    const sealed = former.seal("secret", "row");
    const rotated = new KeyRing(randomBytes(32), key);
    expect(rotated.open(sealed, "row")).toBe("secret");
    expect(() => former.open(rotated.seal("secret", "row"), "row")).toThrow();
  });
});
