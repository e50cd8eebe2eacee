/** The tables, over PostgREST: one call takes the rows of a whole batch. */
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { DeliveryError } from "../destination.ts";
import type { Answer } from "../kit/http.ts";
import { type Http, isGood, read } from "./http.ts";
import type { Rows } from "./parcel.ts";
import { RestRefusal, restRefusal } from "./refusal.ts";
import type { Setup } from "./setup.ts";

/** The answer of `systole_take`. */
const takeAnswer = z.object({
  /** Payloads that their records' rows point to now. */
  taken: z.array(z.string()),
  /** Paths of objects that no row points to any more. */
  superseded: z.array(z.string()),
});
export type Taken = z.output<typeof takeAnswer>;

/** The answer of `systole_check`: names of missing permissions. */
const checkAnswer = z.array(z.string());

/** Waiting times for PostgREST, which reads the schema again when it is notified of new functions. */
const reloadMs = [50, 100, 200, 400, 800, 1_600, 3_200];

const nothing: Rows = { users: [], records: [], events: [] };

export class Tables {
  readonly #http: Http;
  readonly #setup: Setup | null;

  constructor(http: Http, setup: Setup | null) {
    this.#http = http;
    this.#setup = setup;
  }

  /**
   * Writes the rows, and makes missing tables where that is allowed. @throws DeliveryError, a RestRefusal where
   * PostgREST refused
   */
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
   * Returns the names of permissions on the tables that the key lacks. Where the tables themselves are missing, it
   * proves that they can be made. @throws DeliveryError
   */
  async check(signal: AbortSignal): Promise<readonly string[]> {
    try {
      await this.#take(nothing, signal);
      const lacking = read(await this.#call("systole_check", {}, signal), checkAnswer);
      await this.#setup?.assertAccess(signal);
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
    return read(await this.#call("systole_take", { batch: rows }, signal), takeAnswer);
  }

  async #call(name: string, args: object, signal: AbortSignal): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify(args) } as const;
    const answer = await this.#http.request(`/rest/v1/rpc/${name}`, request, signal);
    if (isGood(answer)) return answer;
    throw restRefusal(answer);
  }
}

const isMissing = (error: unknown): error is RestRefusal =>
  error instanceof RestRefusal && error.kind === "schema";

function unprepared({ receipt, details }: RestRefusal): DeliveryError {
  const reason = `setup.sql has to be run in the SQL editor, or database_url to be set: ${details.reason}`;
  return new DeliveryError("DESTINATION_TARGET_MISSING", "later", receipt, { reason });
}
