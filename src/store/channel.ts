/** Listens to a channel of PostgreSQL's NOTIFY on a connection of its own, which is made anew when it breaks. */
import pg from "pg";

const reconnectMs = 1_000;

export interface Listening {
  readonly connectionString: string;
  /** As the server's list of connections shows it. */
  readonly applicationName: string;
  readonly channel: string;
  onMessage(payload: string): void;
  /** Called once it listens, and again after each break: what was announced meanwhile was not heard. */
  onConnected(): void;
}

/** Returns a function that ends it. Nothing fails without a connection. */
export function listen(listening: Listening): () => Promise<void> {
  const { connectionString, applicationName, channel } = listening;
  let client: pg.Client | null = null;
  let isEnded = false;
  let again: NodeJS.Timeout | undefined;
  const connect = (): void => {
    const opened = new pg.Client({ connectionString, application_name: applicationName, keepAlive: true });
    client = opened;
    const broken = (): void => {
      if (client !== opened || isEnded) return;
      client = null;
      void opened.end().catch(() => {});
      again = setTimeout(connect, reconnectMs);
    };
    opened
      .on("notification", ({ payload = "" }) => listening.onMessage(payload))
      .on("error", broken)
      .on("end", broken);
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${pg.escapeIdentifier(channel)}`))
      .then(() => listening.onConnected(), broken);
  };
  connect();
  return async () => {
    isEnded = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}
