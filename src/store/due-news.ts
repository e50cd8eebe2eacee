/**
 * Announces over PostgreSQL's NOTIFY that deliveries are due. It only saves time: workers look by themselves once a
 * second. Transactions that announce something are committed one after the other, so under load a process announces only
 * now and then; after an announcement the workers look again by themselves (delivery/taking.ts).
 */
import { sql } from "kysely";
import type { DatabaseOrTransaction } from "./tables.ts";

export const dueChannel = "systole_due";
/** The least time between two announcements of a process. */
export const quietMs = 20;

/** Decides for this process when to announce. */
export class DueNews {
  #announcedAt = Number.NEGATIVE_INFINITY;

  /** Whether to announce now. The caller announces if so. */
  isWorthTelling(): boolean {
    const now = performance.now();
    if (now - this.#announcedAt < quietMs) return false;
    this.#announcedAt = now;
    return true;
  }

  /** Takes back what `isWorthTelling` said: nothing was announced. */
  untold(): void {
    this.#announcedAt = Number.NEGATIVE_INFINITY;
  }
}

/** Announces at the commit of the transaction, if it is one. */
export async function tellDue(db: DatabaseOrTransaction): Promise<void> {
  await sql`SELECT pg_notify(${dueChannel}, '')`.execute(db);
}
