/** The floor of events: the body is inserted as a row, posted over a kept-alive connection, and the row is deleted. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { Pool } from "undici";

export interface BareDelivery {
  carry(body: Buffer): Promise<void>;
  close(): Promise<void>;
}

export async function openBareDelivery(
  connectionString: string,
  receiverUrl: string,
  sideBySide: number,
): Promise<BareDelivery> {
  const pool = new pg.Pool({ connectionString, max: sideBySide });
  // An interrupted run stops PostgreSQL; the loop's own query reports that, so this error can be ignored.
  pool.on("error", () => {});
  await pool.query("CREATE TABLE floor_events (id uuid PRIMARY KEY, body bytea NOT NULL)");
  const { origin, pathname } = new URL(receiverUrl);
  const http = new Pool(origin, { connections: sideBySide, pipelining: 1 });
  const headers = { "content-type": "application/json" };
  return {
    async carry(body) {
      const id = randomUUID();
      await pool.query("INSERT INTO floor_events (id, body) VALUES ($1, $2)", [id, body]);
      const answer = await http.request({ method: "POST", path: pathname, headers, body });
      await answer.body.text();
      await pool.query("DELETE FROM floor_events WHERE id = $1", [id]);
    },
    close: () => Promise.all([pool.end(), http.close()]).then(() => {}),
  };
}
