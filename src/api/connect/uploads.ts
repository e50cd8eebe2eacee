/**
 * The page of a connection for uploads, after the person has agreed. Its token is in a cookie for an hour: within that
 * time the same browser may load the page again, as phones do when their owner comes back from another app.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { type Connection, connectionIdOf, findConnection } from "../../store/connections.ts";
import { hasPushed } from "../../store/pushes.ts";
import { findLinkedSession, type WidgetSession } from "../../store/sessions.ts";
import { connectionIdOfToken } from "../../store/upload-tokens.ts";
import { findUpload as findFile, type Upload } from "../../store/uploads.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { uploadTokenOf } from "./browser-cookie.ts";
import { sendDocument } from "./document.ts";
import { lookOfSession } from "./look.ts";
import { firstDataPage, uploadPage } from "./pages/upload.ts";
import { providerParams } from "./params.ts";
import { withQuery } from "./redirect-url.ts";
import { readZone } from "./time-zone.ts";

export interface OpenUpload {
  readonly link: string;
  readonly session: WidgetSession;
  readonly provider: Provider;
  readonly connection: Connection;
  readonly token: string;
}

interface Place {
  readonly link: string;
  readonly slug: string;
}

/** Returns the connection that this browser made through the link; null when it has made none, or it has ended. */
export async function findUpload(
  { store: { db }, providers, publicUrl }: ApiServices,
  request: FastifyRequest,
  { link, slug }: Place,
): Promise<OpenUpload | null> {
  const token = uploadTokenOf(request, publicUrl);
  const provider = providers.find((one) => one.slug === slug);
  if (token === null || provider?.connecting.kind !== "upload") return null;
  const [session, id] = await Promise.all([findLinkedSession(db, link), connectionIdOfToken(db, token)]);
  const connection = id && (await findConnection(db, id));
  if (session === null || connection === null || session.used_at === null) return null;
  const isOfLink =
    connection.provider === slug &&
    connection.environment_id === session.environment_id &&
    connection.reference_id === session.reference_id;
  return isOfLink ? { link, session, provider, connection, token } : null;
}

interface Said {
  /** The time zone as the person wrote it, if it was just sent. */
  readonly zone?: string | null;
  /** The upload of a file that was sent. */
  readonly sentId?: string | null;
  /** A file that was not taken. */
  readonly refused?: RefusedFile | null;
}

interface RefusedFile {
  readonly format: string;
  readonly status: number;
  readonly code: ErrorCode;
}

export async function sendUploadPage(
  services: ApiServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { open, zone = null, sentId = null, refused = null }: Said & { readonly open: OpenUpload },
): Promise<FastifyReply> {
  const { store, publicUrl } = services;
  const { link, session, provider, connection, token } = open;
  const told = { user_id: connection.user_id, reference_id: connection.reference_id };
  const look = await lookOfSession(services, request, session);
  const ready = {
    provider,
    publicUrl,
    token,
    path: `/connect/${link}/${provider.slug}`,
    goOn: session.success_url === null ? null : withQuery(session.success_url, told),
    hasArrived: await hasPushed(store.db, connectionIdOf(connection)),
    zone: zone === null ? null : { zone, isSaved: readZone(zone) !== null },
    sent: sentId === null ? null : await sentFileOf(services, open, sentId),
    refused,
  };
  return sendDocument(reply, refused?.status ?? 200, uploadPage(ready, look), look);
}

/** Returns the upload if it is this connection's. */
async function sentFileOf(
  { store }: Pick<ApiServices, "store">,
  { connection }: OpenUpload,
  uploadId: string,
): Promise<Upload | null> {
  const upload = await findFile(store.db, { environmentId: connection.environment_id, uploadId });
  return upload?.user_id === connection.user_id ? upload : null;
}

/** @throws SystoleError SESSION_NOT_FOUND when this browser has no such connection, or no longer */
export async function openUpload(services: ApiServices, request: FastifyRequest): Promise<OpenUpload> {
  const { session: link, provider: slug } = request.params as z.output<typeof providerParams>;
  const open = await findUpload(services, request, { link, slug });
  if (open === null) throw new SystoleError("SESSION_NOT_FOUND");
  return open;
}

const tags = ["Connecting"];
const path = "/connect/:session/:provider";

export function uploadPageRoutes(app: Api, services: ApiServices): void {
  firstDataRoutes(app, services);
  zoneRoute(app, services);
}

function firstDataRoutes(app: Api, services: ApiServices): void {
  const hasArrived = async (request: FastifyRequest) => {
    const open = await openUpload(services, request);
    return { open, arrived: await hasPushed(services.store.db, connectionIdOf(open.connection)) };
  };
  const asked = {
    tags,
    summary: "Whether the first data of a new connection has come",
    params: providerParams,
    response: { 200: z.object({ arrived: z.boolean() }) },
  };
  app.get(`${path}/first-data`, { schema: asked }, async (request, reply) => {
    const { arrived } = await hasArrived(request);
    return reply.header("cache-control", "no-store").send({ arrived });
  });
  const framed = { tags, summary: "The same as a page that loads itself again", params: providerParams };
  app.get(`${path}/first-data/frame`, { schema: framed }, async (request, reply) => {
    const { open, arrived } = await hasArrived(request);
    const look = await lookOfSession(services, request, open.session);
    return sendDocument(reply, 200, firstDataPage({ hasArrived: arrived }, look), look);
  });
}

function zoneRoute(app: Api, services: ApiServices): void {
  const schema = {
    tags,
    summary: "The time zone that a person chose",
    params: providerParams,
    body: z.object({ zone: z.string().max(64) }),
  };
  app.post(`${path}/zone`, { schema }, async (request, reply) => {
    const open = await openUpload(services, request);
    const { connecting } = open.provider;
    const zone = readZone(request.body.zone);
    if (connecting.kind !== "upload" || connecting.zone === undefined)
      throw new SystoleError("ROUTE_NOT_FOUND");
    const { format, body } = connecting.zone;
    if (zone !== null) {
      await services.acceptUpload(open.connection, { format, headers: {}, body: body(zone) });
    }
    const query = new URLSearchParams({ zone: zone ?? request.body.zone });
    return reply.redirect(`/connect/${open.link}/${open.provider.slug}?${query}#zone`, 303);
  });
}
