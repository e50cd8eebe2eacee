import type { FastifyReply } from "fastify";
import { noContent, sendJson } from "../http.ts";
import { dynamicRefusal } from "../refusal.ts";
import type { Json } from "./data.ts";
import type { Switches } from "./switches.ts";

interface Wrapping {
  readonly list: string;
  readonly outer?: string;
}

/** Sends a list in the wrapper that the switches say, or one of the answers for nothing. */
export function sendList(
  reply: FastifyReply,
  kind: Wrapping,
  bodies: Json[],
  switches: Switches,
): FastifyReply {
  if (bodies.length > 0) return sendJson(reply, JSON.stringify(wrapped(kind, bodies, switches.wrapper)));
  switch (switches.empty) {
    case "no-content":
      return noContent(reply);
    case "not-found":
      throw dynamicRefusal(404, "No data found");
    case "empty-object":
      return sendJson(reply, "{}");
    case "empty-list":
      return sendJson(reply, JSON.stringify(wrapped(kind, [], switches.wrapper)));
  }
}

function wrapped({ list, outer }: Wrapping, bodies: Json[], wrapper: Switches["wrapper"]): Json {
  if (wrapper === "unknown") return { page: { items: bodies } };
  if (wrapper === "object") return { [list]: { items: bodies } };
  const inner = { [list]: bodies };
  return wrapper === "swagger" && outer !== undefined ? { [outer]: inner } : inner;
}

/** Sends one object, in the outer object of the Swagger where the switch says so. */
export function sendOne(
  reply: FastifyReply,
  outer: string | undefined,
  body: Json | undefined,
  switches: Switches,
): FastifyReply {
  if (body === undefined) {
    if (switches.empty === "no-content") return noContent(reply);
    if (switches.empty === "not-found") throw dynamicRefusal(404, "No data found");
    return sendJson(reply, "{}");
  }
  if (switches.wrapper === "unknown") return sendJson(reply, JSON.stringify({ page: { item: body } }));
  const isWrapped = switches.wrapper === "swagger" && outer !== undefined;
  return sendJson(reply, JSON.stringify(isWrapped ? { [outer]: body } : body));
}
