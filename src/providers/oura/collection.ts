/** Oura's collections: `GET /v2/usercollection/{collection}` for days, in pages, and `…/{id}` for one document. */
import { z } from "zod";
import { declareResource, type ResourceDeclaration } from "../kit/declare-resource.ts";
import { everything, listed, parseRange, ranged } from "../kit/discovery.ts";
import { shiftDate } from "../kit/iso-time.ts";
import type { ProviderRequest, ProviderResponse, ServedResource } from "../provider.ts";
import { ouraApi } from "./names.ts";
import type { ScopeName } from "./scopes.ts";

/** Days back to a time before the first ring (2016): Oura keeps everything. */
export const reachDays = 12 * 365;

const root = "/v2/usercollection";

/**
 * The most pages of one call. Oura names no size of pages; 2,141 daily documents and 1,101 samples came in one [R]. A
 * hundred pages hold what a call can have even where they are far smaller: two months of nights with one night in a
 * page, a year of workouts with a dozen, two weeks of samples with a thousand (a sample every five minutes, and every
 * five seconds in nine hours of workouts each day).
 */
export const mostPages = 100;

/** The id of a document. The ids seen are UUIDs. */
const idPattern = /^[\w-]{1,100}$/;
export const documentId = z.string().regex(idPattern, "Expected an id");
export const isDocumentId = (text: string): boolean =>
  idPattern.test(text) && !/^\d{4}-\d\d-\d\d$/.test(text);

export interface CollectionDeclaration<Schema extends z.ZodType>
  extends Pick<
    ResourceDeclaration<Schema>,
    "name" | "schema" | "ledger" | "keys" | "timeOf" | "endsWithId" | "followUps"
  > {
  readonly collection: string;
  readonly scope: ScopeName;
  /** The most days in one call. Documents of a few hundred bytes come by the year. */
  readonly daysPerCall: number;
}

/** Declares a collection of documents that belong to days. */
export const declareCollection = <Schema extends z.ZodType>({
  collection,
  daysPerCall,
  ...declared
}: CollectionDeclaration<Schema>): ServedResource<z.output<Schema>> =>
  declareResource({
    ...declared,
    api: ouraApi,
    envelope: "data",
    discovery: ranged({ announced: true, reachDays, daysPerCall }),
    request(key) {
      const range = parseRange(key);
      if (range) return get(`${root}/${collection}?${daysQuery(range)}`);
      return isDocumentId(key) ? get(`${root}/${collection}/${key}`) : null;
    },
    nextPage,
    mostPages,
  });

/** Declares a collection that takes no days. */
export const declareListed = <Schema extends z.ZodType>({
  collection,
  ...declared
}: Omit<CollectionDeclaration<Schema>, "daysPerCall">): ServedResource<z.output<Schema>> =>
  declareResource({
    ...declared,
    api: ouraApi,
    envelope: "data",
    discovery: listed({ announced: true, reachDays: 1 }),
    request(key) {
      if (key === everything) return get(`${root}/${collection}`);
      return isDocumentId(key) ? get(`${root}/${collection}/${key}`) : null;
    },
    nextPage,
    mostPages,
  });

export const get = (path: string): ProviderRequest => ({ method: "GET", path });

/**
 * Asks for one day more on each side. Documents are filtered by a time of theirs, not by their day: a day's activity by
 * 04:00 local time, a night by its bedtime; and a bare end date means its midnight, so that its own day would be missing.
 * What comes besides is the same document as ever, by its id.
 */
const daysQuery = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `start_date=${shiftDate(from, -1)}&end_date=${shiftDate(to, 1)}T23:59:59`;

const page = z.object({ next_token: z.string().min(1).nullish() });

/** Returns the request for the page that `next_token` names. The other parameters stay as they are. */
export function nextPage(request: ProviderRequest, { body }: ProviderResponse): ProviderRequest | null {
  const { next_token: token } = page.safeParse(JSON.parse(body.toString("utf8"))).data ?? {};
  if (token == null) return null;
  const [path = "", query = ""] = request.path.split("?");
  const asked = query.split("&").filter((pair) => pair !== "" && !pair.startsWith("next_token="));
  return { ...request, path: `${path}?${[...asked, `next_token=${encodeURIComponent(token)}`].join("&")}` };
}
