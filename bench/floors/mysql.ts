/** mysql2: a row for each event, each its own transaction, by a prepared statement. */
import { randomUUID } from "node:crypto";
import mysql from "mysql2/promise";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

export const open: OpenFloor<Settings> = async ({ host, port, database, username, password }) => {
  const connection = await mysql.createConnection({ host, port, database, user: username, password });
  await connection.query("CREATE TABLE floor_payloads (id CHAR(36) PRIMARY KEY, payload LONGTEXT NOT NULL)");
  return {
    async carry(body) {
      const values = [randomUUID(), body.toString()];
      await connection.execute("INSERT INTO floor_payloads (id, payload) VALUES (?, ?)", values);
    },
    close: () => connection.end(),
  };
};
