/** Tokens with which a person's own client pushes data to their connection. Only their hashes are stored. */
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import type { DatabaseOrTransaction } from "./tables.ts";

/** Creates a token, which is shown only this once. */
export async function createUploadToken(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<string> {
  const token = newSecret();
  await db
    .insertInto("upload_tokens")
    .values({
      environment_id: environmentId,
      token_id: newId(),
      user_id: userId,
      token_hash: hashSecret(token),
    })
    .execute();
  return token;
}

/** Returns the connection of a token and notes its use; null when there is none or it has ended. */
export async function findByUploadToken(
  db: DatabaseOrTransaction,
  token: string,
): Promise<ConnectionId | null> {
  const row = await db
    .updateTable("upload_tokens")
    .set({ last_used_at: new Date() })
    .where("token_hash", "=", hashSecret(token))
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", new Date())]))
    .returning(["environment_id", "user_id"])
    .executeTakeFirst();
  return row === undefined ? null : { environmentId: row.environment_id, userId: row.user_id };
}
