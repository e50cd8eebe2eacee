/** The floor of a pushed day: parses the body, inserts it, confirms, and posts the bytes that it is told to the receiver. */
import { fastify } from "fastify";
import pg from "pg";
import { Pool } from "undici";
import { serve } from "../support/serve.ts";

const { DATABASE_URL, RECEIVER = "" } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 5 });
await pool.query(
  "CREATE TABLE floor_bodies (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)",
);
const receiver = new Pool(RECEIVER);

const app = fastify({ bodyLimit: 64 * 1024 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
app.post("/", async (request) => {
  const body = request.body as Buffer;
  JSON.parse(body.toString("utf8"));
  await pool.query("INSERT INTO floor_bodies (body) VALUES ($1)", [body]);
  const sent = Buffer.alloc(Number(request.headers["x-bytes"]), " ");
  sent.write(String(request.headers["x-day"]));
  const answer = await receiver.request({ method: "POST", path: "/", body: sent });
  await answer.body.dump();
  return { status: "success" };
});
const url = await app.listen({ host: "127.0.0.1", port: 0 });
serve({
  url,
  close: () =>
    app
      .close()
      .then(() => Promise.all([pool.end(), receiver.close()]))
      .then(() => {}),
});
