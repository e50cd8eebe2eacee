/** Signing in to the dashboard and out of it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { isPassword, longestPassword } from "../../security/password.ts";
import {
  endAccountSession,
  maySetPassword,
  openAccountSession,
  spendSignInLink,
  useAccountSession,
} from "../../store/account-sessions.ts";
import {
  type Account,
  accountActor,
  findAccount,
  findAccountByEmail,
  hasAccounts,
} from "../../store/operator-accounts.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { email, role } from "./accounts.ts";
import { beginChange, longestClient } from "./auditing.ts";
import { id, noContent } from "./parameters.ts";
import {
  assertNoOtherSite,
  assertOwnPage,
  csrfTokenOf,
  forgetSession,
  keepSession,
  sessionTokenOf,
} from "./session-cookie.ts";
import type { SignIn } from "./sign-in.ts";
import { withStrictQuery } from "./strict-query.ts";

const tags = ["Admin: accounts"];

const shown = z.object({
  account: z
    .object({
      id,
      email: z.string(),
      role,
      may_set_password: z.boolean().describe("Without the present one: a link signed in just now"),
    })
    .nullable()
    .describe("Null: nobody is signed in"),
  csrf_token: z.string().nullable().describe("For `x-csrf-token` of every change"),
  setup_required: z.boolean().describe("There is no account yet: one is made with the admin token"),
});

const credentials = z.union([
  z.strictObject({ email, password: z.string().max(longestPassword) }),
  z.strictObject({ link_token: z.string().max(64).describe("`link` of a sign-in link") }),
]);

/** These answer everybody. */
export function sessionRoutes(app: Api, services: ApiServices, signIn: SignIn): void {
  app.addHook("onRoute", (route) => {
    route.schema = withStrictQuery({ security: [], ...route.schema }, { scoped: false });
  });
  readRoute(app, services);
  openRoute(app, services, signIn);
  endRoute(app, services);
}

function readRoute(app: Api, { store: { db } }: ApiServices): void {
  const schema = { tags, summary: "The account that is signed in, if any", response: { 200: shown } };
  app.get("/session", { schema }, async (request, reply) => {
    const token = sessionTokenOf(request);
    const session = token === null ? null : await useAccountSession(db, token);
    reply.header("cache-control", "no-store");
    if (token === null || session === null) {
      return { account: null, csrf_token: null, setup_required: !(await hasAccounts(db)) };
    }
    return show(session, token, maySetPassword(session));
  });
}

function openRoute(app: Api, services: ApiServices, signIn: SignIn): void {
  const { store, publicUrl } = services;
  const schema = {
    tags,
    summary: "Sign in with e-mail and password, or with a link that signs in once",
    description: "The answer sets the cookie `systole_session`.",
    body: credentials,
    response: { 200: shown },
  };
  app.post("/session", { schema }, async (request, reply) => {
    assertNoOtherSite(request);
    const account = await signedIn(services, signIn, request, reply);
    const { ip: address } = request;
    await beginChange(store.db, request, accountActor(account));
    const client = request.headers["user-agent"]?.slice(0, longestClient) ?? null;
    const former = sessionTokenOf(request);
    const byLink = "link_token" in request.body;
    const opening = { accountId: account.account_id, address, client, byLink };
    const token = await openAccountSession(store.db, opening);
    if (former !== null) await endFormer(services, former);
    keepSession(reply, token, publicUrl).header("cache-control", "no-store");
    return show(account, token, byLink);
  });
}

/** The browser's session before this one: nobody could end it by hand once its cookie is replaced. */
async function endFormer({ store: { db } }: ApiServices, token: string): Promise<void> {
  const session = await useAccountSession(db, token);
  if (session !== null) await endAccountSession(db, session.session_id, null);
}

/** @throws SystoleError SIGN_IN_REFUSED, SIGN_IN_LINK_INVALID, ADMIN_TOKEN_GUESSED */
async function signedIn(
  { store: { db } }: ApiServices,
  signIn: SignIn,
  request: FastifyRequest<{ Body: unknown }>,
  reply: FastifyReply,
): Promise<Account> {
  const given = request.body as z.output<typeof credentials>;
  const isLink = "link_token" in given;
  const check = async () => {
    if (!isLink) return accountOfPassword(db, given);
    const accountId = await spendSignInLink(db, given.link_token);
    return accountId === null ? null : findAccount(db, accountId);
  };
  const what = isLink ? null : given.email;
  const account = await signIn.guarded(request, reply, { what, check });
  if (account === null) throw new SystoleError(isLink ? "SIGN_IN_LINK_INVALID" : "SIGN_IN_REFUSED");
  return account;
}

async function accountOfPassword(
  db: ApiServices["store"]["db"],
  given: { readonly email: string; readonly password: string },
): Promise<Account | null> {
  const account = await findAccountByEmail(db, given.email);
  return (await isPassword(given.password, account?.password_hash ?? null)) ? account : null;
}

function endRoute(app: Api, { store: { db }, publicUrl }: ApiServices): void {
  const schema = {
    tags,
    summary: "Sign out",
    response: noContent,
  };
  app.delete("/session", { schema }, async (request, reply) => {
    const token = sessionTokenOf(request);
    const session = token === null ? null : await useAccountSession(db, token);
    if (token !== null && session !== null) {
      assertOwnPage(request, token);
      await beginChange(db, request, accountActor(session));
      await endAccountSession(db, session.session_id, null);
    }
    return forgetSession(reply, publicUrl).code(204).send();
  });
}

const show = (
  { account_id, email, role }: Pick<Account, "account_id" | "email" | "role">,
  token: string,
  may_set_password: boolean,
): z.output<typeof shown> => ({
  account: { id: account_id, email, role, may_set_password },
  csrf_token: csrfTokenOf(token),
  setup_required: false,
});
