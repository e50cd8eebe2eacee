/** Connections to one server, through the house's address guard, which end when the caller's deadline does. */
import net from "node:net";
import mysql from "mysql2/promise";
import type { SenderContext } from "../destination.ts";
import { untilAborted } from "../kit/abort.ts";
import { isFromServer } from "./errors.ts";
import type { Settings } from "./settings.ts";

const most = 6;
const connectMs = 10_000;
const idleMs = 60_000;
const keptStatements = 64;

export interface Connection {
  readonly driver: mysql.PoolConnection;
  /** The longest packet that the server takes. */
  readonly packetBytes: number;
}

/**
 * Text that does not fit is refused and not cut; a lock is not waited for longer than a delivery is; and a
 * server that guards against changes without a key knows that we mean ours.
 */
const sessionSettings = [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, sql_safe_updates = 0,
    time_zone = '+00:00', lock_wait_timeout = 10, innodb_lock_wait_timeout = 10`,
  // Fewer locks on gaps between rows, over which transactions would wait for each other.
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
];

export class Connections {
  readonly #pool: mysql.Pool;
  /** By the driver's own connection: its packet size, when it has been told the session settings. */
  readonly #told = new WeakMap<object, number>();

  constructor(settings: Settings, { lookup }: SenderContext) {
    const { host, port } = settings;
    this.#pool = mysql.createPool({
      host,
      port,
      database: settings.database,
      user: settings.username,
      password: settings.password,
      ...tlsOptions(settings),
      stream: () => net.connect({ host, port, lookup, noDelay: true, keepAlive: true }),
      charset: "utf8mb4",
      connectionLimit: most,
      maxIdle: 1,
      idleTimeout: idleMs,
      connectTimeout: connectMs,
      maxPreparedStatements: keptStatements,
      disableEval: true,
    });
    // A connection that dies is noticed by whoever uses it, or else by nobody; unheard it would end the process.
    this.#pool.on("connection", (connection) => connection.on("error", () => {}));
  }

  /** Works with one connection, which is ended when the signal is aborted: the server rolls back. */
  async use<Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const driver = await untilAborted(
      () => this.#pool.getConnection(),
      signal,
      (late) => late.release(),
    );
    const abandon = (): void => driver.destroy();
    signal.addEventListener("abort", abandon, { once: true });
    try {
      const introduced = async () => work({ driver, packetBytes: await this.#introduce(driver) });
      return await untilAborted(introduced, signal);
    } catch (error) {
      if (!isFromServer(error)) driver.destroy();
      throw error;
    } finally {
      signal.removeEventListener("abort", abandon);
      driver.release();
    }
  }

  async #introduce(driver: mysql.PoolConnection): Promise<number> {
    const told = this.#told.get(driver.connection);
    if (told !== undefined) return told;
    for (const statement of sessionSettings) await driver.query(statement);
    const [rows] = await driver.query<mysql.RowDataPacket[]>("SELECT @@max_allowed_packet AS bytes");
    const packetBytes = Number(rows[0]?.bytes);
    this.#told.set(driver.connection, packetBytes);
    return packetBytes;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function tlsOptions({ ssl, ca }: Settings): Pick<mysql.PoolOptions, "ssl"> {
  if (ssl === "off") return {};
  const authority = ca === undefined ? {} : { ca };
  return { ssl: { rejectUnauthorized: true, verifyIdentity: ssl === "verify", ...authority } };
}
