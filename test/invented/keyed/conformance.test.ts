import { daysOf, testProvider } from "../examples.ts";
import { keyed } from "./plugin.ts";

testProvider({
  provider: keyed,
  providerUserId: "k-1",
  // It has no client of its own, and so no required settings.
  environment: {},
  bodies: [daysOf("days")],
  key: {
    // Keyed says how long each of its tokens lives, and has neither refresh tokens nor scopes.
    issue: ({ accessToken: token, refreshToken, expiresInSeconds: seconds, scopes }) =>
      refreshToken === null && scopes === null && seconds !== null
        ? [{ status: 200, body: { token, seconds, person: "k-1" } }]
        : null,
    refusal: { status: 401, body: { error: "key" } },
  },
});
