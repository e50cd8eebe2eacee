/**
 * New events, attempts and received requests of an environment, read once a second for all who listen to it. Ids are
 * made by many processes and rows appear when their transactions commit, so what is read overlaps with what was read
 * before, and each row is told once.
 */

import { type Happenings, readHappenings } from "../../store/live.ts";
import type { Database } from "../../store/tables.ts";
import type { Logger } from "../../telemetry/log.ts";

const everyMs = 1_000;
/** Rows that appear later than this after their id was made are not told. */
const overlapMs = 15_000;
/** More than these in one reading are left out: nobody reads along then. */
const mostRows = 500;

export type Listener = (news: Happenings) => void;

interface Followed {
  readonly listeners: Set<Listener>;
  readonly stop: () => void;
}

export class Feed {
  readonly #db: Database;
  readonly #log: Pick<Logger, "error">;
  readonly #followed = new Map<string, Followed>();

  constructor(db: Database, log: Pick<Logger, "error">) {
    this.#db = db;
    this.#log = log;
  }

  /** Returns a function that ends it. */
  listen(environmentId: string, listener: Listener): () => void {
    const followed = this.#followed.get(environmentId) ?? this.#follow(environmentId);
    followed.listeners.add(listener);
    return () => {
      followed.listeners.delete(listener);
      if (followed.listeners.size > 0 || this.#followed.get(environmentId) !== followed) return;
      followed.stop();
      this.#followed.delete(environmentId);
    };
  }

  #follow(environmentId: string): Followed {
    const listeners = new Set<Listener>();
    const reader = new Reader(this.#db, environmentId, new Date());
    let timer: NodeJS.Timeout | undefined;
    let isStopped = false;
    const turn = async (): Promise<void> => {
      const news = await reader.read().catch((err: unknown) => {
        this.#log.error({ err }, "new events could not be read");
        return null;
      });
      if (isStopped) return;
      if (news !== null) for (const listener of listeners) listener(news);
      timer = setTimeout(turn, everyMs).unref();
    };
    void turn();
    const stop = (): void => {
      isStopped = true;
      clearTimeout(timer);
    };
    const followed = { listeners, stop };
    this.#followed.set(environmentId, followed);
    return followed;
  }
}

class Reader {
  readonly #db: Database;
  readonly #environmentId: string;
  readonly #begun: Date;
  #told = new Set<string>();

  constructor(db: Database, environmentId: string, begun: Date) {
    this.#db = db;
    this.#environmentId = environmentId;
    this.#begun = begun;
  }

  async read(): Promise<Happenings> {
    const since = new Date(Math.max(this.#begun.getTime(), Date.now() - overlapMs));
    const found = await readHappenings(this.#db, this.#environmentId, { since, limit: mostRows });
    const known = this.#told;
    this.#told = new Set([
      ...found.events.map(({ event_id }) => event_id),
      ...found.attempts.map(({ attempt_id }) => attempt_id),
      ...found.received.map(({ request_id }) => request_id),
    ]);
    return {
      events: found.events.filter(({ event_id }) => !known.has(event_id)),
      attempts: found.attempts.filter(({ attempt_id }) => !known.has(attempt_id)),
      received: found.received.filter(({ request_id }) => !known.has(request_id)),
    };
  }
}
