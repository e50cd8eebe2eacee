/** The tokens of an app's SDK: an access token that lasts an hour, and a refresh token that makes the next one. */
import { SystoleError } from "../errors.ts";
import type { ConnectionId } from "../store/connections.ts";
import { redeemInvitationCode } from "../store/invitation-codes.ts";
import type { Database, DatabaseOrTransaction } from "../store/tables.ts";
import { findUploadToken, makeUploadToken, type UploadToken } from "../store/upload-tokens.ts";

const accessSeconds = 3_600;

/** As open-wearables' SDKs read it. */
export interface SdkTokens {
  readonly access_token: string;
  readonly token_type: "bearer";
  readonly refresh_token: string;
  readonly expires_in: number;
}

/** Makes the tokens of one installation of an app. */
export async function issueTokens(db: DatabaseOrTransaction, id: ConnectionId): Promise<SdkTokens> {
  const refresh = await makeUploadToken(db, id, { kind: "refresh" });
  return withAccess(db, id, { token: refresh.token, row: refresh.row });
}

/**
 * Makes another access token. The refresh token stays the same: an app that missed the answer would otherwise be locked
 * out for good.
 * @throws SystoleError UPLOAD_TOKEN_INVALID, UPLOAD_TOKEN_ENDED, UPLOAD_CONNECTION_ENDED
 */
export async function refreshTokens(db: Database, token: string): Promise<SdkTokens> {
  const found = await findUploadToken(db, token, "refreshing");
  if (found === "connection ended") throw new SystoleError("UPLOAD_CONNECTION_ENDED");
  if (found === "revoked") throw new SystoleError("UPLOAD_TOKEN_ENDED");
  if (found === "unknown") throw new SystoleError("UPLOAD_TOKEN_INVALID");
  const id = { environmentId: found.environment_id, userId: found.user_id };
  return withAccess(db, id, { token, row: found });
}

/** @throws SystoleError INVITATION_CODE_INVALID */
export function redeemInvitation(
  db: Database,
  code: string,
): Promise<{ readonly userId: string; readonly tokens: SdkTokens }> {
  return db.transaction().execute(async (tx) => {
    const id = await redeemInvitationCode(tx, code);
    if (id === null) throw new SystoleError("INVITATION_CODE_INVALID");
    return { userId: id.userId, tokens: await issueTokens(tx, id) };
  });
}

async function withAccess(
  db: DatabaseOrTransaction,
  id: ConnectionId,
  refresh: { readonly token: string; readonly row: UploadToken },
): Promise<SdkTokens> {
  const access = await makeUploadToken(db, id, {
    kind: "access",
    parentId: refresh.row.token_id,
    lifetimeSeconds: accessSeconds,
  });
  return {
    access_token: access.token,
    token_type: "bearer",
    refresh_token: refresh.token,
    expires_in: accessSeconds,
  };
}
