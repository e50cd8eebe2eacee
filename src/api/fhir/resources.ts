/** A page of the resources of a person's records, as the answer to a search. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Served } from "../../export/fhir/served.ts";
import { type DataType, dataTypes } from "../../models/index.ts";
import { type ResourcesWanted, readResourcePage } from "../../requests/resource-pages.ts";
import type { Connection } from "../../store/connections.ts";
import { readPlace, writePlace } from "../admin/places.ts";
import type { ApiServices } from "../services.ts";
import { pageParameter, searchset } from "./page.ts";
import { readingFor } from "./reading.ts";

/** Before and after every day. */
export const [firstDay, lastDay] = ["0000-00-00", "9999-99-99"] as const;

const placeSchema = z.tuple([
  z.enum(dataTypes as [DataType, ...DataType[]]),
  z.string(),
  z.string().max(64).nullable(),
]);

export interface ResourcesAsked extends Omit<ResourcesWanted, "from"> {
  /** The entries before the records' resources, on the first page alone. */
  before(): Promise<Before>;
  readonly page: string | undefined;
}

interface Before {
  /** They count as found. */
  readonly resources: readonly Served[];
  /** The resources that those of all pages refer to; `_count` does not count them. */
  readonly included: readonly Served[];
}
const nothingBefore: Before = { resources: [], included: [] };

export async function answerResources(
  services: ApiServices,
  request: FastifyRequest,
  connection: Connection,
  { before, page, count, ...wanted }: ResourcesAsked,
) {
  const { publicUrl } = services;
  const from = page === undefined ? null : readFrom(page);
  const first = from === null ? await before() : nothingBefore;
  const read = await readResourcePage(readingFor(services, request), connection, {
    ...wanted,
    from,
    count: count - first.resources.length,
  });
  const next = read.next && writePlace([read.next.type, read.next.naturalKey, read.next.after]);
  const resources = [...first.resources, ...first.included, ...read.resources];
  return searchset({ publicUrl, request, resources, included: first.included, next });
}

/** @throws SystoleError REQUEST_INVALID */
function readFrom(page: string): ResourcesWanted["from"] {
  const [type, naturalKey, after] = readPlace(page, placeSchema, pageParameter);
  return { type, naturalKey, after };
}
