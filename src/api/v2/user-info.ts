/** Routes for users: one, those of a reference, many, all; and changes that a developer may make to one. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { modifyConnection } from "../../connections/modify.ts";
import { SystoleError } from "../../errors.ts";
import {
  type Connection,
  countConnections,
  findByReference,
  findMany,
  listConnections,
} from "../../store/connections.ts";
import { isUuid } from "../../store/identifiers.ts";
import type { Store } from "../../store/store.ts";
import type { Database } from "../../store/tables.ts";
import { terraUser, terraUserWithTimes } from "../../terra/user.ts";
import { environmentIdOf } from "../auth.ts";
import { terraUserComponent } from "../components.ts";
import { fieldInvalid } from "../field-invalid.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "./connection-of.ts";

const tags = ["Users"];
const success = z.literal("success");
const users = z.array(terraUserComponent);

export function userRoutes(app: Api, { store }: ApiServices): void {
  userInfo(app, store.db);
  subscriptions(app, store.db);
  bulkUserInfo(app, store.db);
  modifyUser(app, store);
}

const polled = { last_polled_at: z.string().nullable(), most_recent_data_at: z.string().nullable() };

function userInfo(app: Api, db: Database): void {
  const schema = {
    tags,
    summary: "One user, or every user of a reference_id",
    querystring: z.object({
      user_id: z.string().min(1).optional(),
      reference_id: z.string().min(1).optional(),
    }),
    response: {
      200: z.union([
        z.object({ user: terraUserComponent.extend(polled), status: success, is_authenticated: z.boolean() }),
        z.object({ status: success, users }),
      ]),
    },
  };
  app.get("/v2/userInfo", { schema }, async (request) => {
    const { user_id, reference_id } = request.query;
    if (user_id !== undefined) return oneUser(await connectionOf(db, environmentIdOf(request), user_id));
    if (reference_id !== undefined) {
      const connections = await findByReference(db, environmentIdOf(request), reference_id);
      return { status: "success", users: connections.map(terraUser) };
    }
    throw fieldInvalid("query", "user_id", "user_id or reference_id is required");
  });
}

const oneUser = (connection: Connection) => ({
  user: terraUserWithTimes(connection),
  status: "success",
  is_authenticated: connection.state === "active",
});

const pageQuery = z.object({
  page: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("Zero-based; when absent, all users are on one page"),
  per_page: z.coerce.number().int().min(1).max(5_000).default(500),
});

function subscriptions(app: Api, db: Database): void {
  const paged = z.object({ next: z.int().nullable(), max_page: z.int(), results: users });
  const schema = {
    tags,
    summary: "Every user",
    querystring: pageQuery,
    response: {
      200: z.union([z.object({ status: success, users }), z.object({ status: success, data: paged })]),
    },
  };
  app.get("/v2/subscriptions", { schema }, async (request) => {
    const { page, per_page: perPage } = request.query;
    const environmentId = environmentIdOf(request);
    if (page === undefined) {
      const everyone = await listConnections(db, environmentId, null);
      return { status: "success", users: everyone.map(terraUser) };
    }
    const [total, results] = await Promise.all([
      countConnections(db, environmentId),
      listConnections(db, environmentId, { page, perPage }),
    ]);
    const maxPage = Math.max(0, Math.ceil(total / perPage) - 1);
    const next = page < maxPage ? page + 1 : null;
    return { status: "success", data: { next, max_page: maxPage, results: results.map(terraUser) } };
  });
}

function bulkUserInfo(app: Api, db: Database): void {
  const schema = {
    tags,
    summary: "The users with these ids, in their order; unknown ids are left out",
    body: z.array(z.string()).max(10_000),
    response: { 200: users },
  };
  app.post("/v2/bulkUserInfo", { schema }, async (request) => {
    const ids = [...new Set(request.body.filter(isUuid).map((id) => id.toLowerCase()))];
    const found = await findMany(db, environmentIdOf(request), ids);
    const byId = new Map(found.map((connection) => [connection.user_id, terraUser(connection)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  });
}

function modifyUser(app: Api, store: Store): void {
  const schema = {
    tags,
    summary: "Change a user's reference_id, or pause and resume their updates",
    params: z.object({ user_id: z.string() }),
    body: z.object({ reference_id: z.string().max(512).nullish(), active: z.boolean().nullish() }).nullish(),
    response: { 200: z.object({ user: terraUserComponent, status: success }) },
  };
  app.patch("/v2/users/:user_id", { schema }, async (request) => {
    const user = terraUser(await changed(store, request, request.params.user_id, request.body ?? {}));
    return { user, status: "success" };
  });
}

/** Applies the changes. An absent field stays as it is; `reference_id: null` removes the reference. */
async function changed(
  store: Store,
  request: FastifyRequest,
  userId: string,
  { reference_id, active }: { reference_id?: string | null | undefined; active?: boolean | null | undefined },
): Promise<Connection> {
  const connection = await connectionOf(store.db, environmentIdOf(request), userId);
  const change = {
    ...(reference_id === undefined ? {} : { reference_id }),
    ...(typeof active === "boolean" ? { active } : {}),
  };
  if (Object.keys(change).length === 0) return connection;
  const id = { environmentId: connection.environment_id, userId: connection.user_id };
  const updated = await modifyConnection(store, id, change);
  if (updated === null) throw new SystoleError("USER_NOT_FOUND", { user_id: userId });
  return updated;
}
