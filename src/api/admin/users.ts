/** Routes for users as operators see them: with their trouble, their records and what was fetched for them. */
import { z } from "zod";
import { dataTypes } from "../../models/index.ts";
import { readDateRange } from "../../requests/date-range.ts";
import { requestData } from "../../requests/plan.ts";
import {
  type Connection,
  countConnections,
  findByReference,
  listConnections,
} from "../../store/connections.ts";
import { findErasure } from "../../store/erasures.ts";
import { isUuid } from "../../store/identifiers.ts";
import { countRecords } from "../../store/records.ts";
import { terraUser } from "../../terra/user.ts";
import { environmentIdOf } from "../auth.ts";
import { acknowledgementComponent, terraUserComponent } from "../components.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { disconnectUser } from "../v2/authentication.ts";
import { assertSupported, connectionOf } from "../v2/connection-of.ts";
import { noteChange } from "./auditing.ts";
import { receipt, showReceipt } from "./erasures.ts";
import { isoOrNull, time } from "./parameters.ts";

const tags = ["Admin: users"];
export const userParams = z.object({ id: z.string() });

export const shownUser = component(
  "ConnectedUser",
  terraUserComponent.extend({
    state: z.enum(["active", "revoked"]),
    provider_user_id: z.string(),
    error: z
      .object({ code: z.string(), since: time.nullable() })
      .nullable()
      .describe("Trouble at the provider"),
    key_ends_at: time
      .nullable()
      .describe("When the pasted key ends, as the person said; null without a date"),
    last_polled_at: time.nullable(),
    most_recent_data_at: time.nullable(),
  }),
);

export const show = (connection: Connection) => ({
  ...terraUser(connection),
  state: connection.state,
  provider_user_id: connection.provider_user_id,
  error: connection.error_code && { code: connection.error_code, since: isoOrNull(connection.error_since) },
  key_ends_at: isoOrNull(connection.key_ends_at),
  last_polled_at: isoOrNull(connection.last_polled_at),
  most_recent_data_at: isoOrNull(connection.most_recent_data_at),
});

export function userRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  getRoute(app, services);
  deleteRoute(app, services);
  requestDataRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Users, oldest first",
    querystring: z.object({
      page: z.coerce.number().int().min(0).max(1_000_000).default(0).describe("Zero-based"),
      per_page: z.coerce.number().int().min(1).max(500).default(50),
      reference_id: z.string().optional().describe("Only users with this reference, all on one page"),
    }),
    response: { 200: z.object({ data: z.array(shownUser), total: z.int() }) },
  };
  app.get("/users", { schema }, async (request) => {
    const environmentId = environmentIdOf(request);
    const { page, per_page: perPage, reference_id: referenceId } = request.query;
    if (referenceId !== undefined) {
      const data = (await findByReference(store.db, environmentId, referenceId)).map(show);
      return { data, total: data.length };
    }
    const [total, connections] = await Promise.all([
      countConnections(store.db, environmentId),
      listConnections(store.db, environmentId, { page, perPage }),
    ]);
    return { data: connections.map(show), total };
  });
}

const holding = z.object({
  type: z.string(),
  records: z.int(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

function getRoute(app: Api, { store }: ApiServices): void {
  const response = { 200: shownUser.extend({ holdings: z.array(holding) }) };
  const schema = { tags, summary: "One user, with their stored data counted", params: userParams, response };
  app.get("/users/:id", { schema }, async (request) => {
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    const id = { environmentId: connection.environment_id, userId: connection.user_id };
    return { ...show(connection), holdings: await countRecords(store.db, id) };
  });
}

function deleteRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "End a connection and erase its data; returns the receipt, on repeated calls too",
    params: userParams,
    response: { 200: receipt },
  };
  app.delete("/users/:id", { schema }, async (request) => {
    const { id: userId } = request.params;
    const id = { environmentId: environmentIdOf(request), userId };
    // An erased user may be asked for again, if the answer to the first request was lost.
    const erased = isUuid(userId) ? await findErasure(services.store.db, id) : null;
    const shown = showReceipt(erased ?? (await disconnectUser(services, request, userId)));
    noteChange(request, { after: shown });
    return shown;
  });
}

function requestDataRoute(app: Api, { store, providers }: ApiServices): void {
  const schema = {
    tags,
    summary: "Send a user's data to the destinations again",
    params: userParams,
    body: z.object({
      type: z.enum(dataTypes as [string, ...string[]]),
      start_date: z
        .string()
        .optional()
        .describe("`YYYY-MM-DD` or unix seconds; required for every type except athlete"),
      end_date: z.string().optional(),
      with_samples: z.boolean().default(false),
    }),
    response: { 202: acknowledgementComponent },
  };
  app.post("/users/:id/request-data", { schema }, async (request, reply) => {
    const { start_date, end_date, with_samples: withSamples } = request.body;
    const type = request.body.type as (typeof dataTypes)[number];
    const range = type === "athlete" ? null : readDateRange(start_date ?? "", end_date, new Date());
    const connection = await connectionOf(store.db, environmentIdOf(request), request.params.id);
    assertSupported(providers, connection, type);
    const wanted = { type, range, withSamples, reference: request.id };
    return reply.code(202).send(await requestData(store, connection, wanted));
  });
}
