/** Parts of a request, as the routes of every sandbox read them. */
import type { FastifyRequest } from "fastify";

export function query(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

export function param(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? "";
}

/** The body as text; bodies reach routes as bytes. */
export function bodyText(request: FastifyRequest): string {
  const body = request.body;
  return body instanceof Buffer ? body.toString("utf8") : "";
}
