import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../destination.ts";
import { Accounts } from "../../gcs/stand-in/accounts.ts";
import { claimant } from "../../gcs/stand-in/claims.ts";
import type { Answer, GuardedHttp } from "../http.ts";
import { readServiceAccount } from "./service-account.ts";
import { openTokens, signedClaim } from "./token.ts";

const tokenUrl = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/devstorage.read_write";
const accounts = new Accounts();
const account = readServiceAccount(accounts.add([], tokenUrl));

describe("a signed claim", () => {
  const claim = (secondsOff: number) => {
    const assertion = signedClaim(account, scope, Math.floor(Date.now() / 1_000) + secondsOff);
    const grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    return () => claimant(accounts, new URLSearchParams({ grant_type, assertion }), [tokenUrl]);
  };

  it.each([0, -600, 600])("is good where our clock is off by %i s", (secondsOff) => {
    expect(claim(secondsOff)().email).toBe(account.email);
  });

  it.each([-3_600, 3_600])("is not good where it is off by %i s", (secondsOff) => {
    expect(claim(secondsOff)).toThrow("short-lived");
  });
});

describe("access tokens", () => {
  /** Gives out t1, t2, … that are valid for so long. */
  function tokens(expires_in: number, fail: () => boolean = () => false) {
    let given = 0;
    const http: GuardedHttp = {
      async send(): Promise<Answer> {
        if (fail()) return { status: 503, headers: {}, text: "" };
        given++;
        return { status: 200, headers: {}, text: JSON.stringify({ access_token: `t${given}`, expires_in }) };
      },
      close: async () => {},
    };
    return openTokens(account, scope, http);
  }

  it("are used until they are about to expire", async () => {
    const good = tokens(3_599);
    expect(await Promise.all([good.current(), good.current()])).toEqual(["t1", "t1"]);
    expect(await good.current()).toBe("t1");
    const short = tokens(30);
    expect([await short.current(), await short.current()]).toEqual(["t1", "t2"]);
  });

  it("are forgotten once, however many were refused with them", async () => {
    const issued = tokens(3_599);
    const refused = await issued.current();
    issued.forget(refused);
    expect(await issued.current()).toBe("t2");
    issued.forget(refused);
    expect(await issued.current()).toBe("t2");
  });

  it.each([
    [400, "DESTINATION_CREDENTIALS_REFUSED"],
    [401, "DESTINATION_CREDENTIALS_REFUSED"],
    [404, "DELIVERY_FAILED"],
    [429, "DELIVERY_FAILED"],
    [500, "DELIVERY_FAILED"],
  ])("are refused with %i, which is %s, and the reason is told", async (status, code) => {
    const text = JSON.stringify({ error: "invalid_grant", error_description: "Invalid JWT Signature." });
    const http: GuardedHttp = { send: async () => ({ status, text, headers: {} }), close: async () => {} };
    await expect(openTokens(account, scope, http).current()).rejects.toMatchObject({
      code,
      retry: "later",
      details: { reason: expect.stringContaining("invalid_grant: Invalid JWT Signature.") },
    });
  });

  it("are asked for again after a failure", async () => {
    let failing = true;
    const issued = tokens(3_599, () => failing);
    await expect(issued.current()).rejects.toBeInstanceOf(DeliveryError);
    failing = false;
    expect(await issued.current()).toBe("t1");
  });
});
