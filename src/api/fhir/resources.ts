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
  z.int().min(0).max(10_000_000),
]);

export interface ResourcesAsked extends Omit<ResourcesWanted, "from"> {
  /** Resources that go before those of the records; asked for where a page has some of them. */
  before(): Promise<readonly Served[]>;
  readonly page: string | undefined;
}

export async function answerResources(
  services: ApiServices,
  request: FastifyRequest,
  connection: Connection,
  { before, page = firstPage, count, ...wanted }: ResourcesAsked,
) {
  const { publicUrl } = services;
  const begin = beforeForm.exec(page)?.[1];
  const rest = begin === undefined ? [] : (await before()).slice(Number(begin));
  const first = rest.slice(0, count);
  // The records begin on a page of their own where these fill one.
  if (first.length === count)
    return searchset({ publicUrl, request, resources: first, next: `before-${Number(begin) + count}` });
  const from = begin === undefined ? readFrom(page) : null;
  const read = await readResourcePage(readingFor(services, request), connection, {
    ...wanted,
    from,
    count: count - first.length,
  });
  const next = read.next && writePlace([read.next.type, read.next.naturalKey, read.next.skip]);
  return searchset({ publicUrl, request, resources: [...first, ...read.resources], next });
}

/** The `_page` of those that go before the records, from the one with this number on. */
const beforeForm = /^before-(\d{1,7})$/;
const firstPage = "before-0";

/** @throws SystoleError REQUEST_INVALID */
function readFrom(page: string): ResourcesWanted["from"] {
  const [type, naturalKey, skip] = readPlace(page, placeSchema, pageParameter);
  return { type, naturalKey, skip };
}
