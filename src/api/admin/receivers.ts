/** Routes for built-in receivers, and for looking at what came to them. */
import { isUtf8 } from "node:buffer";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { foundReceiver, makeReceiver, removeReceiver } from "../../receivers/receivers.ts";
import { verdicts } from "../../receivers/terra-signature.ts";
import {
  findRequest,
  forgottenMs,
  listReceivers,
  listRequests,
  type Receiver,
  type ReceiverId,
  type ReceiverRequest,
  type RequestSummary,
  touchReceiver,
} from "../../store/receivers.ts";
import { environmentIdOf } from "../auth.ts";
import { type Api, component } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { noteChange } from "./auditing.ts";
import { id, idParams, iso, noContent, oneMore, page, pageOf, pageQuery, time } from "./parameters.ts";

const tags = ["Admin: receivers"];

const shownReceiver = component(
  "Receiver",
  z.object({
    id,
    destination_id: id.describe("The webhook that posts to it; deleting either deletes both"),
    created_at: time,
    forgotten_at: time.describe("When it is removed, unless somebody looks at it before"),
  }),
);

const shownRequest = component(
  "ReceivedRequest",
  z.object({
    id,
    received_at: time,
    signature: z.enum(verdicts).describe("`verified`, or why `terra-signature` is refused"),
    type: z.string().nullable().describe("Read from the body, like `user_id` and `reference_id`"),
    user_id: id.nullable(),
    reference_id: z.string().nullable(),
    bytes: z.int().describe("The length of the body"),
  }),
);

const wholeRequest = shownRequest.extend({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  encoding: z
    .enum(["utf8", "base64"])
    .describe("The encoding of `body`: base64 where the bytes are no UTF-8"),
});

export function receiverRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  makeRoute(app, services);
  removeRoute(app, services);
  requestsRoute(app, services);
  requestRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "The environment's built-in receivers, newest first",
    response: { 200: z.object({ data: z.array(shownReceiver) }) },
  };
  app.get("/receivers", { schema }, async (request) => ({
    data: (await listReceivers(store.db, environmentIdOf(request))).map(show),
  }));
}

function makeRoute(app: Api, { store, publicUrl }: ApiServices): void {
  const schema = {
    tags,
    summary: "Make a built-in receiver, with a webhook destination that posts to it",
    description:
      "For a developer who has no webhook yet. Everything that happens from then on is delivered to it over HTTP, signed and verified. It is removed after 24 hours without anybody looking at its requests. Five in an environment.",
    response: { 201: shownReceiver },
  };
  app.post("/receivers", { schema }, async (request, reply) => {
    const made = show(await makeReceiver(store, publicUrl, environmentIdOf(request)));
    noteChange(request, { after: made });
    return reply.code(201).send(made);
  });
}

function removeRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "Remove a built-in receiver, its destination and what it received",
    params: idParams,
    response: noContent,
  };
  app.delete("/receivers/:id", { schema }, async (request, reply) => {
    noteChange(request, { before: show(await removeReceiver(store, idOf(request, request.params.id))) });
    return reply.code(204).send();
  });
}

function requestsRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "The requests to a built-in receiver, newest first",
    description:
      "The newest 200 requests, and no more than 32 MB of bodies. `GET /admin/v1/events/stream` tells of new ones as `event: received`.",
    params: idParams,
    querystring: pageQuery,
    response: { 200: pageOf(shownRequest) },
  };
  app.get("/receivers/:id/requests", { schema }, async (request) => {
    const receiver = await lookAt({ store }, idOf(request, request.params.id));
    const rows = await listRequests(store.db, receiver, oneMore(request.query));
    return page(rows, request.query.limit, showRequest);
  });
}

function requestRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "One request, with its headers and its body",
    params: idParams.extend({ request: id }),
    response: { 200: wholeRequest },
  };
  app.get("/receivers/:id/requests/:request", { schema }, async (request) => {
    const receiver = await lookAt({ store }, idOf(request, request.params.id));
    const found = await findRequest(store.db, receiver, request.params.request);
    if (found === null) throw new SystoleError("RESOURCE_NOT_FOUND", { request_id: request.params.request });
    return showWhole(found);
  });
}

/** A receiver that is looked at is kept. @throws SystoleError RESOURCE_NOT_FOUND */
async function lookAt({ store }: Pick<ApiServices, "store">, target: ReceiverId): Promise<ReceiverId> {
  await foundReceiver(store, target);
  await touchReceiver(store.db, target, new Date());
  return target;
}

const idOf = (request: FastifyRequest, receiverId: string): ReceiverId => ({
  environmentId: environmentIdOf(request),
  receiverId,
});

const show = ({ receiver_id, destination_id, created_at, looked_at }: Receiver) => ({
  id: receiver_id,
  destination_id,
  created_at: iso(created_at),
  forgotten_at: iso(new Date(looked_at.getTime() + forgottenMs)),
});

const showRequest = (request: RequestSummary) => ({
  id: request.request_id,
  received_at: iso(request.received_at),
  signature: request.verdict,
  type: request.type,
  user_id: request.user_id,
  reference_id: request.reference_id,
  bytes: request.body_bytes,
});

function showWhole({ headers, body, ...request }: ReceiverRequest) {
  const encoding = isUtf8(body) ? "utf8" : "base64";
  return { ...showRequest(request), headers, body: body.toString(encoding), encoding };
}
