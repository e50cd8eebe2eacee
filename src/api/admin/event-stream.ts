/** What happens in an environment, as it happens. */
import type { FastifyRequest } from "fastify";
import { isSessionInForce } from "../../store/account-sessions.ts";
import { actorOf } from "../../store/operators.ts";
import { environmentIdOf, header } from "../auth.ts";
import { Feed } from "../live/feed.ts";
import { Streams } from "../live/stream.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";

export function eventStreamRoute(app: Api, { store, log }: ApiServices): void {
  const streams = new Streams(new Feed(store.db, log));
  app.addHook("preClose", async () => streams.close());
  const content = { "text/event-stream": { schema: { type: "string" } } };
  const schema = {
    tags: ["Admin: events"],
    summary: "New events and attempts to deliver them, as server-sent events",
    description:
      "`event: event` has an event's summary, `event: attempt` an attempt, `event: received` a request that came to a built-in receiver, each as JSON; `event: end` is the last one of a caller whose session or token has ended. At most ten streams for a caller and a hundred in a process.",
    response: { 200: { description: "Goes on until one side ends it", content } },
  };
  app.get("/events/stream", { schema }, async (request, reply) => {
    const stream = streams.open({
      environmentId: environmentIdOf(request),
      listener: request.operator?.id ?? "",
      mayListen: () => mayListen(store.db, request),
    });
    return reply
      .type("text/event-stream")
      .headers({ "cache-control": "no-store", "x-accel-buffering": "no" })
      .send(stream);
  });
}

async function mayListen(db: ApiServices["store"]["db"], request: FastifyRequest): Promise<boolean> {
  const { accountSession } = request;
  if (accountSession !== null) return isSessionInForce(db, accountSession.session_id);
  const [, token] = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "") ?? [];
  return token !== undefined && (await actorOf(db, token)) !== null;
}
