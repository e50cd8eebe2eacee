import type { FastifyReply, FastifyRequest } from "fastify";

export { bodyText, param, query } from "../kit/http.ts";

import { isDate } from "../kit/clock.ts";
import { param, query } from "../kit/http.ts";
import { polarRefusal } from "./refusal.ts";

/** Small helpers for the routes. */

export function asked(request: FastifyRequest, name: string): boolean {
  return query(request, name)?.toLowerCase() === "true";
}

/** Sends a JSON text unchanged, without parsing it. */
export function sendJson(reply: FastifyReply, text: string, status = 200): FastifyReply {
  return reply.code(status).type("application/json").send(text);
}

export function noContent(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}

export const badRequest = (message: string) => polarRefusal(400, "BadRequestException", message);
export const notFound = (message: string) => polarRefusal(404, "NotFoundException", message);

export function dateParam(request: FastifyRequest): string {
  const date = param(request, "date");
  if (!isDate(date)) throw badRequest(`Invalid date "${date}": expected YYYY-MM-DD`);
  return date;
}

export function dateQuery(request: FastifyRequest, name: string): string | undefined {
  const date = query(request, name);
  if (date !== undefined && !isDate(date)) throw badRequest(`Invalid ${name} "${date}": expected YYYY-MM-DD`);
  return date;
}

/** Tells whether the caller accepts one of these media types. Without an Accept header it accepts any. */
export function accepts(request: FastifyRequest, types: readonly string[]): boolean {
  const header = request.headers.accept;
  if (header === undefined || header.trim() === "") return true;
  return header.split(",").some((part) => {
    const [range = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false;
    return range === "*/*" || types.some((type) => type === range || `${type.split("/")[0]}/*` === range);
  });
}

/** Tells whether the caller accepts gzip. */
export function takesGzip(request: FastifyRequest): boolean {
  const header = String(request.headers["accept-encoding"] ?? "");
  return header.split(",").some((part) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)|$)/i.test(part));
}

export function refuseAccept(types: readonly string[]): never {
  throw polarRefusal(406, "NotAcceptableException", `Accept must allow ${types.join(" or ")}`);
}
