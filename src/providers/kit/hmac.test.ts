import { describe, expect, it } from "vitest";
import { isSignedBy } from "./hmac.ts";

/** RFC 4231, test case 2. */
const message = "what do ya want for nothing?";
const hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
const base64 = Buffer.from(hex, "hex").toString("base64");

describe("a signature by a shared secret", () => {
  it.each([
    ["hex", hex, ["Jefe"], true],
    ["hex", hex.toUpperCase(), ["Jefe"], true],
    ["base64", base64, ["Jefe"], true],
    ["hex", hex, ["other", "Jefe"], true],
    ["hex", hex, ["other"], false],
    ["hex", hex, [], false],
    ["hex", undefined, ["Jefe"], false],
    ["hex", `${hex}00`, ["Jefe"], false],
    ["hex", `${hex} `, ["Jefe"], false],
    ["hex", base64, ["Jefe"], false],
    ["base64", hex, ["Jefe"], false],
    ["base64", base64.slice(0, -1), ["Jefe"], false],
  ] as const)("%s %s by %j: %s", (encoding, signature, secrets, expected) => {
    expect(isSignedBy({ message, signature, encoding }, secrets)).toBe(expected);
  });
});
