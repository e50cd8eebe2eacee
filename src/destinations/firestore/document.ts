/** An entry as a document: its possible names, and its fields, which must be within Firestore's limits. */
import type { Entry } from "../kit/documents/entries.ts";
import type { Fields } from "../kit/documents/exact-json.ts";
import { Unfit } from "../kit/documents/unfit.ts";
import { boundedName, instantInKey, safePart, timeInKey } from "../kit/objects/names.ts";
import { encodeFields } from "./values.ts";

/** All collections are below this document, which itself does not exist. */
export const parent = "terra/2022-03-16";

const extension = ".json";
/** Stands for the user where an event has none (a person who refused to connect). */
const nobody = "no-user";

const most = {
  bytes: 1_048_576,
  indexEntries: 40_000,
  indexBytes: 8 * 1_024 * 1_024,
  /** A request has 10 MiB. */
  json: 9 * 1_024 * 1_024,
};
/** Bytes that Firestore counts around names and index entries: storage-size, linked in values.ts. */
const nameOverhead = 16;
const documentOverhead = 32;
const entryOverhead = 32;

/** Returns the fields' JSON, as a request has it. @throws Unfit */
export function encode(fields: Fields, entry: Entry): string {
  const above = nameBytes(parent) + entry.collection.length + 1;
  const name = above + Math.max(...pathsOf(entry).map((path) => nameBytes(path)));
  const encoded = encodeFields(fields, name + above + entryOverhead);
  const { indexEntries, indexBytes } = encoded.weight;
  const json = JSON.stringify(encoded.fields);
  const bytes = encoded.weight.bytes + name + documentOverhead;
  const weight = { bytes, indexEntries, indexBytes, json: json.length };
  for (const limit of Object.keys(most) as (keyof typeof most)[]) {
    if (weight[limit] > most[limit]) throw new Unfit("size", `${limit}: ${weight[limit]}`);
  }
  return json;
}

const nameBytes = (path: string): number =>
  nameOverhead + path.split("/").reduce((bytes, part) => bytes + Buffer.byteLength(part) + 1, 0);

/**
 * The names that the document may have. The first is Terra's; each next one is for when another record has the one
 * before. No other entry has the last one.
 */
export function pathsOf(entry: Entry): readonly string[] {
  const { collection, distinction, identity } = entry;
  const name = nameOf(entry);
  const names = [name, `${name}-${safePart(distinction)}`, `${name}~${identity}`];
  return names.map((each) => `${parent}/${collection}/${boundedName(each, extension.length)}${extension}`);
}

/** An athlete record has no start; a person has one of them. A record's resources begin together. */
function nameOf({ event, collection, identity, time, distinction }: Entry): string {
  if (collection === "fhir_records" || collection === "fhir_resources") return identity;
  const user = safePart(event.userId ?? nobody);
  if (collection === "athlete") return user;
  if (collection === "user_events") return `${user}-${instantInKey(event.orderingTimestamp)}`;
  return `${user}-${time === null ? safePart(distinction) : timeInKey(time)}`;
}
