/** Environments, and the keys that open them. A key is shown once and stored only as its hash. */
import { timingSafeEqual } from "node:crypto";
import { type Selectable, sql, type Updateable } from "kysely";
import { hashSecret, newSecret } from "../security/secrets.ts";
import { newId } from "./identifiers.ts";
import type { ApiKeysTable, Database, DatabaseOrTransaction, EnvironmentsTable, Stage } from "./tables.ts";

export type Environment = Selectable<EnvironmentsTable>;
export type ApiKey = Selectable<ApiKeysTable>;

/** Returns null when the dev-id is taken. */
export async function insertEnvironment(
  db: DatabaseOrTransaction,
  { devId, name, stage }: { devId: string; name: string; stage?: Stage },
): Promise<Environment | null> {
  const row = await db
    .insertInto("environments")
    .values({ environment_id: newId(), dev_id: devId, name, ...(stage && { stage }) })
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
  change: Pick<
    Updateable<EnvironmentsTable>,
    | "name"
    | "stage"
    | "redirect_origins"
    | "fhir_birth_date"
    | "keep_raw_days"
    | "keep_event_days"
    | "keep_notification_days"
  >,
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

/** Whether a FHIR Patient of this environment has a birth date. */
export async function wantsBirthDate(db: DatabaseOrTransaction, environmentId: string): Promise<boolean> {
  const { fhir_birth_date: isWanted } = await db
    .selectFrom("environments")
    .select("fhir_birth_date")
    .where("environment_id", "=", environmentId)
    .executeTakeFirstOrThrow();
  return isWanted;
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

const isActive = (key: ApiKey): boolean =>
  key.revoked_at === null && (key.expires_at === null || key.expires_at.getTime() > Date.now());

async function findActiveKey(
  db: DatabaseOrTransaction,
  environmentId: string,
  keyId: string,
): Promise<ApiKey | null> {
  const keys = await listApiKeys(db, environmentId);
  return keys.find((candidate) => apiKeyId(candidate) === keyId && isActive(candidate)) ?? null;
}

const updateKey = (db: DatabaseOrTransaction, { environment_id, key_hash }: ApiKey) =>
  db.updateTable("api_keys").where("environment_id", "=", environment_id).where("key_hash", "=", key_hash);

/** Returns false when the environment has no such active key. */
export async function revokeApiKey(
  db: DatabaseOrTransaction,
  environmentId: string,
  keyId: string,
): Promise<boolean> {
  const key = await findActiveKey(db, environmentId, keyId);
  if (key === null) return false;
  await updateKey(db, key).set({ revoked_at: new Date() }).execute();
  return true;
}

export interface Rotation {
  readonly key: string;
  readonly successor: ApiKey;
  /** The replaced key, with its end. */
  readonly former: ApiKey;
}

/** Replaces a key. The former one is valid for the given time. Returns null when it is not active. */
export function rotateApiKey(
  db: Database,
  environmentId: string,
  { keyId, validSeconds }: { readonly keyId: string; readonly validSeconds: number },
): Promise<Rotation | null> {
  return db.transaction().execute(async (tx) => {
    const found = await findActiveKey(tx, environmentId, keyId);
    if (found === null) return null;
    // A key that is replaced twice keeps its earlier end.
    const former = await updateKey(tx, found)
      .set({ expires_at: sql<Date>`least(expires_at, now() + make_interval(secs => ${validSeconds}))` })
      .returningAll()
      .executeTakeFirstOrThrow();
    const { key, apiKey } = await addApiKey(tx, environmentId, { label: found.label });
    return { key, successor: apiKey, former };
  });
}

/** An environment that a key opens. */
export interface OpenedEnvironment {
  readonly environment: Environment;
  /** The time for which the key is still valid; null: without an end. */
  readonly keyMs: number | null;
}

/** Returns the environment that a key alone opens; null when it is not valid, or is the key of several. */
export async function environmentWithKey(db: DatabaseOrTransaction, key: string): Promise<string | null> {
  const [only, ...others] = await db
    .selectFrom("api_keys")
    .select("environment_id")
    .where("key_hash", "=", hashSecret(key))
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`now()`)]))
    .execute();
  return only === undefined || others.length > 0 ? null : only.environment_id;
}

/**
 * Returns the environment with this dev-id, if the key is one of its valid keys; null otherwise. Every key is compared,
 * in constant time.
 */
export async function environmentOfKey(
  db: DatabaseOrTransaction,
  devId: string,
  key: string,
): Promise<OpenedEnvironment | null> {
  const rows = await db
    .selectFrom("environments")
    .innerJoin("api_keys", "api_keys.environment_id", "environments.environment_id")
    .selectAll("environments")
    .select([
      "api_keys.key_hash",
      sql<number | null>`extract(epoch FROM api_keys.expires_at - now())::float8 * 1000`.as("key_ms"),
    ])
    .where("dev_id", "=", devId)
    .where("revoked_at", "is", null)
    .where(({ eb, or }) => or([eb("expires_at", "is", null), eb("expires_at", ">", sql<Date>`now()`)]))
    .execute();
  const given = hashSecret(key);
  const matching = rows.filter((row) => timingSafeEqual(row.key_hash, given));
  const [found] = matching;
  if (found === undefined) return null;
  const { key_hash: _, key_ms: keyMs, ...environment } = found;
  return { environment, keyMs };
}
