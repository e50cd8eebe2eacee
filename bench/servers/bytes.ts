/** The floor of reads: a bare Fastify route that serves bytes put there before from memory. */
import { fastify } from "fastify";
import { serve } from "../support/serve.ts";

let bytes: Buffer = Buffer.alloc(0);
const app = fastify({ bodyLimit: 1_024 ** 3 });
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
app.put("/", async (request) => {
  bytes = request.body as Buffer;
  return { stored: bytes.length };
});
app.get("/", (_request, reply) => reply.type("application/json; charset=utf-8").send(bytes));
const url = await app.listen({ host: "127.0.0.1", port: 0 });
serve({ url, close: () => app.close() });
