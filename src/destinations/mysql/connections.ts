/** Connections to one server, through the address guard. A call's connection is closed when its signal is aborted. */
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
 * Text that does not fit is refused instead of cut; waiting for a lock ends when a delivery does; and changes without
 * a key are allowed on a server that forbids them by default.
 */
const sessionSettings = [
  `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, sql_safe_updates = 0,
    time_zone = '+00:00', lock_wait_timeout = 10, innodb_lock_wait_timeout = 10`,
  // Fewer locks on gaps between rows, for which transactions would wait for each other.
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
];

export class Connections {
  readonly #pool: mysql.Pool;
  /** Packet sizes by the driver's connection, of those that have the session settings. */
  readonly #packetBytes = new WeakMap<object, number>();

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
    // A query on a connection that dies fails; without a listener its error event would end the process.
    this.#pool.on("connection", (connection) => connection.on("error", () => {}));
  }

  /** Runs the work with one connection, which is closed when the signal is aborted: the server rolls back. */
  async use<Result>(work: (connection: Connection) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const driver = await untilAborted(
      () => this.#pool.getConnection(),
      signal,
      (late) => late.release(),
    );
    const abandon = (): void => driver.destroy();
    signal.addEventListener("abort", abandon, { once: true });
    try {
      const prepared = async () => work({ driver, packetBytes: await this.#prepare(driver) });
      return await untilAborted(prepared, signal);
    } catch (error) {
      if (!isFromServer(error)) driver.destroy();
      throw error;
    } finally {
      signal.removeEventListener("abort", abandon);
      driver.release();
    }
  }

  async #prepare(driver: mysql.PoolConnection): Promise<number> {
    const known = this.#packetBytes.get(driver.connection);
    if (known !== undefined) return known;
    for (const statement of sessionSettings) await driver.query(statement);
    const [rows] = await driver.query<mysql.RowDataPacket[]>("SELECT @@max_allowed_packet AS bytes");
    const packetBytes = Number(rows[0]?.bytes);
    this.#packetBytes.set(driver.connection, packetBytes);
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
