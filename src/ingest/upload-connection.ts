/** Finds the connection that an upload belongs to, by its token. */
import { type ErrorCode, SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { type Connection, findConnection } from "../store/connections.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import { type FoundUploadToken, findUploadToken } from "../store/upload-tokens.ts";

const codes: Readonly<Record<Extract<FoundUploadToken, string>, ErrorCode>> = {
  unknown: "UPLOAD_TOKEN_INVALID",
  revoked: "UPLOAD_TOKEN_ENDED",
  "connection ended": "UPLOAD_CONNECTION_ENDED",
};

/**
 * @param allowed the providers of the address; a token of another provider is no token here
 * @throws SystoleError UPLOAD_TOKEN_INVALID, UPLOAD_TOKEN_ENDED, UPLOAD_CONNECTION_ENDED
 */
export async function connectionOfToken(
  db: DatabaseOrTransaction,
  allowed: readonly Pick<Provider, "slug">[],
  token: string | null,
): Promise<Connection> {
  if (token === null) throw new SystoleError("UPLOAD_TOKEN_INVALID");
  const found = await findUploadToken(db, token, "uploads");
  if (typeof found === "string") throw new SystoleError(codes[found]);
  const id = { environmentId: found.environment_id, userId: found.user_id };
  const connection = await findConnection(db, id);
  // It ended between the two statements.
  if (connection === null) throw new SystoleError("UPLOAD_CONNECTION_ENDED");
  if (!allowed.some(({ slug }) => slug === connection.provider))
    throw new SystoleError("UPLOAD_TOKEN_INVALID");
  return connection;
}
