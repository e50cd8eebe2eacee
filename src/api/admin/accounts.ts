/** Accounts of people who sign in to the dashboard. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { hashPassword, isPassword, longestPassword, shortestPassword } from "../../security/password.ts";
import { maySetPassword } from "../../store/account-sessions.ts";
import {
  type Account,
  addAccount,
  changePassword,
  findAccount,
  listAccounts,
  removeAccount,
} from "../../store/operator-accounts.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, idParams, iso, noContent, time } from "./parameters.ts";
import type { SignIn } from "./sign-in.ts";

const tags = ["Admin: accounts"];
export const role = z
  .enum(["admin", "viewer"])
  .describe("`viewer` may look at everything and change nothing but their own password and sessions");
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
const newPassword = z.string().min(shortestPassword).max(longestPassword);

const shown = z.object({ id, email: z.string(), role, created_at: time, password_changed_at: time });

const show = (account: Account): z.output<typeof shown> => ({
  id: account.account_id,
  email: account.email,
  role: account.role,
  created_at: iso(account.created_at),
  password_changed_at: iso(account.password_changed_at),
});

export function accountRoutes(app: Api, services: ApiServices, signIn: SignIn): void {
  listRoute(app, services);
  createRoute(app, services);
  deleteRoute(app, services);
  passwordRoute(app, services, signIn);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const response = { 200: z.object({ data: z.array(shown) }) };
  app.get("/accounts", { schema: { tags, summary: "Every account", response } }, async () => ({
    data: (await listAccounts(store.db)).map(show),
  }));
}

function createRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Make an account; the first one with the admin token",
    body: z.strictObject({ email, password: newPassword, role: role.default("admin") }),
    response: { 201: shown },
  };
  app.post("/accounts", { schema }, async (request, reply) => {
    const { password, ...account } = request.body;
    const made = await addAccount(store.db, { ...account, password_hash: await hashPassword(password) });
    if (made === null) throw bodyInvalid("email", "has an account already");
    noteChange(request, { after: show(made) });
    return reply.code(201).send(show(made));
  });
}

function deleteRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Delete an account; its sessions end at once",
    params: idParams,
    response: noContent,
  };
  app.delete("/accounts/:id", { schema }, async (request, reply) => {
    const removed = await removeAccount(store.db, request.params.id);
    if (removed === null) throw accountMissing(request.params.id);
    noteChange(request, { before: show(removed) });
    return reply.code(204).send();
  });
}

function passwordRoute(app: Api, { store }: ApiServices, signIn: SignIn): void {
  const schema = {
    tags,
    summary: "Change a password; the account's other sessions end at once",
    description:
      "One's own needs the present one, except within an hour of signing in with a link. Admins may set another's without it.",
    params: idParams,
    body: z.strictObject({
      password: newPassword,
      current_password: z.string().max(longestPassword).optional(),
    }),
    response: noContent,
  };
  app.put("/accounts/:id/password", { schema, config: { own: true } }, async (request, reply) => {
    const { id: accountId } = request.params;
    const { password, current_password: current } = request.body;
    const isOwn = request.accountSession?.account_id === accountId;
    if (!isOwn && request.operator?.role !== "admin") throw new SystoleError("OPERATOR_FORBIDDEN");
    const account = await findAccount(store.db, accountId);
    if (account === null) throw accountMissing(accountId);
    if (isOwn && !mayLeaveOut(request)) {
      const check = async () => (await isPassword(current ?? "", account.password_hash)) || null;
      const isRight = await signIn.guarded(request, reply, { what: account.email, check });
      if (isRight === null) throw bodyInvalid("current_password", "is wrong");
    }
    const keptSession = isOwn ? sessionIdOf(request) : null;
    await changePassword(store.db, { accountId, passwordHash: await hashPassword(password), keptSession });
    return reply.code(204).send();
  });
}

const mayLeaveOut = ({ accountSession }: FastifyRequest): boolean =>
  accountSession !== null && maySetPassword(accountSession);

const sessionIdOf = ({ accountSession }: FastifyRequest): string | null => accountSession?.session_id ?? null;

const accountMissing = (accountId: string): SystoleError =>
  new SystoleError("RESOURCE_NOT_FOUND", { account_id: accountId });

const bodyInvalid = (field: string, problem: string): SystoleError => fieldInvalid("body", field, problem);
