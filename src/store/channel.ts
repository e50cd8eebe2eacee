/** Listens to a channel of PostgreSQL's NOTIFY on a connection of its own, which is made anew when it breaks. */
import pg from "pg";

const reconnectMs = 1_000;
const connectMs = 10_000;
/** A connection that says nothing for so long is asked whether it is still there. */
const silenceMs = 10_000;

export interface ListenOptions {
  readonly connectionString: string;
  /** As the server's list of connections shows it. */
  readonly applicationName: string;
  readonly channel: string;
  onMessage(payload: string): void;
  /** Called once it listens, and again after each break: what was announced meanwhile was not heard. */
  onConnected(): void;
}

/** Returns a function that ends it. Nothing fails without a connection. */
export function listen(options: ListenOptions): () => Promise<void> {
  const { connectionString, applicationName, channel } = options;
  let client: pg.Client | null = null;
  let isEnded = false;
  let again: NodeJS.Timeout | undefined;
  const connect = (): void => {
    const opened = new pg.Client({
      connectionString,
      application_name: applicationName,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: silenceMs,
    });
    client = opened;
    const broken = (): void => {
      if (client !== opened || isEnded) return;
      client = null;
      void opened.end().catch(() => {});
      again = setTimeout(connect, reconnectMs);
    };
    opened
      .on("notification", ({ payload = "" }) => options.onMessage(payload))
      .on("error", broken)
      .on("end", broken);
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${pg.escapeIdentifier(channel)}`))
      .then(() => options.onConnected(), broken);
  };
  connect();
  return async () => {
    isEnded = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}
