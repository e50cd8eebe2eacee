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

/**
 * `link`: the connect link that was opened last, for pages that know of none: they speak its language and lead back.
 * `upload`: the upload token of the connection that was made last, so that its page can be loaded again.
 */
type Cookie = "browser" | "link" | "upload";
const nameFor = (cookie: Cookie, publicUrl: string): string =>
  `${isSecure(publicUrl) ? "__Host-" : ""}systole-${cookie}`;

/** The secret of the browser's cookie, or a new one where it has none. */
export const browserOf = (request: FastifyRequest, publicUrl: string): string =>
  secretIn(request, nameFor("browser", publicUrl)) ?? newSecret();

export const linkOf = (request: FastifyRequest, publicUrl: string): string | null =>
  secretIn(request, nameFor("link", publicUrl));

export const uploadTokenOf = (request: FastifyRequest, publicUrl: string): string | null =>
  secretIn(request, nameFor("upload", publicUrl));

function secretIn({ headers }: FastifyRequest, name: string): string | null {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const prefix = `${name}=`;
  const value = pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length) ?? "";
  return /^[\w-]{43}$/.test(value) ? value : null;
}

export const keepBrowser = (reply: FastifyReply, browser: string, publicUrl: string): FastifyReply =>
  keep(reply, nameFor("browser", publicUrl), browser, publicUrl);

export const keepLink = (reply: FastifyReply, link: string, publicUrl: string): FastifyReply =>
  keep(reply, nameFor("link", publicUrl), link, publicUrl);

export const keepUploadToken = (reply: FastifyReply, token: string, publicUrl: string): FastifyReply =>
  keep(reply, nameFor("upload", publicUrl), token, publicUrl);

function keep(reply: FastifyReply, name: string, value: string, publicUrl: string): FastifyReply {
  const attributes = [
    `${name}=${value}`,
    "Path=/",
    `Max-Age=${maxAgeSeconds}`,
    "HttpOnly",
    "SameSite=Lax",
    ...(isSecure(publicUrl) ? ["Secure"] : []),
  ];
  return reply.header("set-cookie", attributes.join("; "));
}
