/**
 * An environment's choice of a provider's data: the types that it handles, and whether events have samples.
 * Connections are read together with it, in the same statement.
 */
import { sql } from "kysely";
import type { DataType } from "../models/index.ts";
import type { Connection, ConnectionId } from "./connections.ts";
import type { ProviderConfigId } from "./provider-config-id.ts";
import type { DatabaseOrTransaction, DatabaseTransaction } from "./tables.ts";

export interface DataChoice {
  /** Null: all that the provider has. */
  readonly types: readonly DataType[] | null;
  /** Whether events have samples. */
  readonly samples: boolean;
}

const everythingChosen: DataChoice = { types: null, samples: true };

/** A connection and its environment's choice. */
export interface ChoosingConnection extends Connection {
  readonly chosen_types: readonly DataType[] | null;
  readonly sends_samples: boolean;
}

export const handlesType = (
  { chosen_types: chosen }: Pick<ChoosingConnection, "chosen_types">,
  type: DataType,
): boolean => chosen === null || chosen.includes(type);

const connections = (db: DatabaseOrTransaction) =>
  db
    .selectFrom("connections")
    .leftJoin("provider_configs", (join) =>
      join
        .onRef("provider_configs.environment_id", "=", "connections.environment_id")
        .onRef("provider_configs.provider", "=", "connections.provider"),
    )
    .selectAll("connections")
    .select([
      "provider_configs.data_types as chosen_types",
      sql<boolean>`coalesce(provider_configs.samples, true)`.as("sends_samples"),
    ]);

const byId = (db: DatabaseOrTransaction, { environmentId, userId }: ConnectionId) =>
  connections(db)
    .where("connections.environment_id", "=", environmentId)
    .where("connections.user_id", "=", userId);

export async function findChoosing(
  db: DatabaseOrTransaction,
  id: ConnectionId,
): Promise<ChoosingConnection | null> {
  return (await byId(db, id).executeTakeFirst()) ?? null;
}

/** Locks a connection until the transaction ends, and returns it with the choice. */
export async function lockChoosing(
  tx: DatabaseTransaction,
  id: ConnectionId,
): Promise<ChoosingConnection | null> {
  return (await byId(tx, id).forNoKeyUpdate(["connections"]).executeTakeFirst()) ?? null;
}

/** Returns all connections of a provider's account in an environment. */
export function findChoosingOfAccount(
  db: DatabaseOrTransaction,
  { environmentId, provider }: ProviderConfigId,
  providerUserId: string,
): Promise<ChoosingConnection[]> {
  return connections(db)
    .where("connections.environment_id", "=", environmentId)
    .where("connections.provider", "=", provider)
    .where("connections.provider_user_id", "=", providerUserId)
    .orderBy("connections.created_at")
    .execute();
}

const config = (db: DatabaseOrTransaction, { environmentId, provider }: ProviderConfigId) =>
  db
    .selectFrom("provider_configs")
    .select(["data_types as types", "samples"])
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider);

/** Returns the choice; everything where none was made. */
export async function findChoice(db: DatabaseOrTransaction, id: ProviderConfigId): Promise<DataChoice> {
  return (await config(db, id).executeTakeFirst()) ?? everythingChosen;
}

/** Returns the choice, locked until the transaction ends; null where the provider is not configured. */
export async function lockChoice(tx: DatabaseTransaction, id: ProviderConfigId): Promise<DataChoice | null> {
  return (await config(tx, id).forUpdate().executeTakeFirst()) ?? null;
}

export async function saveChoice(
  tx: DatabaseTransaction,
  { environmentId, provider }: ProviderConfigId,
  { types, samples }: DataChoice,
): Promise<void> {
  await tx
    .updateTable("provider_configs")
    .set({ data_types: types === null ? null : [...types], samples, updated_at: new Date() })
    .where("environment_id", "=", environmentId)
    .where("provider", "=", provider)
    .execute();
}
