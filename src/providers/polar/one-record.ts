/**
 * Makes one record of what two APIs say of the same night, day or session. Each API's normaliser makes its own record;
 * these are merged leaf by leaf. The table below says which API is asked first, so the order of arrival does not matter.
 */
import { type DataType, SampleColumns } from "../../models/index.ts";
import { isFields } from "../ledger-tree.ts";
import type { Part } from "../provider.ts";
import type { OfferingNormalizer, Told } from "../provider-data.ts";
import { joinedMeasurements } from "./joined-measurements.ts";
import { accesslink, dynamic } from "./names.ts";
import { type Precedence, precedenceFor } from "./precedence.ts";

export type PolarApi = typeof accesslink | typeof dynamic;

/** The records of one thing, by the API whose parts they were made of. */
export interface RecordsByApi {
  readonly [accesslink]: unknown;
  readonly [dynamic]: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** The key in `provider_data.polar` that says which API each field is from. */
const sourcesKey = "sources";
/** The path that stands for a whole record. */
const wholeRecord = "*";

export const toldOfSources: Told = {
  path: sourcesKey,
  kind: "json",
  what: "the API each field is from, by the field's path; a path stands for everything below it, a number in it for an item of a joined list, and * for the whole record",
};

/**
 * Returns the merged record. What only AccessLink v3 says is its record unchanged, without `sources`; null where neither
 * API has a record, or where the two together still have no time.
 */
export function oneRecordOf(type: DataType, records: RecordsByApi): unknown {
  const [v3, v4] = [records[accesslink], records[dynamic]];
  if (!isFields(v4)) return v3;
  const before = isFields(v3) ? v3 : {};
  const merged = merge({ v3: before, v4 }, "", precedenceFor(type, v3));
  if (!isTimed(type, merged.value)) return null;
  return withSources(merged);
}

/** Tells whether the record says when it was. A part that only supplements others does not; a person has no time. */
function isTimed(type: DataType, record: unknown): boolean {
  if (type === "athlete") return true;
  const metadata = isFields(record) ? record.metadata : undefined;
  return isFields(metadata) && hasValue(metadata.start_time);
}

/** What both APIs have at one place. */
interface Pair {
  readonly v3: unknown;
  readonly v4: unknown;
}

interface Merged {
  readonly value: unknown;
  /** The API that the whole value is from; null where nothing is there; a map by field where the fields differ. */
  readonly source: Source;
}

type Source = PolarApi | null | ReadonlyMap<string, Source>;

const hasValue = (value: unknown): boolean =>
  value !== null && value !== undefined && !(isList(value) && value.length === 0);

const isList = (value: unknown): value is readonly unknown[] | SampleColumns<object> =>
  Array.isArray(value) || value instanceof SampleColumns;

function merge(pair: Pair, path: string, table: readonly Precedence[]): Merged {
  if (isJoined(pair, path, table)) return join(pair, path, table);
  return isFields(pair.v3) || isFields(pair.v4) ? mergeFields(pair, path, table) : choose(pair, path, table);
}

/** Tells whether both APIs have a list here that is joined. */
const isJoined = ({ v3, v4 }: Pair, path: string, table: readonly Precedence[]): boolean =>
  hasValue(v3) && hasValue(v4) && table.some((row) => row.isJoined && row.path === path);

/** Returns the items of both lists. Those that are one thing are merged field by field. */
function join({ v3, v4 }: Pair, path: string, table: readonly Precedence[]): Merged {
  const items = joinedMeasurements(v3 as Fields[], v4 as Fields[]).map((pair, index) =>
    mergeFields(pair, `${path}.${index}`, table),
  );
  return {
    value: items.map(({ value }) => value),
    source: together(new Map(items.map(({ source }, index) => [String(index), source]))),
  };
}

/** Returns a leaf. A list is one leaf: samples of two APIs are never mixed. */
function choose({ v3, v4 }: Pair, path: string, table: readonly Precedence[]): Merged {
  const first = preferredAt(path, table);
  const [one, other] = first === dynamic ? [v4, v3] : [v3, v4];
  if (hasValue(one)) return { value: one, source: first };
  if (hasValue(other)) return { value: other, source: first === dynamic ? accesslink : dynamic };
  return { value: v3 ?? v4 ?? null, source: null };
}

const preferredAt = (path: string, table: readonly Precedence[]): PolarApi =>
  rowAt(path, table)?.first ?? accesslink;

/** Returns the row with the longest path that contains the field. */
function rowAt(path: string, table: readonly Precedence[]): Precedence | undefined {
  let found: Precedence | undefined;
  for (const row of table) {
    const isOver = row.path === wholeRecord || path === row.path || path.startsWith(`${row.path}.`);
    if (isOver && (found === undefined || row.path.length > found.path.length)) found = row;
  }
  return found;
}

function mergeFields(pair: Pair, path: string, table: readonly Precedence[]): Merged {
  const [v3, v4] = [fieldsOf(pair.v3), fieldsOf(pair.v4)];
  const value: Record<string, unknown> = {};
  const sources = new Map<string, Source>();
  for (const key of new Set([...Object.keys(v3), ...Object.keys(v4)])) {
    const merged = merge({ v3: v3[key], v4: v4[key] }, path === "" ? key : `${path}.${key}`, table);
    value[key] = merged.value;
    sources.set(key, merged.source);
  }
  return { value, source: together(sources) };
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** Returns the one source of all fields that have a value, or the fields' own sources. */
function together(sources: ReadonlyMap<string, Source>): Source {
  const found = new Set([...sources.values()].filter((source) => source !== null));
  const [only] = found;
  if (only === undefined) return null;
  return found.size === 1 && typeof only === "string" ? only : sources;
}

/** Writes the sources of Terra's fields; what stands in `provider_data` names its own resource. */
function withSources({ value, source }: Merged): unknown {
  const { provider_data, ...fields } = fieldsOf(value);
  const own = fieldsOf(fieldsOf(provider_data).polar);
  const ofFields =
    source === null || typeof source === "string"
      ? source
      : together(new Map([...source].filter(([key]) => key !== "provider_data")));
  const sources: Record<string, string> = {};
  note(sources, "", ofFields);
  return { ...fields, provider_data: { polar: { [sourcesKey]: sources, ...own } } };
}

function note(sources: Record<string, string>, path: string, source: Source): void {
  if (typeof source === "string") sources[path === "" ? wholeRecord : path] = source;
  else for (const [key, one] of source ?? []) note(sources, path === "" ? key : `${path}.${key}`, one);
}

/**
 * Returns the normaliser of records that both APIs make. A part belongs to the API of its resource; a resource that both
 * use, such as one that only tells the offset, is given to both.
 */
export function oneRecord(v3: OfferingNormalizer, v4: OfferingNormalizer): OfferingNormalizer {
  const { type } = v3;
  return {
    ...v3,
    needs: [...new Set([...v3.needs, ...v4.needs])],
    affects: (part) => distinct([...v3.affects(part), ...v4.affects(part)]),
    partsOf: (naturalKey) => distinct([...v3.partsOf(naturalKey), ...v4.partsOf(naturalKey)]),
    normalize(parts, naturalKey) {
      return oneRecordOf(type, {
        [accesslink]: v3.normalize(partsFor(v3, parts), naturalKey),
        [dynamic]: v4.normalize(partsFor(v4, parts), naturalKey),
      });
    },
    offered: {
      one: [...v3.offered.one, ...v4.offered.one],
      several: [...(v3.offered.several ?? []), ...(v4.offered.several ?? [])],
      told: [...(v3.offered.told ?? []), toldOfSources, ...newTold(v3, v4)],
    },
  };
}

/** A value that both normalisers add is declared once. */
const newTold = (v3: OfferingNormalizer, v4: OfferingNormalizer): readonly Told[] =>
  (v4.offered.told ?? []).filter(({ path }) => !(v3.offered.told ?? []).some((one) => one.path === path));

/** Returns the parts of one API: of the resources that its normaliser names. */
function partsFor({ needs, offered }: OfferingNormalizer, parts: readonly Part[]): Part[] {
  const others = [...offered.one, ...(offered.several ?? [])].map(({ name }) => name);
  const resources = new Set([...needs, ...others]);
  return parts.filter(({ resource }) => resources.has(resource));
}

function distinct<Ref>(refs: readonly Ref[]): Ref[] {
  const known = new Map(refs.map((ref) => [JSON.stringify(ref), ref] as const));
  return [...known.values()];
}
