/** Redeems the token that a developer's server gave its app: it makes a connection for uploads, without any page. */
import { randomUUID } from "node:crypto";
import { type ErrorCode, SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { findProvider } from "../providers/registry.ts";
import { findEnvironment } from "../store/environments.ts";
import { redeemAuthToken, type UnredeemedReason } from "../store/sessions.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { establishForUploads } from "./for-uploads.ts";
import { unstoredFlow } from "./unstored-flow.ts";

export interface TokenRedemption {
  readonly token: string;
  readonly providerSlugOrName: string;
  /** The environment that the app names; null when it names none. */
  readonly devId: string | null;
}

export interface RedeemedConnection {
  readonly userId: string;
  readonly uploadToken: string;
  readonly provider: Provider;
}

const codes: Readonly<Record<UnredeemedReason, ErrorCode>> = {
  unknown: "AUTH_TOKEN_INVALID",
  used: "AUTH_TOKEN_USED",
  expired: "AUTH_TOKEN_EXPIRED",
  "other environment": "AUTH_TOKEN_OTHER_ENVIRONMENT",
};

/**
 * Connects in the transaction that uses the token up: whatever fails leaves the token as it was.
 * @throws SystoleError AUTH_TOKEN_…, PROVIDER_UNKNOWN, PROVIDER_TAKES_NO_UPLOADS
 */
export async function redeemToken(
  deps: ConnectionsDeps,
  { token, providerSlugOrName, devId }: TokenRedemption,
): Promise<RedeemedConnection> {
  const provider = uploadProvider(providerSlugOrName);
  const named = devId === null ? null : await environmentNamed(deps, devId);
  return deps.store.db.transaction().execute(async (tx) => {
    const redeemed = await redeemAuthToken(tx, token, named);
    if (typeof redeemed === "string") throw new SystoleError(codes[redeemed]);
    const userId = randomUUID();
    const flow = unstoredFlow({
      environment_id: redeemed.environmentId,
      provider: provider.slug,
      user_id: userId,
      reference_id: redeemed.referenceId,
    });
    return { userId, uploadToken: await establishForUploads(tx, deps, provider, flow), provider };
  });
}

function uploadProvider(slugOrName: string): Provider {
  const provider = findProvider(slugOrName);
  if (provider === null) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slugOrName });
  if (provider.connecting.kind === "upload") return provider;
  throw new SystoleError("PROVIDER_TAKES_NO_UPLOADS", { provider: provider.name });
}

/** A dev-id that is not known is another environment's for every token. */
async function environmentNamed({ store }: ConnectionsDeps, devId: string): Promise<string> {
  const environment = await findEnvironment(store.db, devId);
  if (environment === null) throw new SystoleError("AUTH_TOKEN_OTHER_ENVIRONMENT");
  return environment.environment_id;
}
