/** The forms in which a provider may issue tokens, and what a grant must hold for each. */
import assert from "node:assert/strict";
import type { Grant } from "../provider.ts";
import type { ExampleReply } from "./example-reply.ts";
import type { IssuedTokens, ProviderSubject, TokenExamples } from "./subject.ts";

export interface IssuedForm {
  readonly tokens: IssuedTokens;
  readonly replies: readonly ExampleReply[];
}

const bare: IssuedTokens = {
  accessToken: "new-access-token",
  refreshToken: null,
  expiresInSeconds: null,
  scopes: null,
};
const refreshToken = "new-refresh-token";
const forms: readonly IssuedTokens[] = [
  bare,
  { ...bare, expiresInSeconds: 600 },
  { ...bare, refreshToken },
  { ...bare, refreshToken, expiresInSeconds: 600 },
];

/** Returns each form that the provider has, both without scopes and with a single one. */
export function formsOf(
  examples: TokenExamples,
  grantedFor: Parameters<TokenExamples["issue"]>[1],
  scope = "the-one-granted",
): IssuedForm[] {
  const found = [...forms, ...forms.map((tokens) => ({ ...tokens, scopes: [scope] }))].flatMap((tokens) => {
    const replies = examples.issue(tokens, grantedFor);
    return replies === null ? [] : [{ tokens, replies }];
  });
  assert(found.length > 0, `tokens are issued for a ${grantedFor} in some form`);
  return found;
}

/** Runs something and returns its result with the times of its beginning and end. */
export async function span<Result>(run: () => Promise<Result>) {
  const from = Date.now();
  const result = await run();
  return { result, times: { from, to: Date.now() } };
}

/** Asserts the rules for every grant of these tokens. */
export function assertTold({
  grant,
  tokens,
  times: { from, to },
  subject,
}: {
  readonly grant: Grant;
  readonly tokens: IssuedTokens;
  readonly times: { readonly from: number; readonly to: number };
  readonly subject: ProviderSubject;
}): void {
  assert.equal(grant.accessToken, tokens.accessToken);
  assert.equal(grant.providerUserId, subject.providerUserId);
  if (tokens.expiresInSeconds === null) {
    assert.equal(grant.expiresAt, null);
    return;
  }
  const beganMs = Number(grant.expiresAt) - tokens.expiresInSeconds * 1_000;
  assert(from <= beganMs && beganMs <= to, "the end is counted from the request");
}
