/** Examples that the invented providers share, and the run of the conformance suite over them. */
import { describe, it } from "vitest";
import {
  type ConsentExamples,
  type IssuedTokens,
  type ProviderSubject,
  providerCases,
} from "../../src/providers/conformance/cases.ts";

export function testProvider(subject: ProviderSubject): void {
  describe(`${subject.provider.slug} is a provider: it`, () => {
    for (const [name, check] of Object.entries(providerCases)) it(name, () => check(subject));
  });
}

/** A list of days as each of them sends it, with the ref that fetches it. */
const daysBody = { days: [{ day: "2025-05-11", steps: 3 }, { day: "2025-05-12" }] };
export const daysOf = (resource: string, key = "2025-05-11..2025-05-12") => ({
  ref: { resource, key },
  body: daysBody,
});

/** A token reply of RFC 6749, with the person's id beside it. */
const tokenReply = (person: string, tokens: IssuedTokens) => ({
  status: 200,
  body: {
    access_token: tokens.accessToken,
    token_type: "Bearer",
    person,
    ...(tokens.refreshToken !== null && { refresh_token: tokens.refreshToken }),
    ...(tokens.expiresInSeconds !== null && { expires_in: tokens.expiresInSeconds }),
    ...(tokens.scopes !== null && { scope: tokens.scopes.join(" ") }),
  },
});

export const consentExamples = (
  person: string,
  clientAuthentication: ConsentExamples["clientAuthentication"],
): ConsentExamples => ({
  issue: (tokens) => [tokenReply(person, tokens)],
  refusal: { status: 400, body: { error: "invalid_grant" } },
  clientAuthentication,
});
