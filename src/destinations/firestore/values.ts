/**
 * Fields in the form of Firestore's REST API, and their weight against its limits:
 * https://cloud.google.com/firestore/docs/storage-size and https://cloud.google.com/firestore/quotas#limits
 */
import type { Fields, Value } from "../kit/documents/exact-json.ts";
import { Unfit } from "../kit/documents/unfit.ts";

export type EncodedFields = Readonly<Record<string, EncodedValue>>;
export type EncodedValue =
  | { readonly nullValue: null }
  | { readonly booleanValue: boolean }
  | { readonly integerValue: string }
  | { readonly doubleValue: number }
  | { readonly stringValue: string }
  | { readonly arrayValue: { readonly values: readonly EncodedValue[] } }
  | { readonly mapValue: { readonly fields: EncodedFields } };

export interface Weight {
  /** The document's size, without its name. */
  bytes: number;
  /** Entries in the indexes that Firestore makes of each field automatically. */
  indexEntries: number;
  indexBytes: number;
}

const deepest = 20;
const longestName = 1_500;
/** An index holds only so many bytes of a value. */
const mostIndexed = 1_500;
const scalarBytes = 8;
const mapOverhead = 32;

/** `entryBytes` is the size of an index entry without the field's name and value. */
export function encodeFields(fields: Fields, entryBytes: number): { fields: EncodedFields; weight: Weight } {
  const encoder = new Encoder(entryBytes);
  return { fields: encoder.fields(fields, 0, 0), weight: encoder.weight };
}

class Encoder {
  readonly weight: Weight = { bytes: 0, indexEntries: 0, indexBytes: 0 };
  readonly #entryBytes: number;

  constructor(entryBytes: number) {
    this.#entryBytes = entryBytes;
  }

  /** `path` is the length of the names above. @throws Unfit for a value that Firestore cannot hold */
  fields(given: Fields, depth: number, path: number): EncodedFields {
    const encoded: [string, EncodedValue][] = [];
    for (const [name, value] of Object.entries(given)) {
      const length = nameBytes(name);
      this.weight.bytes += length;
      const before = this.weight.bytes;
      encoded.push([name, this.#value(value, depth + 1, path + length)]);
      if (!Array.isArray(value)) this.#index(2, path + length, this.weight.bytes - before);
    }
    return Object.fromEntries(encoded);
  }

  #value(value: Value, depth: number, path: number): EncodedValue {
    if (typeof value === "object" && value !== null) return this.#container(value, depth, path);
    if (typeof value === "string") {
      this.weight.bytes += Buffer.byteLength(value) + 1;
      return { stringValue: value };
    }
    this.weight.bytes += typeof value === "number" || typeof value === "bigint" ? scalarBytes : 1;
    return scalar(value);
  }

  #container(value: readonly Value[] | Fields, depth: number, path: number): EncodedValue {
    if (depth > deepest) throw new Unfit("shape", `more than ${deepest} levels`);
    if (!Array.isArray(value)) {
      // "Calculated the same way as document size".
      this.weight.bytes += mapOverhead;
      return { mapValue: { fields: this.fields(value as Fields, depth, path) } };
    }
    return { arrayValue: { values: value.map((item: Value) => this.#element(item, depth, path)) } };
  }

  /** Each element is in the index by itself; the fields inside it are not. */
  #element(item: Value, depth: number, path: number): EncodedValue {
    if (Array.isArray(item)) throw new Unfit("shape", "a list in a list");
    const { bytes, indexEntries, indexBytes } = this.weight;
    const encoded = this.#value(item, depth + 1, path);
    Object.assign(this.weight, { indexEntries, indexBytes });
    this.#index(1, path, this.weight.bytes - bytes);
    return encoded;
  }

  #index(entries: number, path: number, bytes: number): void {
    this.weight.indexEntries += entries;
    this.weight.indexBytes += entries * (this.#entryBytes + path + Math.min(bytes, mostIndexed));
  }
}

function scalar(value: number | bigint | boolean | null): EncodedValue {
  if (value === null) return { nullValue: null };
  if (typeof value === "boolean") return { booleanValue: value };
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return { integerValue: String(value) };
  if (!Number.isFinite(value)) throw new Unfit("shape", "a number that is larger than any double");
  return { doubleValue: value };
}

function nameBytes(name: string): number {
  const bytes = Buffer.byteLength(name);
  const taken = name === "" || /^__.*__$/s.test(name);
  if (taken || bytes > longestName) throw new Unfit("shape", "a field's name that is Firestore's own");
  return bytes + 1;
}
