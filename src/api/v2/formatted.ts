/** Reads that ask for another format than Terra's: their parameters, and their answers. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { RecordFormat } from "../../export/contract.ts";
import { loadFormat } from "../../export/formats.ts";
import type { JoinedBody } from "../../export/joined.ts";
import type { DataRequest } from "../../requests/data-request.ts";
import { answerFormatted, answerOriginals } from "../../requests/formatted.ts";
import type { Connection } from "../../store/connections.ts";
import { exportsOf } from "../exports-of.ts";
import type { ApiServices } from "../services.ts";
import { nameLeftOut } from "./left-out.ts";
import { flag } from "./parameters.ts";

export const formatQuery = {
  format: z
    .string()
    .optional()
    .describe(
      "`terra` (when absent), `fhir` (a searchset Bundle) or `fit` (a file; several are a ZIP file). In another format than `terra` the data is always in the answer, whatever `to_webhook` says",
    ),
  original: flag
    .default(false)
    .describe("With `format=fit`: the files that the provider itself sent, as they are, in place of ours"),
};

/** Returns null for Terra's. @throws SystoleError FORMAT_UNKNOWN */
export async function otherFormat(name = "terra"): Promise<RecordFormat | null> {
  return name === "terra" ? null : loadFormat(name);
}

interface Formatted {
  readonly connection: Connection;
  readonly wanted: DataRequest;
  readonly format: RecordFormat;
  readonly original: boolean;
}

/** @throws SystoleError FORMAT_LACKS_DATA_TYPE */
export async function sendFormatted(
  services: ApiServices,
  request: FastifyRequest,
  reply: FastifyReply,
  { connection, wanted, format, original }: Formatted,
): Promise<FastifyReply> {
  const { store, publicUrl, converter } = services;
  if (original && format.name === "fit") {
    const body = await answerOriginals(store, connection, wanted, format);
    return sendFile(reply, body, `${wanted.type}${body.extension}`);
  }
  const exports = exportsOf(services, request);
  const addresses = { serverUrl: `${publicUrl}/fhir`, selfUrl: `${publicUrl}${request.url}` };
  const answering = { db: store.db, bodies: store.bodies, exports, converter, addresses };
  const { body, leftOut } = await answerFormatted(answering, connection, wanted, format);
  nameLeftOut(reply, leftOut);
  return sendFile(reply, body, `${wanted.type}${body.extension}`);
}

/** Sends a file; JSON is shown by browsers, other files are saved. */
export function sendFile(
  reply: FastifyReply,
  { contentType, bytes }: JoinedBody,
  name: string,
): FastifyReply {
  const shown = contentType.endsWith("json") ? "inline" : "attachment";
  return reply
    .type(contentType)
    .headers({
      "content-disposition": `${shown}; filename="${name}"`,
      "x-content-type-options": "nosniff",
    })
    .send(bytes);
}
