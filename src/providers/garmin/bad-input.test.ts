/** Refusals, outages, HTML and empty answers to every call of Garmin's: each is a coded error, or no data. */
import { describe, expect, it } from "vitest";
import { inTurn } from "../conformance/scripted.ts";
import { isServed, ProviderError, type ServedResource } from "../provider.ts";
import { api } from "./api.ts";
import garmin from "./index.ts";
import { settings } from "./settings.ts";

const served = garmin.resources.filter(isServed);

/** A day, a range, the only one, all of them, an id: the form that the resource asks for. */
const keys = ["2025-05-12", "2025-05-12..2025-05-12", "current", "*", "900001"];

function keyOf(resource: ServedResource): string {
  const found = keys.find((key) => {
    try {
      return resource.request(key, "4711").path !== "";
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`no key for ${resource.name}`);
  return found;
}

const grant = {
  consent: "key",
  accessToken: "a.b.c",
  expiresAt: null,
  renewal: { kind: "key", key: "k", endsAt: null },
  providerUserId: "4711",
  scopes: [],
} as const;

async function ask(resource: ServedResource, reply: { status: number; headers?: object; body?: string }) {
  const http = inTurn([reply as Parameters<typeof inTurn>[0][number]]);
  const access = { settings: settings.parse({}), http };
  const request = resource.request(keyOf(resource), "4711");
  const answer = await api.send(access, request, grant, AbortSignal.timeout(10_000));
  return { answer, asked: http.asked };
}

const answers: readonly (readonly [status: number, code: string, retry: "later" | "never"])[] = [
  [400, "PROVIDER_REFUSED", "never"],
  [401, "PROVIDER_UNAUTHORIZED", "never"],
  [403, "PROVIDER_REFUSED", "never"],
  [404, "PROVIDER_RESOURCE_MISSING", "later"],
  [405, "PROVIDER_REFUSED", "never"],
  [406, "PROVIDER_REFUSED", "never"],
  [409, "PROVIDER_REFUSED", "never"],
  [422, "PROVIDER_REFUSED", "never"],
  [429, "PROVIDER_RATE_LIMITED", "later"],
  [500, "PROVIDER_UNAVAILABLE", "later"],
  [502, "PROVIDER_UNAVAILABLE", "later"],
  [503, "PROVIDER_UNAVAILABLE", "later"],
  [504, "PROVIDER_UNAVAILABLE", "later"],
];

describe.each(served.map((resource) => [resource.name, resource] as const))("%s", (_name, resource) => {
  it.each(answers)("answered with %d is %s, tried again: %s", async (status, code, retry) => {
    for (const body of ["", '{"message":"HTTP","error":"SomeException"}', "<html><body>Error</body></html>"])
      await expect(ask(resource, { status, body })).rejects.toMatchObject({ code, retry });
  });

  it("waits as long as a 429 says, and a minute without a word", async () => {
    await expect(
      ask(resource, { status: 429, headers: { "retry-after": "14" }, body: "" }),
    ).rejects.toMatchObject({ retryAfterMs: 14_000 });
    await expect(ask(resource, { status: 429, body: "" })).rejects.toMatchObject({ retryAfterMs: 60_000 });
  });

  it.each([
    ["HTML", "<!DOCTYPE html><html><body>Sign in</body></html>"],
    ["half a body", '{"calendarDate":"2025-05-'],
    ["a word", "maintenance"],
  ])("with %s in place of a body is a coded error", async (_what, body) => {
    const { answer } = await ask(resource, { status: 200, body });
    const read = () => resource.parts(keyOf(resource), resource.decode(answer.body));
    expect(read).toThrow(ProviderError);
    expect(read).toThrow(expect.objectContaining({ code: expect.stringMatching(/^PROVIDER_BODY_/) }));
  });

  it("asks once, with the person's token", async () => {
    const { asked } = await ask(resource, { status: 204, body: "" });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer a.b.c"]);
  });
});
