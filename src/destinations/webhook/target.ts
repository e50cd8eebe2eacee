/** A plain HTTP receiver: it has a path for each place and keeps all that it is sent. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { keepAliveTimeout } from "../../keep-alive.ts";
import {
  type Address,
  type Arrival,
  endlessHttp,
  type Place,
  type Target,
  type TargetBehaviour,
} from "../conformance/target.ts";
import { newWebhookSecret } from "./signing.ts";

export const behaviour: TargetBehaviour = {
  kind: "webhook",
  keeps: "all",
  exact: "bytes",
  holds: "event",
  oversizeBytes: null,
  endless: endlessHttp,
};

export async function startTarget(): Promise<Target> {
  const kept = new Map<string, Arrival[]>();
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    keep(kept, request).then(
      () => response.end("taken"),
      // The request broke off before its end: there is no client left to answer.
      () => response.destroy(),
    );
  };
  let server = await listen(take, 0);
  const { port } = server.address() as AddressInfo;
  return {
    server: `HTTP receiver (Node ${process.versions.node})`,
    address: { host: "127.0.0.1", port },
    open: async (reached) => openPlace(kept, reached),
    async restart() {
      await end(server);
      server = await listen(take, port);
    },
    close: () => end(server),
  };
}

function openPlace(kept: Map<string, Arrival[]>, reached: Address): Place {
  const path = `/hook/${randomUUID()}`;
  const arrivals: Arrival[] = [];
  kept.set(path, arrivals);
  return {
    settings: { url: `http://${reached.host}:${reached.port}${path}`, secret: newWebhookSecret() },
    arrivals: async () => arrivals,
    async close() {
      kept.delete(path);
    },
  };
}

/** A healthcheck is answered and otherwise ignored. */
async function keep(kept: Map<string, Arrival[]>, request: IncomingMessage): Promise<void> {
  const json = (await buffer(request)).toString("utf8");
  const { "webhook-id": eventId, "x-systole-revision": revision, "content-type": type } = request.headers;
  if (type === "application/json" && JSON.parse(json).type === "healthcheck") return;
  kept.get(request.url ?? "")?.push({
    eventId: String(eventId),
    revision: revision === undefined ? null : Number(revision),
    json,
  });
}

async function listen(
  take: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
): Promise<Server> {
  const server = createServer({ keepAliveTimeout }, take);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
