/**
 * An access token for a service account, good for longer than a run. Google's clients ask Google alone for theirs,
 * whatever the account's key says, so that here they are given one.
 */
import { readServiceAccount } from "../../src/destinations/google/service-account.ts";
import { openTokens } from "../../src/destinations/google/token.ts";
import { openHttp } from "../../src/destinations/guarded-http.ts";
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
