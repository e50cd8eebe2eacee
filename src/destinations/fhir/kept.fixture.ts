/**
 * Resources as tests compare them, whether they are in a Bundle or on a server: without what is the server's (ids,
 * versions) and with their identifiers, or a Device's own words, in the place of references.
 */
import type { Arrival } from "../conformance/target.ts";

/** TypeScript does not know it yet. */
const { isRawJSON } = JSON as typeof JSON & { isRawJSON(value: unknown): boolean };

interface Coding {
  readonly system: string;
  readonly code: string;
}

export interface StoredResource {
  readonly resourceType: string;
  readonly id?: string;
  readonly meta?: { readonly profile?: readonly string[]; readonly tag?: readonly Coding[] };
  readonly identifier: readonly { readonly system: string; readonly value: string }[];
  readonly [field: string]: unknown;
}

interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource?: StoredResource;
  readonly request: { readonly method: string };
}

type Resolve = (reference: string) => StoredResource | undefined;

const isOf =
  (name: string) =>
  ({ system }: Coding) =>
    system.endsWith(`/identifier/${name}`);
const [isRecord, isRevision] = [isOf("record"), isOf("revision")];

const tagsOf = ({ meta }: StoredResource): readonly Coding[] => meta?.tag ?? [];
const namedBy = ({ identifier }: StoredResource): string =>
  identifier.map(({ system, value }) => `${system}|${value}`).join();

/** Servers keep the revisions of former versions among the tags, and the newest counts. */
const revisionOf = (resource: StoredResource): number =>
  Math.max(
    0,
    ...tagsOf(resource)
      .filter(isRevision)
      .map(({ code }) => Number(code)),
  );

/** The resources of a record that stand after its Bundle was written, as one text. */
export function keptOfBundle(bundle: string): string {
  const { entry } = JSON.parse(bundle) as { entry: readonly BundleEntry[] };
  const byUrl = new Map(entry.map(({ fullUrl, resource }) => [fullUrl, resource]));
  const own = entry.flatMap(({ resource, request }) =>
    resource?.resourceType === "Observation" ||
    (resource?.resourceType === "Patient" && request.method === "PUT")
      ? [resource]
      : [],
  );
  return textOf(own, (reference) => byUrl.get(reference));
}

/** Returns the records of all resources that stand. Resources of one record in different revisions have none. */
export function arrivalsOf(stored: readonly StoredResource[]): Arrival[] {
  const byReference = new Map(stored.map((one) => [`${one.resourceType}/${one.id}`, one]));
  const tagged = stored.flatMap((resource) => {
    const [tag] = tagsOf(resource).filter(isRecord);
    return tag === undefined && resource.resourceType !== "Observation" ? [] : [{ resource, tag }];
  });
  const records = Map.groupBy(tagged, ({ tag }) => `${tag?.system}|${tag?.code}`);
  return [...records.values()].map((some) => {
    const resources = some.map(({ resource }) => resource);
    const [revision, another] = new Set(resources.map(revisionOf));
    return {
      eventId: null,
      revision: another === undefined ? (revision ?? null) : null,
      json: textOf(resources, (reference) => byReference.get(reference)),
    };
  });
}

const textOf = (resources: readonly StoredResource[], resolve: Resolve): string =>
  JSON.stringify(
    resources.map((one) => comparable(one, resolve)).sort((one, other) => (one.key < other.key ? -1 : 1)),
  );

function comparable(resource: StoredResource, resolve: Resolve) {
  const { id: _, meta, text: __, ...rest } = resource;
  const tags = tagsOf(resource)
    .filter((tag) => !isRecord(tag) && !isRevision(tag))
    .map(({ system, code }) => `${system}|${code}`)
    .sort();
  return { key: namedBy(resource), profile: meta?.profile ?? [], tags, rest: withIdentifiers(rest, resolve) };
}

function withIdentifiers(value: unknown, resolve: Resolve): unknown {
  if (Array.isArray(value)) return value.map((each) => withIdentifiers(each, resolve));
  if (typeof value !== "object" || value === null || isRawJSON(value)) return value;
  const { reference } = value as { reference?: unknown };
  if (typeof reference === "string") return { names: target(resolve(reference), resolve) };
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withIdentifiers(each, resolve)]),
  );
}

function target(resource: StoredResource | undefined, resolve: Resolve): unknown {
  if (resource?.resourceType !== "Device") return resource && namedBy(resource);
  const { id: _, meta: __, ...rest } = resource;
  return withIdentifiers(rest, resolve);
}
