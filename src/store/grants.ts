/** A person's grants at a provider, sealed in the connection's row. */
import type { Grant, Renewal } from "../providers/provider.ts";
import type { KeyRing } from "../security/key-ring.ts";
import type { ConnectionId } from "./connections.ts";

/** Returns the context that binds a person's sealed grants, in whatever row they are stored. */
export const grantContext = ({ environmentId, userId }: ConnectionId): string =>
  `connections:${environmentId}:${userId}`;

/** Seals all grants of a person at one provider: one for each consent. */
export function sealGrants(keyRing: KeyRing, id: ConnectionId, grants: readonly Grant[]): Buffer {
  return keyRing.seal(JSON.stringify(grants), grantContext(id));
}

export function openGrants(keyRing: KeyRing, id: ConnectionId, sealed: Buffer): Grant[] {
  const kept: readonly (KeptGrant | FormerGrant)[] = JSON.parse(keyRing.open(sealed, grantContext(id)));
  return kept.map((grant) => read("api" in grant ? fromFormer(grant) : grant));
}

/** A grant as JSON has it: dates are text. */
type KeptGrant = Omit<Grant, "expiresAt" | "renewal"> & {
  readonly expiresAt: string | null;
  readonly renewal:
    | Exclude<Renewal, { kind: "key" }>
    | (Omit<Extract<Renewal, { kind: "key" }>, "endsAt"> & { readonly endsAt: string | null })
    | null;
};

/** A grant as the first releases stored it: it was for one API, whose name its consent has today. */
interface FormerGrant {
  readonly api: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: string | null;
  readonly providerUserId: string;
  readonly scopes: string | null;
}

const fromFormer = ({ api, refreshToken, scopes, ...same }: FormerGrant): KeptGrant => ({
  ...same,
  consent: api,
  renewal: refreshToken === null ? null : { kind: "refresh-token", token: refreshToken },
  scopes: scopes?.split(" ") ?? [],
});

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

function read({ expiresAt, renewal, ...same }: KeptGrant): Grant {
  const revived = renewal?.kind === "key" ? { ...renewal, endsAt: dateOf(renewal.endsAt) } : renewal;
  return { ...same, expiresAt: dateOf(expiresAt), renewal: revived };
}
