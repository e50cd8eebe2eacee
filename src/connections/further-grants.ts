/** The grants of other consents that an account's former connections hold: consenting again takes none of them back. */
import type { Grant } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { openGrants } from "../store/grants.ts";
import { ofOnePerson } from "./store-grants.ts";

/** Returns the new grant, and for each other consent the one that the newest of the replaced connections holds. */
export function withFurther(keyRing: KeyRing, grant: Grant, replaced: readonly Connection[]): Grant[] {
  const grants = [grant];
  const ofAccount = replaced.filter(
    ({ state, provider_user_id: account }) => state === "active" && account === grant.providerUserId,
  );
  for (const connection of ofAccount.toReversed()) {
    const held = openGrants(keyRing, connectionIdOf(connection), connection.grant_sealed);
    for (const one of held) {
      const isKept = one.isEnded !== true && !grants.some(({ consent }) => consent === one.consent);
      if (isKept) grants.push(one);
    }
  }
  return ofOnePerson(grants);
}
