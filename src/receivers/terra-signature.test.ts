import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signingKeys, terraSignature } from "../destinations/webhook/signing.ts";
import { verifyTerraSignature } from "./terra-signature.ts";

const now = new Date("2026-03-01T12:00:00Z");
const unixSeconds = now.getTime() / 1_000;
const secret = "whsec_one";

const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const someSecret = fc.string({ minLength: 16 });
const sign = (signed: Buffer, secrets: readonly string[], at = unixSeconds): string =>
  terraSignature({ id: "event", unixSeconds: at, body: signed }, secrets.map(signingKeys));
const verify = (signature: string | null, received: Buffer, secrets: readonly string[] = [secret]) =>
  verifyTerraSignature({ signature, body: received }, secrets, now);

describe("a terra-signature", () => {
  it("is HMAC-SHA256 of time, dot and body, in hexadecimal", () => {
    const hex = createHmac("sha256", secret).update(`${unixSeconds}.{"type":"auth"}`).digest("hex");
    expect(verify(`t=${unixSeconds},v1=${hex}`, Buffer.from('{"type":"auth"}'))).toBe("verified");
  });

  it("is verified as the sender makes it, by any secret that both have", () => {
    fc.assert(
      fc.property(body, someSecret, someSecret, someSecret, (signed, one, other, third) => {
        fc.pre(new Set([one, other, third]).size === 3);
        expect(verify(sign(signed, [one, other]), signed, [other])).toBe("verified");
        expect(verify(sign(signed, [one]), signed, [other, one])).toBe("verified");
        expect(verify(sign(signed, [one, other]), signed, [third])).toBe("wrong");
      }),
    );
  });

  it("is wrong after any change of the body or of its time", () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 255 }), (signed, place, change) => {
        const signature = sign(signed, [secret]);
        const changed = Buffer.concat([signed, Buffer.from([0])]);
        changed[place % changed.length] = (changed[place % changed.length] ?? 0) ^ change;
        expect(verify(signature, changed)).toBe("wrong");
        expect(verify(signature.replace(`t=${unixSeconds}`, `t=${unixSeconds + 1}`), signed)).toBe("wrong");
      }),
    );
  });

  it("is stale when it is more than five minutes old, or that far ahead", () => {
    const signed = Buffer.from("{}");
    const verdicts = [-301, -300, 300, 301].map((offset) =>
      verify(sign(signed, [secret], unixSeconds + offset), signed),
    );
    expect(verdicts).toEqual(["stale", "verified", "verified", "stale"]);
  });

  it("is missing or malformed, and never an error, whatever the header says", () => {
    expect(verify(null, Buffer.from("{}"))).toBe("missing");
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(verify(header, Buffer.from("{}"))).toBe("malformed");
      }),
      { examples: [[""], ["t=1"], ["t=,v1="], [`t=1,v1=${"0".repeat(63)}`], [`v1=${"0".repeat(64)},t=1`]] },
    );
  });

  it("is wrong without any secret to verify it with", () => {
    expect(verify(sign(Buffer.from("{}"), [secret]), Buffer.from("{}"), [])).toBe("wrong");
  });
});
