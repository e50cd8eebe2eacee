/** What a person granted at a provider, sealed at rest in the connection's row. */
import { SystoleError } from "../errors.ts";
import type { Grant } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { ConnectionId } from "./connections.ts";

/** What a person's sealed grants are bound to, in whatever row they are kept. */
export const grantContext = ({ environmentId, userId }: ConnectionId): string =>
  `connections:${environmentId}:${userId}`;

/** All that a person granted at one provider, one for each of its APIs. */
export function sealGrants(keyRing: KeyRing, id: ConnectionId, grants: readonly Grant[]): Buffer {
  return keyRing.seal(JSON.stringify(grants), grantContext(id));
}

export function openGrants(keyRing: KeyRing, id: ConnectionId, sealed: Buffer): Grant[] {
  const grants: (Omit<Grant, "expiresAt"> & { expiresAt: string | null })[] = JSON.parse(
    keyRing.open(sealed, grantContext(id)),
  );
  return grants.map((grant) => ({ ...grant, expiresAt: grant.expiresAt ? new Date(grant.expiresAt) : null }));
}

/** @throws SystoleError INTERNAL: what a person did not grant is not asked for */
export function grantFor(grants: readonly Grant[], api: string): Grant {
  const found = grants.find((grant) => grant.api === api);
  if (found === undefined) throw new SystoleError("INTERNAL", { reason: `no grant for ${api}` });
  return found;
}
