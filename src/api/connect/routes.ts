/** What a person sees while connecting: the page of a connect link, and the way back from the provider. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { findSession, type WidgetSession } from "../../store/sessions.ts";
import { configuredProviders } from "../configured.ts";
import { asSystoleError, logFailure } from "../errors.ts";
import { sendPage } from "../html.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser } from "./browser-cookie.ts";
import { callbackRoute } from "./callback.ts";
import { choicePage, errorPage, iconOf } from "./pages.ts";
import { replacementRoutes } from "./replacement.ts";

const tags = ["Connecting"];

export function connectRoutes(app: Api, services: ApiServices): void {
  app.register(async (pages: Api) => {
    pages.setErrorHandler(sendErrorPage);
    sessionPage(pages, services);
    startRoute(pages, services);
    iconRoute(pages, services);
    callbackRoute(pages, services);
    replacementRoutes(pages, services);
  });
}

/** Errors as a page: they are read in a browser. */
function sendErrorPage(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asSystoleError(thrown);
  logFailure(error, thrown, request);
  return sendPage(reply, error.status, errorPage(error, request.id));
}

const sessionParams = z.object({ session: z.string().max(64) });

function sessionPage(app: Api, services: ApiServices): void {
  const schema = { tags, summary: "The page on which a person chooses a provider", params: sessionParams };
  app.get("/connect/:session", { schema }, async (request, reply) => {
    const { session: link } = request.params;
    const offered = await offeredBy(services, await openSession(services, link));
    keepBrowser(reply, browserOf(request, services.publicUrl), services.publicUrl);
    return sendPage(reply, 200, choicePage(link, offered));
  });
}

function startRoute(app: Api, services: ApiServices): void {
  const params = sessionParams.extend({ provider: z.string().max(64) });
  const schema = { tags, summary: "Goes on to the provider the person chose", params };
  app.post("/connect/:session/:provider", { schema }, async (request, reply) => {
    const session = await openSession(services, request.params.session);
    // A form of somebody else's page: the person has not chosen yet.
    if (request.headers["sec-fetch-site"] === "cross-site") {
      return reply.redirect(`/connect/${request.params.session}`, 303);
    }
    const browser = browserOf(request, services.publicUrl);
    const offered = await offeredBy(services, session);
    const provider = offered.find(({ slug }) => slug === request.params.provider);
    if (provider === undefined)
      throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.provider });
    const { authUrl } = await services.authorization.begin({
      environmentId: session.environment_id,
      providerSlugOrName: provider.slug,
      referenceId: session.reference_id,
      successUrl: session.success_url,
      failureUrl: session.failure_url,
      sessionId: session.session_id,
      browser,
    });
    keepBrowser(reply, browser, services.publicUrl);
    return reply.header("cache-control", "no-store").redirect(authUrl, 303);
  });
}

function iconRoute(app: Api, { providers }: ApiServices): void {
  const params = z.object({ provider: z.string().max(64) });
  const schema = { tags, summary: "A provider's icon", params };
  app.get("/connect/icons/:provider.svg", { schema }, async (request, reply) => {
    const provider = providers.find(({ slug }) => slug === request.params.provider);
    if (provider === undefined)
      throw new SystoleError("PROVIDER_UNKNOWN", { provider: request.params.provider });
    return reply.type("image/svg+xml").header("cache-control", "max-age=86400").send(iconOf(provider).text);
  });
}

/** @throws SystoleError SESSION_NOT_FOUND, SESSION_USED */
async function openSession({ store }: ApiServices, link: string): Promise<WidgetSession> {
  const session = await findSession(store.db, link);
  if (session === null) throw new SystoleError("SESSION_NOT_FOUND");
  if (session.used_at !== null) throw new SystoleError("SESSION_USED");
  return session;
}

async function offeredBy(services: ApiServices, session: WidgetSession): Promise<Provider[]> {
  const configured = await configuredProviders(services, session.environment_id);
  return configured.filter(({ slug }) => session.providers?.includes(slug) ?? true);
}
