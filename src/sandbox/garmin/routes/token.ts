/** A key for a token. */
import type { FastifyInstance } from "fastify";
import { refusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";

export function tokenRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  app.post("/personalapitoken-service/personal-api/personal-api-key/token", async (request, reply) => {
    const key = /^ApiKey (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    // "400, 401 and 403 all mean a bad key": none at all, a form that no key has, and one that is not known.
    if (key === undefined) throw refusal(400);
    if (!/^[\w-]{43}$/.test(key)) throw refusal(403);
    const token = sandbox.keys.exchange(key);
    if (token === null) throw refusal(401);
    // The body is the bare token, not JSON, with a line break at its end.
    return reply.type("text/plain").header("cache-control", "no-store").send(`${token}\n`);
  });
}
