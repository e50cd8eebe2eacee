import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { malformed } from "../kit/faults.ts";
import type { LoggedRequest } from "../kit/request-log.ts";
import { callerOf } from "./auth.ts";
import { accepts } from "./http.ts";
import { dynamicRefusal, polarRefusal } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";
import { spendV4 } from "./v4/gate.ts";

const POLAR = /^\/(v2|v3|v4|oauth|oauth2)(\/|\?|$)/;
const API = /^\/v3(\/|\?|$)/;
const DYNAMIC = /^\/v4(\/|\?|$)/;
const FILE = /\/(fit|tcx|gpx)\/?(\?|$)/;

/** Adds the checks before every path of Polar's: the log, the faults, the rate limits, the media types. */
export function guardPolarPaths(app: FastifyInstance, sandbox: Sandbox): void {
  const logged = new WeakMap<FastifyRequest, LoggedRequest>();

  app.addHook("onRequest", async (request, reply) => {
    if (!POLAR.test(request.url)) return;
    const caller = callerOf(sandbox, request.headers.authorization);
    const entry = {
      method: request.method,
      path: request.url,
      status: null,
      at: sandbox.clock.iso(),
      user_id: caller.kind === "person" ? caller.person.id : null,
    };
    logged.set(request, sandbox.requests.add(entry));
    await suffer(sandbox, request.url);
    if (DYNAMIC.test(request.url) && caller.kind === "person" && caller.grant !== undefined) {
      spendV4(sandbox, request.url, reply);
    }
    if (!API.test(request.url)) return;
    if (caller.kind !== "unknown") spend(sandbox, request.url, reply);
    if (!FILE.test(request.url) && !accepts(request, ["application/json"])) {
      throw polarRefusal(406, "NotAcceptableException", "Accept must allow application/json");
    }
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const json = /json/.test(String(reply.getHeader("content-type") ?? ""));
    if (!POLAR.test(request.url) || reply.statusCode !== 200 || !json || typeof payload !== "string")
      return payload;
    const slow = sandbox.faults.strike("slow", request.url, ({ late }) => late === true);
    if (slow) await sleep(slow.milliseconds, undefined, { ref: false });
    const fault = sandbox.faults.strike("malformed", request.url);
    return fault ? malformed(fault.body, payload) : payload;
  });

  app.addHook("onResponse", async (request, reply) => {
    const entry = logged.get(request);
    if (!entry) return;
    entry.status = reply.statusCode;
    sandbox.log(`${entry.method} ${entry.path}: ${entry.status}`);
  });
}

async function suffer(sandbox: Sandbox, url: string): Promise<void> {
  const slow = sandbox.faults.strike("slow", url, ({ late }) => !late);
  if (slow) await sleep(slow.milliseconds, undefined, { ref: false });
  const outage = sandbox.faults.strike("outage", url);
  if (!outage) return;
  const message = STATUS_CODES[outage.status] ?? "Outage";
  if (DYNAMIC.test(url)) throw dynamicRefusal(outage.status, message);
  throw polarRefusal(outage.status, "SandboxOutage", message);
}

/** Counts a call against the client's limits. Calls of no known client do not count. */
function spend(sandbox: Sandbox, url: string, reply: FastifyReply): void {
  const struck = sandbox.faults.strike("rate-limit", url);
  const allowed = sandbox.rateLimit.count();
  reply.headers(struck ? sandbox.rateLimit.spentHeaders(struck.reset_seconds) : sandbox.rateLimit.headers());
  if (allowed && !struck) return;
  throw polarRefusal(429, "TooManyRequestsException", "The rate limit is exceeded");
}
