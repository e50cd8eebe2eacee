/** Connections to one server, through the address guard. A call's connection is closed when its signal is aborted. */
import pg from "pg";
import type { SenderContext } from "../destination.ts";
import { untilAborted } from "../kit/abort.ts";
import { guardedSocket } from "../kit/guarded-socket.ts";
import type { Settings } from "./settings.ts";

const most = 6;
const connectMs = 10_000;
const idleMs = 60_000;
const cancelMs = 5_000;

/** PostgreSQL's CancelRequest: length, code 80877102, process, secret. */
const cancelCode = 80_877_102;

/** Properties of a client that its types leave out. */
type CancelKey = { readonly processID: number | null; readonly secretKey: number | null };

export class Connections {
  readonly #pool: pg.Pool;
  readonly #settings: Settings;
  readonly #lookup: SenderContext["lookup"];

  constructor(settings: Settings, { lookup }: SenderContext) {
    this.#settings = settings;
    this.#lookup = lookup;
    this.#pool = new pg.Pool({
      host: settings.host,
      port: settings.port,
      database: settings.database,
      user: settings.username,
      password: settings.password,
      ssl: tlsOptions(settings),
      application_name: "systole",
      stream: () => guardedSocket({ lookup }),
      max: most,
      connectionTimeoutMillis: connectMs,
      idleTimeoutMillis: idleMs,
      keepAlive: true,
    });
    // A query on a connection that dies fails; without a listener its error event would end the process.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** Runs the work with one connection. When the signal is aborted it is closed, and the query is cancelled. */
  async use<Result>(work: (client: pg.PoolClient) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const client = await untilAborted(
      () => this.#pool.connect(),
      signal,
      (late) => late.release(),
    );
    const abandon = (): void => {
      this.#cancel(client as unknown as CancelKey);
      client.release(true);
    };
    signal.addEventListener("abort", abandon, { once: true });
    let broken = false;
    try {
      return await untilAborted(() => work(client), signal);
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError) || error.severity === "FATAL";
      throw error;
    } finally {
      signal.removeEventListener("abort", abandon);
      if (!signal.aborted) client.release(broken);
    }
  }

  /** Without it a statement that waits for a lock would stay on the server for ever, and the next one too. */
  #cancel({ processID, secretKey }: CancelKey): void {
    if (processID === null || secretKey === null) return;
    const request = Buffer.alloc(16);
    request.writeInt32BE(16, 0);
    request.writeInt32BE(cancelCode, 4);
    request.writeInt32BE(processID, 8);
    request.writeInt32BE(secretKey, 12);
    const socket = guardedSocket({ lookup: this.#lookup });
    socket.on("error", () => {});
    socket.setTimeout(cancelMs, () => socket.destroy());
    socket.connect(this.#settings.port, this.#settings.host);
    socket.end(request);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function tlsOptions({ ssl, ca }: Settings): pg.PoolConfig["ssl"] {
  if (ssl === "off") return false;
  const authority = ca === undefined ? {} : { ca };
  const anyHost = ssl === "verify-ca" ? { checkServerIdentity: () => undefined } : {};
  return { rejectUnauthorized: true, ...authority, ...anyHost };
}
