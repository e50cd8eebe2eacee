/** The floor of notifications: an empty Fastify route that inserts one row and confirms it. */
import { fastify } from "fastify";
import pg from "pg";
import { serve } from "../support/serve.ts";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
await pool.query(`CREATE TABLE floor_notifications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL, received_at timestamptz NOT NULL)`);

const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
app.post("/v2/hooks/polar", async (request) => {
  const row = [request.body, new Date()];
  await pool.query("INSERT INTO floor_notifications (body, received_at) VALUES ($1, $2)", row);
  return { status: "success" };
});
const url = await app.listen({ host: "127.0.0.1", port: 0 });
serve({ url, close: () => app.close().then(() => pool.end()) });
