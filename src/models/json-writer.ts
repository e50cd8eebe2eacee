/**
 * Writes JSON as bytes: the same bytes as the text of `JSON.stringify` in UTF-8. Values that know how to write
 * themselves, such as samples in columns, need not be made into objects for it.
 */
import { numberBytes, putAscii, putNumber, putText, textBytes } from "./json-bytes.ts";

/** A value that writes itself. `toJSON` gives the same to `JSON.stringify`. */
export abstract class SelfWriting {
  abstract writeTo(writer: JsonWriter): void;
  abstract toJSON(): unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** The memory that is first taken, and the most that is kept for the next value. */
const startBytes = 64 * 1024;
const keptBytes = 8 * 1024 * 1024;
/** In UTF-8, a code unit takes three bytes at most. */
const bytesPerUnit = 3;

export class JsonWriter {
  #bytes = Buffer.allocUnsafeSlow(startBytes);
  #at = 0;

  /** The number of bytes written so far. */
  get position(): number {
    return this.#at;
  }

  /** Returns a copy of the bytes and begins anew, in the same memory unless that is large. */
  finish(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#at);
    this.#bytes.copy(copy, 0, 0, this.#at);
    if (this.#bytes.length > keptBytes) this.#bytes = Buffer.allocUnsafeSlow(startBytes);
    this.#at = 0;
    return copy;
  }

  /** Writes a value. In an object, fields without JSON are left out; at the top and in lists null stands for them. */
  value(value: unknown): void {
    if (typeof value === "number") this.#at = putNumber(this.room(numberBytes), this.#at, value);
    else if (typeof value === "string") this.#quoted(value);
    else if (value instanceof SelfWriting) value.writeTo(this);
    else if (isPlain(value)) this.#fields(value);
    else this.#text(JSON.stringify(value) ?? "null");
  }

  #fields(fields: Fields): void {
    let separator = "{";
    for (const name of Object.keys(fields)) {
      const value = fields[name];
      if (!hasJson(value)) continue;
      this.ascii(separator);
      this.#quoted(name);
      this.ascii(":");
      this.value(value);
      separator = ",";
    }
    this.ascii(separator === "{" ? "{}" : "}");
  }

  #quoted(text: string): void {
    this.#at = putText(this.room(textBytes(text.length)), this.#at, text);
  }

  #text(text: string): void {
    this.#at += this.room(text.length * bytesPerUnit).write(text, this.#at);
  }

  /** Writes a short text of ASCII as it is. */
  ascii(text: string): void {
    this.#at = putAscii(this.room(text.length), this.#at, text);
  }

  /** Returns memory with room for so many more bytes from `position` on. What is put there counts after `advance`. */
  room(more: number): Buffer {
    const needed = this.#at + more;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#at);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  /** Counts what was put into the room as written, up to this position. */
  advance(position: number): void {
    this.#at = position;
  }
}

/** The writer of the last value: new memory costs a page fault every four kilobytes. */
let idle: JsonWriter | null = null;

/** Returns the JSON of a value, in UTF-8. */
export function jsonBytes(value: unknown): Buffer {
  const writer = idle ?? new JsonWriter();
  idle = null;
  writer.value(value);
  const bytes = writer.finish();
  idle = writer;
  return bytes;
}

/** Whether the fields of a value are its JSON, and may be values that write themselves. These stand in no list. */
function isPlain(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype && !("toJSON" in value);
}

const hasJson = (value: unknown): boolean =>
  value !== undefined && typeof value !== "function" && typeof value !== "symbol";
