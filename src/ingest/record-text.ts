/** The text of a record, as it is made beside its normaliser, perhaps in a worker thread. */
import {
  type DataType,
  hasSummaryId,
  type JsonWriter,
  jsonBytes,
  type ModelOf,
  SelfWriting,
  withoutSamples,
  withSummaryId,
} from "../models/index.ts";
import type { RecordRef } from "../providers/provider.ts";

/** Plain values, so that a worker thread can send them. */
export interface RecordText {
  /** The whole record as JSON, in UTF-8. Where its type has a public id, the natural key stands for that. */
  readonly bytes: Uint8Array;
  /** The bytes of that natural key; null where the type has no public id. */
  readonly key: { readonly from: number; readonly to: number } | null;
  /** The record without its samples. */
  readonly summary: object;
}

/** Writes a record that a normaliser made. */
export function recordText({ type, naturalKey }: RecordRef, made: object): RecordText {
  const summary = withoutSamples<DataType>(type, made as ModelOf[DataType]);
  if (!hasSummaryId(type)) return { bytes: jsonBytes(made), key: null, summary };
  const key = new PlacedText(naturalKey);
  const bytes = jsonBytes(withSummaryId(made, key));
  return { bytes, key: { from: key.from, to: key.to }, summary };
}

/** A text that remembers where it was written. */
class PlacedText extends SelfWriting {
  readonly #text: string;
  from = 0;
  to = 0;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  writeTo(writer: JsonWriter): void {
    this.from = writer.position;
    writer.value(this.#text);
    this.to = writer.position;
  }

  toJSON(): string {
    return this.#text;
  }
}

/** Returns the whole record as JSON, with its public id; null where it has none. */
export function wholeJson({ bytes, key }: RecordText, summaryId: string | null): Buffer {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (key === null || summaryId === null) return whole;
  const id = Buffer.from(JSON.stringify(summaryId));
  if (whole.subarray(key.from, key.to).equals(id)) return whole;
  return Buffer.concat([whole.subarray(0, key.from), id, whole.subarray(key.to)]);
}

/** Returns the record without its samples as JSON, with its public id. */
export const summaryJson = ({ summary }: RecordText, summaryId: string | null): string =>
  JSON.stringify(summaryId === null ? summary : withSummaryId(summary, summaryId));
