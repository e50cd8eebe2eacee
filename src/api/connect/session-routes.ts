/** The pages of a connect link: the choice of a provider, and what is shared with it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { consentOf } from "../../providers/consents.ts";
import type { Provider } from "../../providers/provider.ts";
import { findChoice } from "../../store/data-choices.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser, keepLink } from "./browser-cookie.ts";
import { sendDocument } from "./document.ts";
import { type Look, lookOfSession } from "./look.ts";
import { choosePage } from "./pages/choose.ts";
import { type Problem, sharePage } from "./pages/share.ts";
import { providerParams, sessionParams } from "./params.ts";
import { type OpenSession, offeredProvider, openSession } from "./sessions.ts";
import { type Share, shareOf } from "./share.ts";
import { findUpload, sendUploadPage } from "./uploads.ts";

const tags = ["Connecting"];

export function sessionRoutes(app: Api, services: ApiServices): void {
  const choice = {
    tags,
    summary: "The page on which a person chooses a provider; with one on offer, what is shared with it",
    params: sessionParams,
    querystring: z.object({ q: z.string().max(100).default("").describe("A part of the provider's name") }),
  };
  app.get("/connect/:session", { schema: choice }, async (request, reply) => {
    const { session: link } = request.params;
    const open = await openSession(services, link);
    keepVisit(request, reply, { services, link });
    const [only, ...others] = open.offered;
    if (only !== undefined && others.length === 0) {
      return sendShare(services, request, reply, { link, open, provider: only });
    }
    const look = await lookOfSession(services, request, open.session);
    const page = choosePage({ link, providers: open.offered, query: request.query.q }, look);
    return sendDocument(reply, 200, page, look);
  });

  const share = {
    tags,
    summary: "The page that asks for consent, with the provider's form",
    params: providerParams,
    querystring: z.object({
      consent: z.string().max(64).optional().describe("A further consent, of somebody who is connected"),
      zone: z.string().max(64).optional().describe("The time zone that was sent just now"),
      upload: z.uuid().optional().describe("The file that was sent just now"),
    }),
  };
  app.get("/connect/:session/:provider", { schema: share }, async (request, reply) => {
    const { session: link, provider: slug } = request.params;
    const upload = await findUpload(services, request, { link, slug });
    if (upload !== null) {
      const { zone = null, upload: sentId = null } = request.query;
      return sendUploadPage(services, request, reply, { open: upload, zone, sentId });
    }
    const open = await openSession(services, link);
    keepVisit(request, reply, { services, link });
    const provider = offeredProvider(open, slug);
    return sendShare(services, request, reply, { link, open, provider, further: request.query.consent });
  });
}

export function keepVisit(
  request: FastifyRequest,
  reply: FastifyReply,
  { services: { publicUrl }, link }: { readonly services: ApiServices; readonly link: string },
): string {
  const browser = browserOf(request, publicUrl);
  keepBrowser(reply, browser, publicUrl);
  keepLink(reply, link, publicUrl);
  return browser;
}

interface ShareView {
  readonly link: string;
  readonly open: OpenSession;
  readonly provider: Provider;
  readonly further?: string | undefined;
  readonly chosen?: readonly string[];
  readonly problem?: Problem & { readonly status: number };
}

export async function sendShare(
  services: ApiServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { link, open, provider, further, chosen = [], problem }: ShareView,
): Promise<FastifyReply> {
  const { session, offered } = open;
  const look = await lookOfSession(services, request, session);
  const page = sharePage(
    {
      link,
      provider,
      share: await shareOfSession(services, open, { provider, further, look }),
      hasOthers: offered.length > 1,
      further: further ?? null,
      chosen,
      problem: problem ?? null,
      leadsTo: [session.success_url, session.failure_url],
    },
    look,
  );
  return sendDocument(reply, problem?.status ?? 200, page, look);
}

interface SessionShare {
  readonly provider: Provider;
  /** The name of a further consent. It counts in the link of somebody who is connected. */
  readonly further: string | undefined;
  readonly look: Look;
}

/** Returns the data that the person shares: of the types that the session's environment handles. */
export async function shareOfSession(
  { store }: Pick<ApiServices, "store">,
  { session: { environment_id: environmentId, user_id: userId } }: OpenSession,
  { provider, further, look }: SessionShare,
): Promise<Share> {
  const { types } = await findChoice(store.db, { environmentId, provider: provider.slug });
  const isFurther = further !== undefined && userId !== null;
  return shareOf(provider, look, { further: isFurther ? consentOf(provider, further) : null, types });
}
