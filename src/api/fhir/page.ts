/** Pages of a searchset, and the links between them. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Served } from "../../export/fhir/served.ts";

const formats = ["json", "application/json", "application/fhir+json", "application/fhir json"] as const;

/** The parameters of every search. A plus sign in a query is a space. */
export const pageQuery = {
  _count: z.coerce.number().int().min(1).max(1_000).default(100),
  _page: z.string().max(4_000).optional(),
  _format: z.enum(formats).optional(),
};

interface Answered {
  readonly publicUrl: string;
  readonly request: FastifyRequest;
  readonly resources: readonly Served[];
  /** Those of them that were not found, but go with what was. */
  readonly included?: readonly Served[];
  /** The `_page` of the next page; null on the last. */
  readonly next: string | null;
  readonly total?: number;
}

export function searchset({ publicUrl, request, resources, included = [], next, total }: Answered) {
  const self = `${publicUrl}${request.url}`;
  const link = [{ relation: "self", url: self }, ...(next === null ? [] : [nextLink(self, next)])];
  const entry = resources.map((resource) => ({
    fullUrl: `${publicUrl}/fhir/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode: included.includes(resource) ? "include" : "match" },
  }));
  const counted = total === undefined ? {} : { total };
  // FHIR has no empty lists.
  return {
    resourceType: "Bundle",
    type: "searchset",
    ...counted,
    link,
    ...(entry.length > 0 && { entry }),
  } as const;
}

function nextLink(self: string, next: string) {
  const url = new URL(self);
  url.searchParams.set("_page", next);
  return { relation: "next", url: url.href };
}

/** The parameter that names a page, and what is wrong where it names none. */
export const pageParameter = ["_page", "is not the page of a link"] as const;
