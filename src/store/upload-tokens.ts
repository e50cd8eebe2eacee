/** Tokens with which a person's own client pushes data to their connection. Only their hashes are stored. */
import { type Selectable, sql } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import type { ConnectionId } from "./connections.ts";
import { newId } from "./identifiers.ts";
import type {
  Database,
  DatabaseOrTransaction,
  DatabaseTransaction,
  UploadTokenKind,
  UploadTokensTable,
} from "./tables.ts";

export type UploadToken = Omit<Selectable<UploadTokensTable>, "token_hash">;

export interface NewUploadToken {
  /** The token itself, which is shown only this once. */
  readonly token: string;
  readonly row: UploadToken;
}

interface TokenForm {
  readonly kind?: UploadTokenKind;
  readonly parentId?: string | null;
  /** Null: without an end. */
  readonly lifetimeSeconds?: number | null;
}

const shownColumns = [
  "environment_id",
  "token_id",
  "user_id",
  "kind",
  "parent_id",
  "created_at",
  "last_used_at",
  "expires_at",
  "revoked_at",
] as const;

const inSeconds = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`;

export async function makeUploadToken(
  db: DatabaseOrTransaction,
  { environmentId, userId }: ConnectionId,
  { kind = "upload", parentId = null, lifetimeSeconds = null }: TokenForm = {},
): Promise<NewUploadToken> {
  const token = newSecret();
  const row = await db
    .insertInto("upload_tokens")
    .values({
      environment_id: environmentId,
      token_id: newId(),
      user_id: userId,
      kind,
      parent_id: parentId,
      token_hash: hashSecret(token),
      expires_at: lifetimeSeconds === null ? null : inSeconds(lifetimeSeconds),
    })
    .returning(shownColumns)
    .executeTakeFirstOrThrow();
  return { token, row };
}

/** Creates a token for uploads, and returns only the token itself. */
export const createUploadToken = async (db: DatabaseOrTransaction, id: ConnectionId): Promise<string> =>
  (await makeUploadToken(db, id)).token;

/** A valid token, or why it is not valid. `revoked`: also one that has expired. */
export type FoundUploadToken = UploadToken | "unknown" | "revoked" | "connection ended";

/** Finds a token that is good for uploads, or to refresh others, and notes its use, at most once a minute. */
export async function findUploadToken(
  db: DatabaseOrTransaction,
  token: string,
  use: "uploads" | "refreshing",
): Promise<FoundUploadToken> {
  const hash = hashSecret(token);
  const kinds: UploadTokenKind[] = use === "uploads" ? ["upload", "access"] : ["refresh"];
  const row = await db
    .selectFrom("upload_tokens")
    .select(shownColumns)
    .where("token_hash", "=", hash)
    .where("kind", "in", kinds)
    .where(isValid)
    .executeTakeFirst();
  if (row === undefined) return await whyInvalid(db, hash);
  await noteUse(db, hash);
  return row;
}

/** Notes a use. A resumable upload uses its token with every piece: most of them write nothing. */
const noteUse = (db: DatabaseOrTransaction, hash: Buffer) =>
  db
    .updateTable("upload_tokens")
    .set({ last_used_at: sql<Date>`now()` })
    .where("token_hash", "=", hash)
    .where(sql<boolean>`(last_used_at is null or last_used_at < now() - interval '1 minute')`)
    .execute();

/** Returns the connection of a valid token for uploads, without noting a use; null when there is none. */
export async function connectionIdOfToken(
  db: DatabaseOrTransaction,
  token: string,
): Promise<ConnectionId | null> {
  const row = await db
    .selectFrom("upload_tokens")
    .select(["environment_id", "user_id"])
    .where("token_hash", "=", hashSecret(token))
    .where("kind", "=", "upload")
    .where(isValid)
    .executeTakeFirst();
  return row === undefined ? null : { environmentId: row.environment_id, userId: row.user_id };
}

const isValid = sql<boolean>`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;

async function whyInvalid(db: DatabaseOrTransaction, hash: Buffer): Promise<FoundUploadToken> {
  const { rows } = await sql<{ revoked: boolean; ended: boolean }>`
    SELECT EXISTS (SELECT FROM upload_tokens WHERE token_hash = ${hash} AND NOT (${isValid})) AS revoked,
      EXISTS (SELECT FROM ended_upload_tokens WHERE token_hash = ${hash}) AS ended`.execute(db);
  if (rows[0]?.ended) return "connection ended";
  return rows[0]?.revoked ? "revoked" : "unknown";
}

const ofConnection = (db: DatabaseOrTransaction, { environmentId, userId }: ConnectionId) =>
  db
    .selectFrom("upload_tokens")
    .select(shownColumns)
    .where("environment_id", "=", environmentId)
    .where("user_id", "=", userId)
    // An SDK makes access tokens by itself, every hour: its refresh token stands for them.
    .where("kind", "!=", "access");

/** Returns the tokens of a connection, newest first, ended ones included. */
export const listUploadTokens = (db: DatabaseOrTransaction, id: ConnectionId): Promise<UploadToken[]> =>
  ofConnection(db, id).orderBy("token_id", "desc").execute();

interface TokenId extends ConnectionId {
  readonly tokenId: string;
}

/** Replaces a valid token. The former one is valid for the given time. Returns null when there is none. */
export function rotateUploadToken(
  db: Database,
  id: TokenId,
  validSeconds: number,
): Promise<{ readonly successor: NewUploadToken; readonly former: UploadToken } | null> {
  return db.transaction().execute(async (tx) => {
    const former = await tx
      .updateTable("upload_tokens")
      // A token that is replaced twice keeps its earlier end.
      .set({ expires_at: sql<Date>`least(expires_at, ${inSeconds(validSeconds)})` })
      .where("environment_id", "=", id.environmentId)
      .where("user_id", "=", id.userId)
      .where("token_id", "=", id.tokenId)
      .where("kind", "=", "upload")
      .where(isValid)
      .returning(shownColumns)
      .executeTakeFirst();
    return former === undefined ? null : { successor: await makeUploadToken(tx, id), former };
  });
}

/** Ends a token at once, and the access tokens that were made with it. Returns null when there is none. */
export async function revokeUploadToken(db: DatabaseOrTransaction, id: TokenId): Promise<UploadToken | null> {
  const ended = await db
    .updateTable("upload_tokens")
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where("environment_id", "=", id.environmentId)
    .where("user_id", "=", id.userId)
    .where(({ or, eb }) => or([eb("token_id", "=", id.tokenId), eb("parent_id", "=", id.tokenId)]))
    .returning(shownColumns)
    .execute();
  return ended.find(({ token_id: tokenId }) => tokenId === id.tokenId) ?? null;
}

/** Keeps the hashes of a connection's tokens when it ends; the tokens go with its row. */
export async function endUploadTokens(
  tx: DatabaseTransaction,
  { environmentId, userId }: ConnectionId,
): Promise<void> {
  await sql`INSERT INTO ended_upload_tokens (environment_id, token_hash)
    SELECT environment_id, token_hash FROM upload_tokens
    WHERE environment_id = ${environmentId} AND user_id = ${userId}
    ON CONFLICT DO NOTHING`.execute(tx);
}

/** How long a client that still uploads to an ended connection is told so. */
const toldDays = 400;
/** How long an access token that has expired is kept. */
const accessKeptDays = 1;

export async function dropEndedUploadTokens(db: DatabaseOrTransaction): Promise<void> {
  await sql`DELETE FROM ended_upload_tokens WHERE ended_at < now() - make_interval(days => ${toldDays})`.execute(
    db,
  );
  await sql`DELETE FROM upload_tokens
    WHERE kind = 'access' AND expires_at < now() - make_interval(days => ${accessKeptDays})`.execute(db);
  await sql`DELETE FROM invitation_codes WHERE expires_at < now() - interval '1 day'`.execute(db);
}
