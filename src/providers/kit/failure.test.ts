import { describe, expect, it } from "vitest";
import { type FailedAnswer, failureOf, outOfReach } from "./failure.ts";

const answer = (status: number, more: Partial<FailedAnswer> = {}): FailedAnswer => ({
  status,
  headers: {},
  body: Buffer.from(""),
  path: "/days",
  credentials: "person",
  ...more,
});

describe("a failed answer", () => {
  it.each([
    [401, "PROVIDER_UNAUTHORIZED", "never"],
    [403, "PROVIDER_FORBIDDEN", "later"],
    [404, "PROVIDER_RESOURCE_MISSING", "later"],
    [408, "PROVIDER_UNAVAILABLE", "later"],
    [429, "PROVIDER_RATE_LIMITED", "later"],
    [500, "PROVIDER_UNAVAILABLE", "later"],
    [400, "PROVIDER_REFUSED", "never"],
  ])("of %d is %s, retried %s", (status, code, retry) => {
    expect(failureOf(answer(status))).toMatchObject({ code, retry, details: { status, path: "/days" } });
  });

  it("of 401 to the client's own credentials does not ask the person to connect again", () => {
    expect(failureOf(answer(401, { credentials: "client" })).code).toBe("PROVIDER_REFUSED");
  });

  it("is classified by the provider's own rules first", () => {
    const rules = { verdict: ({ status }: FailedAnswer) => (status === 400 ? outOfReach : null) };
    expect(failureOf(answer(400), rules).code).toBe("PROVIDER_OUT_OF_REACH");
    expect(failureOf(answer(401), rules).code).toBe("PROVIDER_UNAUTHORIZED");
  });

  it("waits as Retry-After says, only for a rate limit or an outage", () => {
    const headers = { "retry-after": "17" };
    expect(failureOf(answer(429, { headers })).retryAfterMs).toBe(17_000);
    expect(failureOf(answer(503, { headers })).retryAfterMs).toBe(17_000);
    expect(failureOf(answer(404, { headers })).retryAfterMs).toBeNull();
    expect(failureOf(answer(429, { headers: { "retry-after": "soon" } })).retryAfterMs).toBeNull();
  });

  it("reports the provider's own code, and nothing else of the body", () => {
    const body = Buffer.from('{"error":"invalid_grant","error_description":"of Ann, born 1990"}');
    expect(failureOf(answer(400, { body })).details).toEqual({
      status: 400,
      path: "/days",
      reason: "invalid_grant",
    });
  });
});
