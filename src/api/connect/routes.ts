/** What a person sees while connecting: the page of a connect link, and the way back from the provider. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { PageConnection } from "../../connections/on-page.ts";
import { errorCatalogue, SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { findSession, type WidgetSession } from "../../store/sessions.ts";
import { configuredProviders } from "../configured.ts";
import { asSystoleError, logFailure } from "../errors.ts";
import { sendPage } from "../html.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser } from "./browser-cookie.ts";
import { callbackRoute, sendOutcome } from "./callback.ts";
import { choicePage, errorPage, iconOf, keyPage, uploadPage } from "./pages.ts";
import { replacementRoutes } from "./replacement.ts";

const tags = ["Connecting"];

export function connectRoutes(app: Api, services: ApiServices): void {
  app.register(async (pages: Api) => {
    pages.setErrorHandler(sendErrorPage);
    sessionPage(pages, services);
    providerPage(pages, services);
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

const providerParams = sessionParams.extend({ provider: z.string().max(64) });

/** A form of ours for a provider that has no page; others are begun from the list. */
function providerPage(app: Api, services: ApiServices): void {
  const schema = { tags, summary: "The form for a provider's key", params: providerParams };
  app.get("/connect/:session/:provider", { schema }, async (request, reply) => {
    const { session: link, provider: slug } = request.params;
    const { provider } = await chosen(services, link, slug);
    const { connecting } = provider;
    keepBrowser(reply, browserOf(request, services.publicUrl), services.publicUrl);
    if (connecting.kind === "key") return sendPage(reply, 200, keyPage(link, provider, connecting, null));
    return sendPage(reply, 200, choicePage(link, [provider]));
  });
}

const startBody = z.object({
  consent: z.string().max(64).optional().describe("A further consent, of somebody who is connected"),
  key: z.string().max(4_096).optional(),
  ends_at: z.string().max(10).optional(),
});

function startRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "Goes on to the provider the person chose, or connects them with what the form brings",
    params: providerParams,
    body: startBody.nullish(),
  };
  app.post("/connect/:session/:provider", { schema }, async (request, reply) => {
    const { session: link, provider: slug } = request.params;
    const { session, provider } = await chosen(services, link, slug);
    // A form of somebody else's page: the person has not chosen yet.
    if (request.headers["sec-fetch-site"] === "cross-site") return reply.redirect(`/connect/${link}`, 303);
    const browser = browserOf(request, services.publicUrl);
    keepBrowser(reply, browser, services.publicUrl);
    const page = { session, provider, browser };
    switch (provider.connecting.kind) {
      case "oauth":
        return sendToProvider(reply, services, page, request.body?.consent);
      case "key":
        return takeKey(reply, services, { ...page, link }, request.body ?? {});
      case "upload":
        return showUpload(reply, services, page);
    }
  });
}

async function sendToProvider(
  reply: FastifyReply,
  { authorization }: ApiServices,
  { session, provider, browser }: PageConnection,
  consent: string | undefined,
): Promise<FastifyReply> {
  const { user_id: userId } = session;
  const { authUrl } = await authorization.begin({
    environmentId: session.environment_id,
    providerSlugOrName: provider.slug,
    referenceId: session.reference_id,
    successUrl: session.success_url,
    failureUrl: session.failure_url,
    sessionId: session.session_id,
    ...(consent !== undefined && userId !== null && { further: { consent, userId } }),
    browser,
  });
  return reply.header("cache-control", "no-store").redirect(authUrl, 303);
}

/** Exchanging a key is one call to the provider. */
const keyMs = 30_000;

async function takeKey(
  reply: FastifyReply,
  services: ApiServices,
  { link, ...page }: PageConnection & { readonly link: string },
  given: z.output<typeof startBody>,
): Promise<FastifyReply> {
  const { authorization } = services;
  const { connecting } = page.provider;
  if (connecting.kind !== "key") throw new SystoleError("PROVIDER_UNKNOWN", { provider: page.provider.slug });
  const key = given.key?.trim() ?? "";
  if (key === "") return sendPage(reply, 200, keyPage(link, page.provider, connecting, null));
  const endsAt = given.ends_at ? dateOf(given.ends_at) : null;
  try {
    const outcome = await authorization.connectWithKey(page, { key, endsAt }, AbortSignal.timeout(keyMs));
    return await sendOutcome(reply, outcome, page.browser, services);
  } catch (error) {
    if (!(error instanceof SystoleError) || error.code !== "PROVIDER_KEY_REFUSED") throw error;
    const { message, remedy } = errorCatalogue[error.code];
    return sendPage(reply, 400, keyPage(link, page.provider, connecting, `${message}. ${remedy}`));
  }
}

/** The end of the day that a form's date field says; null when it is none. */
function dateOf(text: string): Date | null {
  const day = new Date(`${text}T23:59:59Z`);
  return Number.isNaN(day.getTime()) ? null : day;
}

async function showUpload(
  reply: FastifyReply,
  { authorization, publicUrl }: ApiServices,
  page: PageConnection,
): Promise<FastifyReply> {
  const { uploadToken } = await authorization.connectForUploads(page);
  return sendPage(reply, 200, uploadPage(page.provider, publicUrl, uploadToken));
}

async function chosen(
  services: ApiServices,
  link: string,
  slug: string,
): Promise<{ session: WidgetSession; provider: Provider }> {
  const session = await openSession(services, link);
  const provider = (await offeredBy(services, session)).find((one) => one.slug === slug);
  if (provider === undefined) throw new SystoleError("PROVIDER_UNKNOWN", { provider: slug });
  return { session, provider };
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
