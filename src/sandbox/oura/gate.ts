/** Checks before every path of Oura's: the log and the faults. */
import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { malformed } from "../kit/faults.ts";
import type { LoggedRequest } from "../kit/request-log.ts";
import { refusal, tooMany } from "./refusal.ts";
import type { Sandbox } from "./sandbox.ts";

const ouras = /^\/(v2|oauth)(\/|\?|$)/;
const data = /^\/v2\/usercollection\//;

export function guardOuraPaths(app: FastifyInstance, sandbox: Sandbox): void {
  const logged = new WeakMap<FastifyRequest, LoggedRequest>();
  const { clock, log } = sandbox.place;

  app.addHook("onRequest", async (request) => {
    if (!ouras.test(request.url)) return;
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const entry = {
      method: request.method,
      path: withoutToken(request.url),
      status: null,
      at: clock.iso(),
      user_id: sandbox.tokens.grantedBy(token)?.userId ?? null,
    };
    logged.set(request, sandbox.requests.add(entry));
    await suffer(sandbox, request.url);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const isData = data.test(request.url) && reply.statusCode === 200 && typeof payload === "string";
    const fault = isData ? sandbox.faults.strike("malformed", request.url) : undefined;
    return fault ? malformed(fault.body, String(payload)) : payload;
  });

  app.addHook("onResponse", async (request, reply) => {
    const entry = logged.get(request);
    if (entry === undefined) return;
    entry.status = reply.statusCode;
    log(`${entry.method} ${entry.path}: ${entry.status}`);
  });
}

const withoutToken = (url: string): string => url.replace(/access_token=[^&]*/, "access_token=…");

async function suffer({ faults, place: { clock } }: Sandbox, url: string): Promise<void> {
  const slow = faults.strike("slow", url);
  if (slow) await sleep(slow.milliseconds, undefined, { ref: false });
  const outage = faults.strike("outage", url);
  if (outage) throw refusal(outage.status, STATUS_CODES[outage.status] ?? "Outage");
  const limited = data.test(url) ? faults.strike("rate-limit", url) : undefined;
  if (limited) throw tooMany(limited.reset_seconds, clock.now());
}
