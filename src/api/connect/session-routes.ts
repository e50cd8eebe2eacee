/** The pages of a connect link: the choice of a provider, and what is shared with it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { consentOf } from "../../providers/consents.ts";
import type { OAuthConsent, Provider } from "../../providers/provider.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { browserOf, keepBrowser, keepLink } from "./browser-cookie.ts";
import { sendDocument } from "./document.ts";
import { lookOfSession } from "./look.ts";
import { choosePage } from "./pages/choose.ts";
import { type Problem, sharePage } from "./pages/share.ts";
import { handledTypes, type OpenSession, offeredProvider, openSession } from "./sessions.ts";
import { shareOf } from "./share.ts";

const tags = ["Connecting"];

export const sessionParams = z.object({ session: z.string().max(64) });
export const providerParams = sessionParams.extend({ provider: z.string().max(64) });

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
    }),
  };
  app.get("/connect/:session/:provider", { schema: share }, async (request, reply) => {
    const { session: link, provider: slug } = request.params;
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
      share: shareOf(provider, look, {
        further: furtherOf(open, provider, further),
        types: await handledTypes(services, open, provider),
      }),
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

/** A further consent, for the link of somebody who is connected. */
export function furtherOf(
  { session }: OpenSession,
  provider: Provider,
  name: string | undefined,
): OAuthConsent<unknown> | null {
  return name === undefined || session.user_id === null ? null : consentOf(provider, name);
}
