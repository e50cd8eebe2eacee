/**
 * Statements that each connection keeps under a name: parsed at their first use there, and planned once. For the few that
 * run all the time. The server keeps each for as long as the connection lives, so only texts that never change are named.
 */
import { CompiledQuery } from "kysely";
import pg from "pg";
import type { DatabaseOrTransaction } from "./tables.ts";

const names = new Map<string, string>();

/** A prepared statement; returns its rows. */
export type Prepared<Row> = (db: DatabaseOrTransaction, values: readonly unknown[]) => Promise<Row[]>;

/** @param text with $1, $2 … for its values */
export function prepared<Row>(name: string, text: string): Prepared<Row> {
  names.set(text, name);
  return async (db, values) => (await db.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
}

/** A client that gives the server their names. On any other one they are statements like all others. */
export class PreparingClient extends pg.Client {
  // The driver's call has many forms; its results are what they were.
  override query(...call: unknown[]): never {
    const [text, values, ...others] = call;
    const name = typeof text === "string" ? names.get(text) : undefined;
    const named = name === undefined ? call : [{ name, text, values }, ...others];
    return Reflect.apply(super.query, this, named) as never;
  }
}
