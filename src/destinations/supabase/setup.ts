/** Runs setup.sql over a connection to the database, where `database_url` is set. */
import { readFile } from "node:fs/promises";
import pg from "pg";
import { errorMessage } from "../../errors.ts";
import { DeliveryError, type SenderContext } from "../destination.ts";
import { failure } from "../kit/failure.ts";
import { guardedSocket } from "../kit/guarded-socket.ts";
import { type SupabaseSettings, tlsOptions } from "./settings.ts";

const script = new URL("./setup.sql", import.meta.url);
const connectMs = 10_000;
const statementMs = 60_000;
/** A table with a long-running reader must not make every later query wait for ours. */
const lockMs = 5_000;

export interface Setup {
  /** Makes missing tables and functions. @throws DeliveryError */
  run(): Promise<void>;
  /** Proves that they could be made, and changes nothing. @throws DeliveryError */
  rehearse(signal: AbortSignal): Promise<void>;
  /** Proves that the database accepts the user and lets it make tables. @throws DeliveryError */
  assertAccess(signal: AbortSignal): Promise<void>;
}

/** @throws DeliveryError DESTINATION_ADDRESS_PRIVATE */
export function setupOver(databaseUrl: string, settings: SupabaseSettings, context: SenderContext): Setup {
  const options = clientOptions(databaseUrl, settings, context);
  let running: Promise<void> | null = null;

  async function runScript(): Promise<void> {
    const statements = await transaction("commit");
    await onDatabase(options, null, (client) => client.query(statements));
  }
  return {
    // Once for all deliveries that found something missing at the same time.
    run() {
      running ??= runScript().finally(() => {
        running = null;
      });
      return running;
    },
    async rehearse(signal) {
      const statements = await transaction("rollback");
      await onDatabase(options, signal, (client) => client.query(statements));
    },
    assertAccess: (signal) => onDatabase(options, signal, assertMayCreate),
  };
}

async function transaction(end: "commit" | "rollback"): Promise<string> {
  return `begin; set local lock_timeout = ${lockMs}; ${await readFile(script, "utf8")}; ${end}`;
}

async function assertMayCreate(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    "select has_schema_privilege('public', 'CREATE') as may",
  );
  if (rows[0]?.may === true) return;
  const reason = "CREATE on schema public: the user of database_url lacks it";
  throw failure("DESTINATION_PERMISSION_MISSING", reason);
}

function clientOptions(
  databaseUrl: string,
  settings: SupabaseSettings,
  context: SenderContext,
): pg.ClientConfig {
  const url = new URL(databaseUrl);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  context.assertAddressAllowed(host);
  return {
    host,
    port: Number(url.port || 5_432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
    ssl: url.searchParams.get("sslmode") === "disable" ? false : tlsOptions(settings),
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
    application_name: "systole",
    stream: () => guardedSocket(context),
  };
}

async function onDatabase(
  options: pg.ClientConfig,
  signal: AbortSignal | null,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client(options);
  // An error of the connection also fails the query under way.
  client.on("error", () => {});
  const abort = (): void => void client.end().catch(() => {});
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await client.connect();
    await work(client);
  } catch (error) {
    throw databaseError(error);
  } finally {
    signal?.removeEventListener("abort", abort);
    await client.end().catch(() => {});
  }
}

function databaseError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const { code = "" } = error as { code?: string };
  const reason = `database_url: ${errorMessage(error)}`;
  if (code === "42501") {
    return failure("DESTINATION_PERMISSION_MISSING", `CREATE on schema public: ${reason}`, { cause: error });
  }
  const missing = code === "3D000" ? "DESTINATION_TARGET_MISSING" : "DELIVERY_FAILED";
  return failure(code.startsWith("28") ? "DESTINATION_CREDENTIALS_REFUSED" : missing, reason, {
    cause: error,
  });
}
