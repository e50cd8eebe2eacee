/** What stands of records on the server. */
import type { Identifier } from "../../export/fhir/types.ts";
import { chunksOf } from "../kit/chunks.ts";
import { failure } from "../kit/failure.ts";
import { jsonObject } from "../kit/http.ts";
import { refusal } from "./outcome.ts";
import type { RecordBundle } from "./record-bundle.ts";
import type { FhirServer } from "./server.ts";

/** A resource of a record. */
export interface Standing {
  readonly resourceType: string;
  readonly id: string;
  /** The server's version, on condition of which it is overwritten; null where the server keeps none. */
  readonly version: string | null;
  readonly identifier: readonly Identifier[];
  /** The newest among its tags: servers keep the tags of former versions. 0 where it has none. */
  readonly revision: number;
  /** Whether it is an Observation that says nothing any more. */
  readonly isWithdrawn: boolean;
  /** Of a Patient all that the server has, which others may have written; of an Observation what was asked for. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** Whether it has an identifier. */
export const isIdentifiedBy = ({ identifier }: Pick<Standing, "identifier">, wanted: Identifier): boolean =>
  identifier.some(({ system, value }) => system === wanted.system && value === wanted.value);

interface Found extends Readonly<Record<string, unknown>> {
  readonly resourceType?: string;
  readonly id?: string;
  readonly status?: string;
  readonly meta?: {
    readonly versionId?: string;
    readonly tag?: readonly { readonly system?: string; readonly code?: string }[];
  };
  readonly identifier?: readonly Partial<Identifier>[];
}

interface Page {
  readonly link?: readonly { readonly relation?: string; readonly url?: string }[];
  readonly entry?: readonly { readonly resource?: Found }[];
}

/** A URL of 25 tags or identifiers has about four thousand characters. */
const askedAtOnce = { count: 25 };
const pageSize = 200;
/** A record has a few hundred Observations at most; a server whose pages do not end is given up. */
const mostPages = 50;

/**
 * Returns the resources of each record. `thoroughly` finds also those that stand without our tag, because something
 * else than this kind wrote the Bundle: the usual path does without that search.
 * @throws DeliveryError
 */
export async function standingOf(
  server: FhirServer,
  records: readonly RecordBundle[],
  thoroughly: boolean,
  signal: AbortSignal,
): Promise<Map<RecordBundle, readonly Standing[]>> {
  const queries = [...tagQueries(records), ...identifierQueries(records, thoroughly)];
  const found = new Map<string, Found>();
  for (const query of queries) {
    for (const resource of await search(server, query, signal)) {
      found.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  return new Map(records.map((record) => [record, resourcesOf(record, [...found.values()])]));
}

const token = (system = "", value = ""): string =>
  `${encodeURIComponent(system)}%7C${encodeURIComponent(value)}`;

/** A Patient is overwritten with what others wrote into it, and so is read whole. */
const elementsOf = (type: string): string => (type === "Patient" ? "" : "&_elements=identifier,meta,status");

const queriesOf = (type: string, parameter: string, tokens: readonly string[]): string[] =>
  chunksOf(tokens, askedAtOnce).map(
    (some) => `${type}?${parameter}=${some.join(",")}${elementsOf(type)}&_count=${pageSize}`,
  );

function tagQueries(records: readonly RecordBundle[]): string[] {
  const ofObservations = records.filter(({ own }) =>
    own.every(({ resource }) => resource.resourceType !== "Patient"),
  );
  const tokens = ofObservations.map(({ tag }) => token(tag.system, tag.code));
  return queriesOf("Observation", "_tag", tokens);
}

/** A Patient is always looked for by its identifier: the first workout made it, without the profile's tag. */
function identifierQueries(records: readonly RecordBundle[], thoroughly: boolean): string[] {
  const own = records.flatMap((record) => record.own);
  return ["Patient", ...(thoroughly ? ["Observation"] : [])].flatMap((type) => {
    const some = own.filter(({ resource }) => resource.resourceType === type);
    return queriesOf(
      type,
      "identifier",
      some.map(({ identifier }) => token(identifier.system, identifier.value)),
    );
  });
}

/** All pages of a search. @throws DeliveryError */
async function search(server: FhirServer, query: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  let path: string | null = query;
  for (let pages = 0; path !== null; pages++) {
    if (pages === mostPages) throw failure("DELIVERY_FAILED", "the pages of a search do not end");
    const answer = await server.get(path, signal);
    const page = jsonObject(answer.text);
    if (answer.status !== 200 || page.resourceType !== "Bundle") throw refusal(answer, "search").error;
    const { entry = [], link = [] } = page as Page;
    found.push(...entry.flatMap(({ resource }) => (resource === undefined ? [] : [resource])));
    path = nextPath(server, link.find(({ relation }) => relation === "next")?.url);
  }
  return found;
}

/** Our credentials go nowhere but below the base. @throws DeliveryError */
function nextPath({ base }: FhirServer, url: string | undefined): string | null {
  if (url === undefined) return null;
  const next = URL.parse(url, `${base.href.replace(/\/$/, "")}/`);
  const prefix = base.pathname.replace(/\/$/, "");
  const path = next === null ? "" : `${next.pathname}${next.search}`;
  const isBelow = next?.origin === base.origin && path.startsWith(prefix);
  if (!isBelow)
    throw failure("DELIVERY_FAILED", "the next page of a search is at another address than the base");
  return path.slice(prefix.length).replace(/^\//, "");
}

/** A server may ignore a parameter: what it found is compared with what was asked for. */
function resourcesOf(record: RecordBundle, found: readonly Found[]): Standing[] {
  return found.flatMap((content): Standing[] => {
    const { resourceType = "", id, status, meta = {}, identifier: given = [] } = content;
    const identifier = given.map(({ system = "", value = "", ...rest }) => ({ ...rest, system, value }));
    const tags = meta.tag ?? [];
    const isTagged = tags.some(
      ({ system, code }) => system === record.tag.system && code === record.tag.code,
    );
    const isOurs = isTagged || record.own.some((own) => isIdentifiedBy({ identifier }, own.identifier));
    if (id === undefined || !isOurs) return [];
    const revisions = tags.filter(({ system }) => system === record.revisionSystem);
    const revision = Math.max(0, ...revisions.map(({ code }) => Number(code) || 0));
    const isWithdrawn = status === "entered-in-error";
    const version = meta.versionId ?? null;
    return [{ resourceType, id, version, identifier, revision, isWithdrawn, content }];
  });
}
