/**
 * Makes an access token for a service account that outlives a run. Google's clients request theirs only from
 * Google, whatever the account's key says, so here they are given one.
 */
import { readServiceAccount } from "../../src/destinations/kit/google/service-account.ts";
import { openTokens } from "../../src/destinations/kit/google/token.ts";
import { openHttp } from "../../src/destinations/kit/http.ts";
import { createAddressGuard } from "../../src/security/address-guard.ts";

export async function accessToken(serviceAccount: string, scope: string): Promise<string> {
  const http = openHttp(createAddressGuard({ allowPrivate: true }));
  try {
    const tokens = openTokens(
      readServiceAccount(serviceAccount),
      `https://www.googleapis.com/auth/${scope}`,
      http,
    );
    return await tokens.current();
  } finally {
    await http.close();
  }
}
