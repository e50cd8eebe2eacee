import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../auth.ts";
import { dynamicRefusal } from "../refusal.ts";
import type { Sandbox } from "../sandbox.ts";
import type { Person } from "../state.ts";

/** Returns the person of a v4 token that holds the scope; without a scope, of any v4 token. */
export function requireScope(sandbox: Sandbox, request: FastifyRequest, scope: string | null): Person {
  const caller = callerOf(sandbox, request.headers.authorization);
  if (caller.kind !== "person" || caller.grant === undefined) {
    throw dynamicRefusal(401, "The access token is missing, expired or revoked");
  }
  if (scope !== null && !caller.grant.scopes.includes(scope)) {
    throw dynamicRefusal(403, `Missing required scope: ${scope}`);
  }
  if (!caller.person.consents) throw dynamicRefusal(403, "User has not accepted all mandatory consents");
  return caller.person;
}

/** Counts a call against the client's limits. */
export function spendV4({ v4, faults }: Sandbox, url: string, reply: FastifyReply): void {
  const struck = faults.strike("rate-limit", url);
  const allowed = v4.rateLimit.count();
  const headers = struck ? v4.rateLimit.spentHeaders(struck.reset_seconds) : v4.rateLimit.headers();
  const { rate_headers, retry_after } = v4.switches;
  for (const [name, value] of Object.entries(headers)) {
    if (rate_headers === "none") continue;
    reply.header(name, rate_headers === "pair" ? value : value.split(",")[0]);
  }
  if (allowed && !struck) return;
  if (retry_after) reply.header("Retry-After", headers["RateLimit-Reset"]?.split(",")[0] ?? "1");
  throw dynamicRefusal(429, "Too many requests");
}
