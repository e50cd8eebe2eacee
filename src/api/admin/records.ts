/** Routes for a user's records and the exact bodies that each of them came from. */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { loadFormat } from "../../export/formats.ts";
import { fileName } from "../../export/joined.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import { assertFormed, namedTexts } from "../../requests/formatted.ts";
import { originalFits } from "../../requests/originals.ts";
import { type ConnectionId, connectionIdOf } from "../../store/connections.ts";
import { findPayloads } from "../../store/raw-payload-facts.ts";
import { findOrigin, listOrigins, type OriginPlace, type RecordOrigin } from "../../store/record-origins.ts";
import { readFrames } from "../../store/records.ts";
import { decompress } from "../../store/zstd.ts";
import { environmentIdOf } from "../auth.ts";
import { exportsOf } from "../exports-of.ts";
import type { Api } from "../schema.ts";
import type { ApiServices } from "../services.ts";
import { connectionOf } from "../v2/connection-of.ts";
import { sendFile } from "../v2/formatted.ts";
import { nameLeftOut } from "../v2/left-out.ts";
import { flag } from "../v2/parameters.ts";
import { id, iso, pageQuery, time } from "./parameters.ts";
import { readPlace, writePlace } from "./places.ts";
import { shownPayload, showPayload } from "./raw-payloads.ts";
import { userParams } from "./users.ts";

const tags = ["Admin: users"];
const type = z.enum(dataTypes as [DataType, ...DataType[]]);

const shown = z.object({
  type: z.string(),
  natural_key: z.string(),
  revision: z.int(),
  mapper_version: z.int().describe("The version of the mapping that made the record"),
  start_time: z.string().nullable().describe("As in the record's metadata"),
  end_time: z.string().nullable(),
  raw_payload_ids: z.array(id).describe("The raw payloads from which it was made"),
  raw: z.string().describe("The path of those bodies"),
  created_at: time,
  updated_at: time,
});

export function recordRoutes(app: Api, services: ApiServices): void {
  listRoute(app, services);
  getRoute(app, services);
  rawRoute(app, services);
  formatRoute(app, services);
}

function listRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "A user's records and their sources, latest start first",
    params: userParams,
    querystring: pageQuery.extend({
      before: z.string().optional().describe("`next` of the previous page"),
      type: type.optional(),
      start_date: z.iso
        .date()
        .optional()
        .describe("The first day, compared with the records' own start; included"),
      end_date: z.iso.date().optional().describe("The last day, included"),
    }),
    response: { 200: z.object({ data: z.array(shown), next: z.string().nullable() }) },
  };
  app.get("/users/:id/records", { schema }, async (request) => {
    const { limit, before, type, start_date: from, end_date: to } = request.query;
    const owner = await ownerOf(store, request);
    const place = before === undefined ? undefined : readPlace(before, placeSchema);
    const wanted = {
      type,
      span: { ...(from && { from }), ...(to && { to }) },
      before: place,
      limit: limit + 1,
    };
    const rows = await listOrigins(store.db, owner, wanted);
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return {
      data: data.map((row) => show(owner.userId, row)),
      next: rows.length > limit && last !== undefined ? writePlace(placeOf(last)) : null,
    };
  });
}

function getRoute(app: Api, { store }: ApiServices): void {
  const schema = {
    tags,
    summary: "One record whole, with its samples",
    description: "A natural key may be any text: encode it as a part of a path.",
    params: userParams.extend({ type, natural_key: z.string() }),
    response: { 200: shown.extend({ record: z.unknown().describe("As REST answers it, byte for byte") }) },
  };
  app.get("/users/:id/records/:type/:natural_key", { schema }, async (request, reply) => {
    const { type, natural_key: naturalKey } = request.params;
    const owner = await ownerOf(store, request);
    const [facts, [frame]] = await Promise.all([
      findOrigin(store.db, owner, type, naturalKey),
      readFrames(store, { ...owner, type }, [naturalKey]),
    ]);
    if (facts === null || frame === undefined) {
      throw new SystoleError("RESOURCE_NOT_FOUND", { type, natural_key: naturalKey });
    }
    // The record is put in as it is: parsing and printing it again would change its numbers.
    const record = (await decompress(frame.zstd, frame.bytes)).toString("utf8");
    const json = `${JSON.stringify(show(owner.userId, facts)).slice(0, -1)},"record":${record}}`;
    return reply.type("application/json; charset=utf-8").send(json);
  });
}

function rawRoute(app: Api, { store }: ApiServices): void {
  const payload = shownPayload.extend({ path: z.string().describe("The path of the body, byte for byte") });
  const schema = {
    tags,
    summary: "The exact bodies a record came from",
    description: "A natural key may be any text: encode it as a part of a path.",
    params: userParams.extend({ type, natural_key: z.string() }),
    response: { 200: shown.extend({ data: z.array(payload) }) },
  };
  app.get("/users/:id/records/:type/:natural_key/raw", { schema }, async (request) => {
    const { type, natural_key: naturalKey } = request.params;
    const owner = await ownerOf(store, request);
    const record = await findOrigin(store.db, owner, type, naturalKey);
    if (record === null) throw new SystoleError("RESOURCE_NOT_FOUND", { type, natural_key: naturalKey });
    const payloads = await findPayloads(store.db, owner, record.rawPayloadIds);
    const data = payloads.map((one) => ({
      ...showPayload(one),
      path: `/admin/v1/users/${owner.userId}/raw/${one.raw_payload_id}`,
    }));
    return { ...show(owner.userId, record), data };
  });
}

function formatRoute(app: Api, services: ApiServices): void {
  const { store, converter } = services;
  const bytes = { schema: { type: "string", format: "binary" } };
  const schema = {
    tags,
    summary: "One record in another format, as a file",
    description:
      "`fhir`: the transaction Bundle that a destination gets. `fit`: a file; with `original` the one that the provider itself sent. A natural key may be any text: encode it as a part of a path.",
    params: userParams.extend({
      type,
      natural_key: z.string(),
      format: z.string().describe("`fhir` or `fit`"),
    }),
    querystring: z.object({ original: flag.default(false) }),
    response: { 200: { description: "The record", content: { "*/*": bytes } } },
  };
  app.get("/users/:id/records/:type/:natural_key/:format", { schema }, async (request, reply) => {
    const { id, type, natural_key: naturalKey, format: name } = request.params;
    const format = await loadFormat(name);
    assertFormed(format, type);
    const connection = await connectionOf(store.db, environmentIdOf(request), id);
    const missing = (): never => {
      throw new SystoleError("RESOURCE_NOT_FOUND", { type, natural_key: naturalKey, format: name });
    };
    const { contentType, extension } = format;
    const filename = fileName({ type, naturalKey }, extension);
    if (request.query.original && name === "fit") {
      const origin = await findOrigin(store.db, connectionIdOf(connection), type, naturalKey);
      const [original] = origin === null ? [] : await originalFits(store, connection, origin);
      return sendFile(reply, { contentType, extension, bytes: original ?? missing() }, filename);
    }
    const records = await namedTexts(store, connection, { type, withSamples: true }, [naturalKey]);
    const settings = exportsOf(services, request);
    const { body, written, leftOut } = await converter.convert("files", { records, settings, format: name });
    nameLeftOut(reply, leftOut);
    return sendFile(reply, written === 0 ? missing() : body, filename);
  });
}

async function ownerOf(
  { db }: ApiServices["store"],
  request: Parameters<typeof environmentIdOf>[0] & { readonly params: { readonly id: string } },
): Promise<ConnectionId> {
  const { environment_id, user_id } = await connectionOf(db, environmentIdOf(request), request.params.id);
  return { environmentId: environment_id, userId: user_id };
}

const show = (userId: string, record: RecordOrigin): z.output<typeof shown> => ({
  type: record.type,
  natural_key: record.naturalKey,
  revision: record.revision,
  mapper_version: record.mapperVersion,
  start_time: record.startTime,
  end_time: record.endTime,
  raw_payload_ids: [...record.rawPayloadIds],
  raw: `/admin/v1/users/${userId}/records/${record.type}/${encodeURIComponent(record.naturalKey)}/raw`,
  created_at: iso(record.createdAt),
  updated_at: iso(record.updatedAt),
});

const placeSchema = z.tuple([z.string(), z.string(), z.string()]);

const placeOf = ({ startTime, type, naturalKey }: RecordOrigin): OriginPlace => [
  startTime ?? "",
  type,
  naturalKey,
];
