/** Environments, and the keys that open them. A key is shown once and stored only as its hash. */
import { timingSafeEqual } from "node:crypto";
import type { Selectable, Updateable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import { newId } from "./identifiers.ts";
import type { ApiKeysTable, DatabaseOrTransaction, EnvironmentsTable } from "./tables.ts";

export type Environment = Selectable<EnvironmentsTable>;
export type ApiKey = Selectable<ApiKeysTable>;

/** Returns null when the dev-id is taken. */
export async function insertEnvironment(
  db: DatabaseOrTransaction,
  { devId, name }: { devId: string; name: string },
): Promise<Environment | null> {
  const row = await db
    .insertInto("environments")
    .values({ environment_id: newId(), dev_id: devId, name })
    .onConflict((conflict) => conflict.column("dev_id").doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/** Returns all environments, the oldest first. That one was created by `npm start`. */
export function listEnvironments(db: DatabaseOrTransaction): Promise<Environment[]> {
  return db.selectFrom("environments").selectAll().orderBy("created_at").orderBy("environment_id").execute();
}

export async function firstEnvironment(db: DatabaseOrTransaction): Promise<Environment | null> {
  const row = await db
    .selectFrom("environments")
    .selectAll()
    .orderBy("created_at")
    .orderBy("environment_id")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

export async function findEnvironment(db: DatabaseOrTransaction, devId: string): Promise<Environment | null> {
  const row = await db.selectFrom("environments").selectAll().where("dev_id", "=", devId).executeTakeFirst();
  return row ?? null;
}

/** Returns null when there is no such environment. */
export async function changeEnvironment(
  db: DatabaseOrTransaction,
  devId: string,
  change: Pick<Updateable<EnvironmentsTable>, "name" | "redirect_origins">,
): Promise<Environment | null> {
  const row = await db
    .updateTable("environments")
    .set(change)
    .where("dev_id", "=", devId)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

export async function redirectOriginsOf(
  db: DatabaseOrTransaction,
  environmentId: string,
): Promise<string[] | null> {
  const { redirect_origins: origins } = await db
    .selectFrom("environments")
    .select("redirect_origins")
    .where("environment_id", "=", environmentId)
    .executeTakeFirstOrThrow();
  return origins;
}

/** Adds a key, a new one unless one is given; adding a known key changes nothing. Returns the key itself. */
export async function addApiKey(
  db: DatabaseOrTransaction,
  environmentId: string,
  { label, key = newSecret() }: { label: string; key?: string },
): Promise<{ key: string; apiKey: ApiKey }> {
  const row = { environment_id: environmentId, key_hash: hashSecret(key), label };
  const apiKey = await db
    .insertInto("api_keys")
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(["environment_id", "key_hash"]).doUpdateSet({ key_hash: row.key_hash }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return { key, apiKey };
}

export function listApiKeys(db: DatabaseOrTransaction, environmentId: string): Promise<ApiKey[]> {
  return db
    .selectFrom("api_keys")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("created_at")
    .execute();
}

/** Returns a public name of a key: the beginning of its hash. */
export const apiKeyId = (apiKey: Pick<ApiKey, "key_hash">): string =>
  apiKey.key_hash.subarray(0, 8).toString("hex");

/** Returns false when the environment has no such active key. */
export async function revokeApiKey(
  db: DatabaseOrTransaction,
  environmentId: string,
  keyId: string,
): Promise<boolean> {
  const keys = await listApiKeys(db, environmentId);
  const key = keys.find((candidate) => apiKeyId(candidate) === keyId && candidate.revoked_at === null);
  if (key === undefined) return false;
  await db
    .updateTable("api_keys")
    .set({ revoked_at: new Date() })
    .where("environment_id", "=", environmentId)
    .where("key_hash", "=", key.key_hash)
    .execute();
  return true;
}

/**
 * Returns the environment with this dev-id, if the key is one of its keys; null otherwise. Every key is compared, in
 * constant time.
 */
export async function environmentOfKey(
  db: DatabaseOrTransaction,
  devId: string,
  key: string,
): Promise<Environment | null> {
  const rows = await db
    .selectFrom("environments")
    .innerJoin("api_keys", "api_keys.environment_id", "environments.environment_id")
    .selectAll("environments")
    .select("api_keys.key_hash")
    .where("dev_id", "=", devId)
    .where("revoked_at", "is", null)
    .execute();
  const given = hashSecret(key);
  const matching = rows.filter((row) => timingSafeEqual(row.key_hash, given));
  const [found] = matching;
  if (found === undefined) return null;
  const { key_hash: _, ...environment } = found;
  return environment;
}
