/** Routes that concern all sandboxes: the page at `/`, the clock, and faults by the name of their provider. */
import Fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { z } from "zod";
import type { SandboxInstance, SandboxPlugin } from "./contract.ts";
import type { Clock } from "./kit/clock.ts";
import { clockRoutes } from "./kit/clock-routes.ts";
import { ControlRefusal, checkedBody, controlBody } from "./kit/control.ts";
import { bodyText } from "./kit/http.ts";
import { escapeHtml, page, sendPage } from "./kit/page.ts";

export interface Running {
  readonly plugin: SandboxPlugin;
  readonly instance: SandboxInstance;
}

const FaultsBody = z.looseObject({ provider: z.string().optional() });
const bodyLimit = 1024 * 1024;

export function buildFront(running: readonly Running[], clock: Clock): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.setErrorHandler(async (error: Error & { status?: number; statusCode?: number }, _request, reply) =>
    reply.code(error.status ?? error.statusCode ?? 500).send({ error: error.message }),
  );
  app.setNotFoundHandler(async (request) => {
    throw new ControlRefusal(404, `No sandbox has ${request.method} ${request.url.split("?")[0]}`);
  });
  app.get("/", async (_request, reply) => sendPage(reply, 200, homePage(running)));
  app.get("/_sandbox", async () => ({ sandboxes: running.map(({ plugin }) => plugin.slug) }));
  clockRoutes(app, clock);
  faultRoutes(app, running);
  return app;
}

function faultRoutes(app: FastifyInstance, running: readonly Running[]): void {
  app.post("/_sandbox/faults", async (request, reply) => {
    const { app: sandbox } = faulty(running, request).instance;
    const payload = bodyText(request).trim() === "" ? "{}" : withoutProvider(request);
    const answer = await sandbox.inject({
      method: "POST",
      url: "/_sandbox/faults",
      headers: { "content-type": "application/json" },
      payload,
    });
    return reply.code(answer.statusCode).type("application/json").send(answer.body);
  });

  app.delete("/_sandbox/faults", async (_request, reply) => {
    for (const { instance } of running) {
      await instance.app.inject({ method: "DELETE", url: "/_sandbox/faults" });
    }
    return reply.code(204).send();
  });
}

function withoutProvider(request: FastifyRequest): string {
  const { provider: _, ...fault } = checkedBody(FaultsBody, controlBody(request));
  return JSON.stringify(fault);
}

/** Returns the sandbox that the fault names; without a name, the one at the root. */
function faulty(running: readonly Running[], request: FastifyRequest): Running {
  const { provider } = checkedBody(FaultsBody, controlBody(request));
  const found = running.find(({ plugin }) =>
    provider === undefined ? plugin.isAtRoot : plugin.slug === provider.toLowerCase(),
  );
  if (found !== undefined) return found;
  const known = running.map(({ plugin }) => plugin.slug).join(", ");
  throw new ControlRefusal(provider === undefined ? 400 : 404, `provider: must be one of ${known}`);
}

function homePage(running: readonly Running[]): string {
  const parts = running.map(
    ({ plugin, instance }) => `<h2>${escapeHtml(plugin.displayName)}</h2>${instance.home()}`,
  );
  return page("Sandboxes", parts.join(""), "Nothing here reaches a real provider.");
}
