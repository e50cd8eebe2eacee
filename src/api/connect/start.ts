/** The person has agreed: on to the provider, or connected at once with what the form brings. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { PageConnection } from "../../connections/on-page.ts";
import { type ErrorCode, SystoleError } from "../../errors.ts";
import { findConnection } from "../../store/connections.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { keepUploadToken } from "./browser-cookie.ts";
import { sendOutcome } from "./callback.ts";
import { lookOfSession } from "./look.ts";
import { providerParams } from "./params.ts";
import { problemOf } from "./problems.ts";
import { keepVisit, sendShare, shareOfSession } from "./session-routes.ts";
import { type OpenSession, offeredProvider, openSession } from "./sessions.ts";
import { agreementOf } from "./share.ts";
import { findUpload, sendUploadPage } from "./uploads.ts";

const scopes = z.string().max(256);

const body = z.object({
  answer: z.enum(["agree", "cancel"]).default("agree"),
  scope: z
    .union([scopes, z.array(scopes).max(100)])
    .optional()
    .describe("The provider's optional scopes that the person ticked"),
  consent: z.string().max(64).optional().describe("A further consent, of somebody who is connected"),
  key: z.string().max(4_096).optional(),
  ends_at: z.string().max(10).optional(),
});
type Given = z.output<typeof body>;

interface Starting {
  readonly services: ApiServices;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly link: string;
  readonly open: OpenSession;
  readonly page: PageConnection;
  readonly given: Given;
  readonly chosen: readonly string[];
}

export function startRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags: ["Connecting"],
    summary: "Goes on to the provider that the person chose, or connects them with what the form brings",
    params: providerParams,
    body: body.nullish(),
  };
  app.post("/connect/:session/:provider", { schema }, async (request, reply) => {
    const { session: link, provider: slug } = request.params;
    // The form of a page that was loaded again.
    const upload = await findUpload(services, request, { link, slug });
    if (upload !== null) return sendUploadPage(services, request, reply, { open: upload });
    const open = await openSession(services, link);
    const provider = offeredProvider(open, slug);
    // A form of somebody else's page: the person has not agreed to anything yet.
    if (request.headers["sec-fetch-site"] === "cross-site") return reply.redirect(`/connect/${link}`, 303);
    const given = request.body ?? body.parse({});
    const chosen = [given.scope ?? []].flat();
    const look = await lookOfSession(services, request, open.session);
    const share = await shareOfSession(services, open, { provider, further: given.consent, look });
    const browser = keepVisit(request, reply, { services, link });
    const agreement = agreementOf(share, look, chosen);
    const page = { session: open.session, provider, browser, agreement, language: look.language };
    return start({ services, request, reply, link, open, page, given, chosen });
  });
}

function start(starting: Starting): Promise<FastifyReply> {
  if (starting.given.answer === "cancel") return decline(starting);
  switch (starting.page.provider.connecting.kind) {
    case "oauth":
      return sendToProvider(starting);
    case "key":
      return takeKey(starting);
    case "upload":
      return showUpload(starting);
  }
}

async function decline({ services, request, reply, page }: Starting): Promise<FastifyReply> {
  const outcome = await services.authorization.decline(page);
  return sendOutcome(services, request, reply, { outcome, browser: page.browser });
}

async function sendToProvider({ services, reply, page, given }: Starting): Promise<FastifyReply> {
  const { session, provider, browser, agreement, language } = page;
  const { consent } = given;
  const { user_id: userId } = session;
  const { authUrl } = await services.authorization.begin({
    environmentId: session.environment_id,
    providerSlugOrName: provider.slug,
    referenceId: session.reference_id,
    successUrl: session.success_url,
    failureUrl: session.failure_url,
    sessionId: session.session_id,
    ...(consent !== undefined && userId !== null && { further: { consent, userId } }),
    browser,
    agreement,
    language,
  });
  return reply.header("cache-control", "no-store").redirect(authUrl, 303);
}

/** Exchanging a key is one call to the provider. */
const keyMs = 30_000;

/** After these the person may try again on the same page. */
const triedAgain: ReadonlySet<ErrorCode> = new Set([
  "PROVIDER_KEY_REFUSED",
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_RATE_LIMITED",
]);

async function takeKey(starting: Starting): Promise<FastifyReply> {
  const { services, request, reply, page, given } = starting;
  const key = given.key?.trim() ?? "";
  if (key === "") return askAgain(starting, null);
  const endsAt = given.ends_at ? dateOf(given.ends_at) : null;
  try {
    const signal = AbortSignal.timeout(keyMs);
    const outcome = await services.authorization.connectWithKey(page, { key, endsAt }, signal);
    return await sendOutcome(services, request, reply, { outcome, browser: page.browser });
  } catch (error) {
    if (!(error instanceof SystoleError) || !triedAgain.has(error.code)) throw error;
    request.log.warn({ err: error, code: error.code, provider: page.provider.slug }, "key not taken");
    return askAgain(starting, error);
  }
}

/** The page once more, with what was wrong. */
async function askAgain(
  { services, request, reply, link, open, page, chosen }: Starting,
  error: SystoleError | null,
): Promise<FastifyReply> {
  const { words } = await lookOfSession(services, request, open.session);
  const { provider } = page;
  const problem =
    error === null
      ? { title: words.key.missing, text: null, code: null, status: 400 }
      : { ...problemOf(words, error.code, provider), code: error.code, status: error.status };
  return sendShare(services, request, reply, { link, open, provider, chosen, problem });
}

/** The end of the day that a form's date field says; null when it is none. */
function dateOf(text: string): Date | null {
  const day = new Date(`${text}T23:59:59Z`);
  return Number.isNaN(day.getTime()) ? null : day;
}

/** The page is sent at once, so that it works without cookies too; they only let it be loaded again. */
async function showUpload({ services, request, reply, page, link }: Starting): Promise<FastifyReply> {
  const { uploadToken: token, outcome } = await services.authorization.connectForUploads(page);
  const { environment_id: environmentId, user_id: userId } = outcome.flow;
  const connection = await findConnection(services.store.db, { environmentId, userId });
  if (connection === null) throw new SystoleError("SESSION_USED");
  keepUploadToken(reply, token, services.publicUrl);
  const { session, provider } = page;
  return sendUploadPage(services, request, reply, { open: { link, session, provider, connection, token } });
}
