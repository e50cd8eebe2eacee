/** The browsers that are signed in, and links that sign one in. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import {
  endAccountSession,
  linkSeconds,
  listAccountSessions,
  makeSignInLink,
  type OpenSession,
} from "../../store/account-sessions.ts";
import { findAccount } from "../../store/operator-accounts.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { id, idParams, iso, noContent, time } from "./parameters.ts";

const tags = ["Admin: accounts"];

const shown = z.object({
  id,
  account_id: id,
  email: z.string(),
  current: z.boolean().describe("The one that asks"),
  address: z.string().nullable(),
  client: z.string().nullable().describe("The User-Agent"),
  created_at: time,
  used_at: time.describe("To the minute"),
  expires_at: time.describe("Moves on while it is used"),
  ends_at: time.describe("When it ends in any case"),
});

export function accountSessionRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  endRoute(app, services);
  linkRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Open sessions, newest first; a viewer's account sees its own",
    response: { 200: z.object({ data: z.array(shown) }) },
  };
  app.get("/sessions", { schema }, async (request) => {
    const sessions = await listAccountSessions(store.db, ownOnly(request));
    return { data: sessions.map((session) => show(session, request.accountSession?.session_id)) };
  });
}

function endRoute(app: Api, { store }: ApiServices): void {
  const schema = { tags, summary: "End a session at once", params: idParams, response: noContent };
  app.delete("/sessions/:id", { schema, config: { own: true } }, async (request, reply) => {
    const ended = await endAccountSession(store.db, request.params.id, ownOnly(request));
    if (!ended) throw new SystoleError("RESOURCE_NOT_FOUND", { session_id: request.params.id });
    return reply.code(204).send();
  });
}

function linkRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Make a link that signs in once, within ten minutes",
    description:
      "For the account named, or the caller's own. The link is in this answer and in no later one.",
    body: z.strictObject({ account_id: id.optional() }).nullish(),
    response: { 201: z.object({ url: z.string().describe("A path of this server"), expires_in: z.int() }) },
  };
  app.post("/session/links", { schema }, async (request, reply) => {
    const accountId = request.body?.account_id ?? request.accountSession?.account_id;
    if (accountId === undefined) throw accountNeeded("is needed: a token has no account of its own");
    if ((await findAccount(store.db, accountId)) === null) throw accountNeeded("is no account");
    const link = await makeSignInLink(store.db, accountId);
    return reply.code(201).send({ url: `/dashboard/sign-in?link=${link}`, expires_in: linkSeconds });
  });
}

/** The account to which a viewer is held. Tokens of viewers see them all, as they see everything. */
const ownOnly = ({ accountSession }: { readonly accountSession: OpenSession | null }): string | null =>
  accountSession?.role === "viewer" ? accountSession.account_id : null;

const accountNeeded = (problem: string): SystoleError => fieldInvalid("body", "account_id", problem);

const show = (session: OpenSession, current: string | undefined): z.output<typeof shown> => ({
  id: session.session_id,
  account_id: session.account_id,
  email: session.email,
  current: session.session_id === current,
  address: session.address,
  client: session.client,
  created_at: iso(session.created_at),
  used_at: iso(session.used_at),
  expires_at: iso(session.expires_at),
  ends_at: iso(session.ends_at),
});
