/** Checks before every path of Garmin's: the log, the faults, the token, the pace. */
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Fault, malformed } from "../kit/faults.ts";
import type { LoggedRequest } from "../kit/request-log.ts";
import { refusal, tooMany } from "./refusal.ts";
import { dataPaths, type Sandbox } from "./sandbox.ts";
import type { Person } from "./state.ts";

const garmins = /^\/[a-z]+-service\//;

const bearerOf = (request: FastifyRequest): string =>
  /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";

/** Returns the person whose key or token a call has, ended ones too. */
const callerOf = ({ keys }: Sandbox, { headers: { authorization = "" } }: FastifyRequest): number | null =>
  keys.ownerOf(/^(?:ApiKey|Bearer) (.+)$/.exec(authorization)?.[1] ?? "");

/** Returns the person whose token a call has. @throws Refusal 401 */
export function requirePerson({ keys, people }: Sandbox, request: FastifyRequest): Person {
  const id = keys.personOf(bearerOf(request));
  const person = id === null ? undefined : people.find(id);
  if (person === undefined) throw refusal(401);
  return person;
}

export function guardGarminPaths(app: FastifyInstance, sandbox: Sandbox): void {
  const logged = new WeakMap<FastifyRequest, LoggedRequest>();
  const paced = new WeakMap<FastifyRequest, number>();
  const { clock, log } = sandbox.place;
  const ended = (request: FastifyRequest): void => {
    const id = paced.get(request);
    if (id !== undefined && paced.delete(request)) sandbox.paces.end(id);
  };

  app.addHook("onRequest", async (request) => {
    if (!garmins.test(request.url)) return;
    const user_id = callerOf(sandbox, request);
    const entry = { method: request.method, path: request.url, status: null, at: clock.iso(), user_id };
    logged.set(request, sandbox.requests.add(entry));
    if (dataPaths.test(request.url)) {
      const { id } = requirePerson(sandbox, request);
      if (!sandbox.paces.begin(id)) throw tooMany(sandbox.paces.limits.retryAfter);
      paced.set(request, id);
    }
    await suffer(sandbox, request.url, user_id);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    const isData = dataPaths.test(request.url) && reply.statusCode === 200 && typeof payload === "string";
    const fault = isData
      ? sandbox.faults.strike("malformed", request.url, concerns(logged.get(request)?.user_id))
      : undefined;
    return fault ? malformed(fault.body, String(payload)) : payload;
  });

  app.addHook("onResponse", async (request, reply) => {
    ended(request);
    const entry = logged.get(request);
    if (entry === undefined) return;
    entry.status = reply.statusCode;
    log(`${entry.method} ${entry.path}: ${entry.status}`);
  });

  // A client that leaves before its answer no longer counts.
  app.addHook("onRequestAbort", async (request) => ended(request));
}

const concerns =
  (person: LoggedRequest["user_id"] | undefined) =>
  ({ user_id }: Fault): boolean =>
    user_id === undefined || user_id === person;

async function suffer({ faults }: Sandbox, url: string, person: number | null): Promise<void> {
  const isTheirs = concerns(person);
  const slow = faults.strike("slow", url, isTheirs);
  if (slow) await sleep(slow.milliseconds, undefined, { ref: false });
  const outage = faults.strike("outage", url, isTheirs);
  if (outage) throw refusal(outage.status);
  const limited = faults.strike("rate-limit", url, isTheirs);
  if (limited) throw tooMany(limited.reset_seconds);
}
