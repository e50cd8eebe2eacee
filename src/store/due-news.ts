/**
 * Announces over PostgreSQL's NOTIFY that deliveries are due. It only saves time: workers look by themselves once a
 * second. Transactions that announce something are committed one after the other, so under load a process announces only
 * now and then; between two announcements the workers look often (delivery/taking.ts).
 */
import { sql } from "kysely";
import pg from "pg";
import type { DatabaseOrTransaction } from "./tables.ts";

const channel = "systole_due";
const pauseMs = 50;
const reconnectMs = 1_000;

/** Decides for this process when to announce. */
export class DueNews {
  #announcedAt = Number.NEGATIVE_INFINITY;

  /** Whether to announce now. The caller announces if so. */
  isWorthTelling(): boolean {
    const now = performance.now();
    if (now - this.#announcedAt < pauseMs) return false;
    this.#announcedAt = now;
    return true;
  }
}

/** Announces at the commit of the transaction, if it is one. */
export async function tellDue(db: DatabaseOrTransaction): Promise<void> {
  await sql`SELECT pg_notify(${channel}, '')`.execute(db);
}

/**
 * Calls back at each announcement, and after a new connection in place of one that broke. Returns a function that ends
 * it. Nothing fails without a connection.
 */
export function listenForDue(connectionString: string, onDue: () => void): () => Promise<void> {
  let client: pg.Client | null = null;
  let isEnded = false;
  let again: NodeJS.Timeout | undefined;
  const connect = (): void => {
    const opened = new pg.Client({ connectionString, application_name: "systole due", keepAlive: true });
    client = opened;
    const broken = (): void => {
      if (client !== opened || isEnded) return;
      client = null;
      void opened.end().catch(() => {});
      again = setTimeout(connect, reconnectMs);
    };
    opened.on("notification", onDue).on("error", broken).on("end", broken);
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${channel}`))
      .then(onDue, broken);
  };
  connect();
  return async () => {
    isEnded = true;
    clearTimeout(again);
    await client?.end().catch(() => {});
  };
}
