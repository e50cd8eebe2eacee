/** pg: a row for each event, each its own transaction, by a prepared statement. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

export const open: OpenFloor<Settings> = async ({ username, ...settings }) => {
  const client = new pg.Client({ ...settings, ssl: false, user: username });
  await client.connect();
  await client.query("CREATE TABLE floor_payloads (id uuid PRIMARY KEY, payload json NOT NULL)");
  const insert = { name: "insert", text: "INSERT INTO floor_payloads (id, payload) VALUES ($1, $2)" };
  return {
    async carry(body) {
      await client.query({ ...insert, values: [randomUUID(), body.toString()] });
    },
    close: () => client.end(),
  };
};
