/** Reads parts of a request, for the routes of every sandbox. */
import type { FastifyRequest } from "fastify";

export function query(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** Returns the body as text; routes receive bodies as bytes. */
export function bodyText(request: FastifyRequest): string {
  const body = request.body;
  return body instanceof Buffer ? body.toString("utf8") : "";
}
