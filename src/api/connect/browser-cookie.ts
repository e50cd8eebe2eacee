/**
 * The cookie that holds an authorisation to the browser it was begun in (RFC 9700, 4.7). Without it somebody
 * could begin one, have another person's browser finish it, and receive that person's data as their own.
 *
 * Lax: the provider sends the browser back from another site, by a link. The cookie is for this host alone; the
 * name says so to the browser where there is TLS.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { newSecret } from "../../security/secrets.ts";

/** Longer than an authorisation and the question after it may take together. */
const maxAgeSeconds = 3_600;

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith("https:");
const nameFor = (publicUrl: string): string =>
  isSecure(publicUrl) ? "__Host-systole-browser" : "systole-browser";

/** The secret of the browser's cookie, or a new one where it has none. */
export function browserOf(request: FastifyRequest, publicUrl: string): string {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const prefix = `${nameFor(publicUrl)}=`;
  const value = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) ?? "";
  return /^[\w-]{43}$/.test(value) ? value : newSecret();
}

export function keepBrowser(reply: FastifyReply, browser: string, publicUrl: string): FastifyReply {
  const attributes = [
    `${nameFor(publicUrl)}=${browser}`,
    "Path=/",
    `Max-Age=${maxAgeSeconds}`,
    "HttpOnly",
    "SameSite=Lax",
    ...(isSecure(publicUrl) ? ["Secure"] : []),
  ];
  return reply.header("set-cookie", attributes.join("; "));
}
