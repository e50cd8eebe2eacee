/** The tables, by way of PostgREST: one call takes the rows of a whole batch. */
import { setTimeout as pause } from "node:timers/promises";
import { PostgrestClient } from "@supabase/postgrest-js";
import { DeliveryError } from "../destination.ts";
import type { Answer, Http, Request } from "./http.ts";
import type { Rows } from "./parcel.ts";
import { type RestError, RestRefusal, restRefusal } from "./refusal.ts";
import type { Setup } from "./setup.ts";

/** What `systole_take` answers. */
export interface Taken {
  /** Payloads that their records' rows point to now. */
  readonly taken: readonly string[];
  /** Paths of objects that no row points to any more. */
  readonly superseded: readonly string[];
}

/** PostgREST hears of new functions by a notification, and reads the whole schema then. */
const reloadMs = [50, 100, 200, 400, 800, 1_600, 3_200];

const nothing: Rows = { users: [], records: [], events: [] };

export class Tables {
  readonly #http: Http;
  readonly #setup: Setup | null;

  constructor(http: Http, setup: Setup | null) {
    this.#http = http;
    this.#setup = setup;
  }

  /** Makes what is missing, if we may. @throws DeliveryError, of which RestRefusal says whom it befell */
  async take(rows: Rows, signal: AbortSignal): Promise<Taken> {
    try {
      return await this.#take(rows, signal);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (this.#setup === null) throw unprepared(error);
      await this.#setup.run();
      return this.#takeOnceKnown(rows, signal);
    }
  }

  /**
   * Permissions on the tables that the key lacks, by their names. Where the tables themselves are missing, it
   * proves that they can be made. @throws DeliveryError
   */
  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      await this.#take(nothing, signal);
      const lacking = (await this.#call("systole_check", {}, signal)) as string[];
      await this.#setup?.knock(signal);
      return lacking;
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (this.#setup === null) throw unprepared(error);
      await this.#setup.rehearse(signal);
      return [];
    }
  }

  async #takeOnceKnown(rows: Rows, signal: AbortSignal): Promise<Taken> {
    for (const ms of reloadMs) {
      try {
        return await this.#take(rows, signal);
      } catch (error) {
        if (!isMissing(error)) throw error;
        await pause(ms, undefined, { signal });
      }
    }
    return this.#take(rows, signal);
  }

  async #take(rows: Rows, signal: AbortSignal): Promise<Taken> {
    return (await this.#call("systole_take", { batch: rows }, signal)) as Taken;
  }

  async #call(name: string, args: object, signal: AbortSignal): Promise<unknown> {
    const exchange: { answer?: Answer; lost?: unknown } = {};
    // The client tells a lost answer and a refusal alike, so that they are told apart here.
    const fetchOnce = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
      try {
        exchange.answer = await this.#http.request(this.#pathOf(String(url)), requestOf(init), signal);
        const { status, text, headers } = exchange.answer;
        return new Response(text === "" ? null : text, { status, headers: { ...headers } });
      } catch (error) {
        exchange.lost = error;
        throw error;
      }
    };
    const client = new PostgrestClient(`${this.#http.base}/rest/v1`, { fetch: fetchOnce, retry: false });
    const { data, error } = await client.rpc(name, args);
    if (exchange.lost !== undefined) throw exchange.lost;
    if (error !== null) throw restRefusal(error as RestError, exchange.answer as Answer);
    return data;
  }

  #pathOf(url: string): string {
    return url.slice(this.#http.base.length);
  }
}

const requestOf = ({ headers, body }: RequestInit): Request => ({
  method: "POST",
  headers: headers as Record<string, string>,
  body: String(body),
});

const isMissing = (error: unknown): error is RestRefusal =>
  error instanceof RestRefusal && error.befell === "schema";

function unprepared({ receipt, details }: RestRefusal): DeliveryError {
  const reason = `setup.sql has to be run in the SQL editor, or database_url to be set: ${details.reason}`;
  return new DeliveryError("DESTINATION_TARGET_MISSING", "later", receipt, { reason });
}
