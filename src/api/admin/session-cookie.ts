/**
 * The cookie of a dashboard session, and what a change needs besides it. SameSite keeps other sites' pages from sending
 * it; a page on another port of this host counts as the same site, so a change needs more: a token that only our own
 * pages can read, and the browser's word that one of them asks.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import { longestSeconds } from "../../store/account-sessions.ts";
import { header } from "../auth.ts";

const name = "systole_session";

/** The cookie's secret, or null. */
export function sessionTokenOf(request: FastifyRequest): string | null {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  return /^[\w-]{43}$/.test(value) ? value : null;
}

export const keepSession = (reply: FastifyReply, token: string, publicUrl: string): FastifyReply =>
  setCookie(reply, token, longestSeconds, publicUrl);

export const forgetSession = (reply: FastifyReply, publicUrl: string): FastifyReply =>
  setCookie(reply, "", 0, publicUrl);

function setCookie(reply: FastifyReply, value: string, maxAge: number, publicUrl: string): FastifyReply {
  const secure = publicUrl.startsWith("https:") ? ["Secure"] : [];
  const attributes = [
    `${name}=${value}`,
    "Path=/",
    `Max-Age=${maxAge}`,
    "HttpOnly",
    "SameSite=Strict",
    ...secure,
  ];
  return reply.header("set-cookie", attributes.join("; "));
}

/** Made from the session's secret, so that nobody without the cookie can make it. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac("sha256", sessionToken).update("systole csrf token").digest("base64url");

/** @throws SystoleError CSRF_REFUSED */
export function assertOwnPage(request: FastifyRequest, sessionToken: string): void {
  const given = Buffer.from(header(request, "x-csrf-token") ?? "");
  const wanted = Buffer.from(csrfTokenOf(sessionToken));
  const isToken = given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!isToken || askedFrom(request) !== "here") throw new SystoleError("CSRF_REFUSED");
}

/** Nobody may be signed in as somebody else by another site's page. @throws SystoleError CSRF_REFUSED */
export function assertNoOtherSite(request: FastifyRequest): void {
  if (askedFrom(request) === "elsewhere") throw new SystoleError("CSRF_REFUSED");
}

/** The browser's word for it; programs say nothing. */
function askedFrom(request: FastifyRequest): "here" | "elsewhere" | "unknown" {
  const site = header(request, "sec-fetch-site");
  const origin = header(request, "origin");
  if (site === null && origin === null) return "unknown";
  const isSameSite = site === null || site === "same-origin";
  const isSameHost = origin === null || URL.parse(origin)?.host === request.host;
  return isSameSite && isSameHost ? "here" : "elsewhere";
}
