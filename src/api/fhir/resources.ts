/** Answers with a page of the resources that a person's records hold. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Served } from "../../export/fhir/served.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import { type ResourcesWanted, readResourcePage } from "../../requests/resource-pages.ts";
import type { Connection } from "../../store/connections.ts";
import { writePlace } from "../admin/places.ts";
import type { ApiServices } from "../services.ts";
import { parameterError, searchset } from "./page.ts";

const placeSchema = z.tuple([
  z.enum(dataTypes as [DataType, ...DataType[]]),
  z.string(),
  z.int().min(0).max(10_000_000),
]);

export interface ResourcesAsked extends Omit<ResourcesWanted, "from"> {
  /** Resources that go before those of the records; they count too. */
  readonly before: readonly Served[];
  readonly page: string | undefined;
}

export async function answerResources(
  { store: { db }, exports, publicUrl }: ApiServices,
  request: FastifyRequest,
  connection: Connection,
  { before, page, count, ...wanted }: ResourcesAsked,
) {
  const from = page === undefined || page === firstRecord ? null : readFrom(page);
  const left = count - before.length;
  // A page of one is full with the Patient.
  if (left < 1) return searchset({ publicUrl, request, resources: before, next: firstRecord });
  const read = await readResourcePage({ db, exports }, connection, { ...wanted, from, count: left });
  const next = read.next && writePlace([read.next.type, read.next.naturalKey, read.next.skip]);
  return searchset({ publicUrl, request, resources: [...before, ...read.resources], next });
}

/** The `_page` of what follows the Patient where the Patient fills a page. */
const firstRecord = "first";

/** @throws SystoleError REQUEST_INVALID */
function readFrom(page: string): ResourcesWanted["from"] {
  try {
    const json: unknown = JSON.parse(Buffer.from(page, "base64url").toString("utf8"));
    const [type, naturalKey, skip] = placeSchema.parse(json);
    return { type, naturalKey, skip };
  } catch (cause) {
    throw parameterError("_page", "is not the page of a link", cause);
  }
}
