/**
 * Every column with sealed values, declared once: the rotation of the secret key goes through this list. A
 * test searches the rest of the database for sealed values.
 */
import { codeVerifierContext } from "./auth-flows.ts";
import { keyCheck } from "./database-facts.ts";
import { destinationContext } from "./destinations.ts";
import { grantContext } from "./grants.ts";
import { providerContext } from "./provider-configs.ts";
import { subscriptionContext } from "./provider-subscriptions.ts";

/** The values of a row's key, by column. */
export type SealedRowKey = Readonly<Record<string, string>>;

export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns that order and identify the rows, with their types. */
  readonly key: Readonly<Record<string, "uuid" | "text" | "bytea">>;
  /** Other columns that the context is made of. */
  readonly also?: readonly string[];
  /** The rows with a sealed value, for a column that also holds other values. */
  readonly where?: string;
  /** Returns the context that binds the value: the same text as where it is sealed. */
  context(row: SealedRowKey): string;
}

const grantOf = ({ environment_id: environmentId = "", user_id: userId = "" }: SealedRowKey): string =>
  grantContext({ environmentId, userId });

const providerOf =
  (what: "settings" | "subscription") =>
  ({ environment_id: environmentId = "", provider = "" }: SealedRowKey): string =>
    providerContext({ environmentId, provider }, what);

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: "provider_configs",
    column: "settings_sealed",
    key: { environment_id: "uuid", provider: "text" },
    context: providerOf("settings"),
  },
  {
    table: "provider_configs",
    column: "subscription_secret_sealed",
    key: { environment_id: "uuid", provider: "text" },
    context: providerOf("subscription"),
  },
  {
    table: "destinations",
    column: "settings_sealed",
    key: { environment_id: "uuid", destination_id: "uuid" },
    context: ({ environment_id: environmentId = "", destination_id: destinationId = "" }) =>
      destinationContext({ environmentId, destinationId }),
  },
  {
    table: "connections",
    column: "grant_sealed",
    key: { environment_id: "uuid", user_id: "uuid" },
    context: grantOf,
  },
  {
    table: "auth_flows",
    column: "grant_sealed",
    key: { environment_id: "uuid", state_hash: "bytea" },
    also: ["user_id"],
    context: grantOf,
  },
  {
    table: "auth_flows",
    column: "code_verifier_sealed",
    key: { environment_id: "uuid", state_hash: "bytea" },
    also: ["user_id"],
    context: ({ environment_id: environmentId = "", user_id: userId = "" }) =>
      codeVerifierContext({ environmentId, userId }),
  },
  {
    table: "provider_subscriptions",
    column: "secret_sealed",
    key: { environment_id: "uuid", provider: "text", event: "text" },
    context: ({ environment_id: environmentId = "", provider = "", event = "" }) =>
      subscriptionContext({ environmentId, provider, event }),
  },
  {
    // A task that revokes a permission carries the permission; no other task carries anything sealed.
    table: "fetch_tasks",
    column: "body",
    key: { environment_id: "uuid", task_id: "uuid" },
    also: ["user_id"],
    where: "kind = 'revoke'",
    context: grantOf,
  },
  // Must be last, so that a process with only the former key still starts while a value is left for it to open.
  {
    table: "house",
    column: "value",
    key: { key: "text" },
    where: `key = '${keyCheck}'`,
    context: () => keyCheck,
  },
];
