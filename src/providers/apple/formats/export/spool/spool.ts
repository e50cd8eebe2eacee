/**
 * Sorts the items of an export by UTC day, on disk, so that the newest can be stored first: an export is in order of type.
 * Memory holds the rows that are not yet written, and no more. A spool that was finished is used again after a stop.
 */
import {
  appendFileSync,
  createReadStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import type { ProviderError } from "../../../../provider.ts";
import type { Characteristics } from "../../../healthkit/readings.ts";
import { type Row, readRows, type Tables } from "./rows.ts";

/** The bytes of rows that wait to be written; each day's are written together. */
const mostWaiting = 4 * 1024 * 1024;

/** The facts that are known once the whole export was read. */
export interface SpoolSummary {
  /** Null where the export does not say, or is not complete: then it replaces nothing. */
  readonly exportedMs: number | null;
  readonly me: Characteristics | null;
  readonly tables: Tables;
  /** The things that were not understood, as leaves of the ledger. */
  readonly unread: Readonly<Record<string, unknown>>;
  readonly records: number;
  /** The reason why reading ended early. */
  readonly stopped: Pick<ProviderError, "code" | "details"> | null;
}

export class Spool {
  readonly #directory: string;
  /** Rows that wait, one after the other. As texts they would take ten times the memory. */
  readonly #waiting = Buffer.allocUnsafe(mostWaiting);
  #length = 0;
  /** By day, where its rows begin and end. */
  readonly #places = new Map<string, number[]>();

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /** Begins anew; what an earlier try wrote is removed. */
  static begin(directory: string): Spool {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    return new Spool(directory);
  }

  /** @param day `2026-01-10` */
  add(day: string, row: string): void {
    const most = row.length * 3 + 1;
    if (most > mostWaiting) {
      this.#append(day, Buffer.from(`${row}\n`));
      return;
    }
    if (this.#length + most > mostWaiting) this.#write();
    const from = this.#length;
    this.#length += this.#waiting.write(row, from);
    this.#length += this.#waiting.write("\n", this.#length);
    const places = this.#places.get(day);
    if (places === undefined) this.#places.set(day, [from, this.#length]);
    // Rows of one day often follow each other.
    else if (places.at(-1) === from) places[places.length - 1] = this.#length;
    else places.push(from, this.#length);
  }

  finish(summary: SpoolSummary): void {
    this.#write();
    const file = path.join(this.#directory, summaryName);
    writeFileSync(`${file}.new`, JSON.stringify(summary));
    renameSync(`${file}.new`, file);
  }

  #write(): void {
    for (const [day, places] of this.#places) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < places.length; at += 2) {
        pieces.push(this.#waiting.subarray(places[at], places[at + 1]));
      }
      this.#append(day, Buffer.concat(pieces));
    }
    this.#places.clear();
    this.#length = 0;
  }

  #append(day: string, rows: Buffer): void {
    appendFileSync(path.join(this.#directory, day), rows);
  }
}

const summaryName = "summary.json";

/** Returns the summary of a finished spool; null when there is none. */
export function finishedSpool(directory: string): SpoolSummary | null {
  try {
    return JSON.parse(readFileSync(path.join(directory, summaryName), "utf8")) as SpoolSummary;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Returns the days of a spool, the newest first. */
export const daysIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory))
    .filter((name) => /^\d{4}-\d\d-\d\d$/.test(name))
    .toSorted()
    .toReversed();

/** The characters of rows that are taken into memory together. A usual day has a hundredth of it. */
const sliceLength = 8 * 1024 * 1024;

/** Yields the rows of a day, in slices that fit into memory. */
export async function* rowsOf(directory: string, day: string): AsyncGenerator<Row[]> {
  let rows: Row[] = [];
  let [length, rest] = [0, ""];
  const stream = createReadStream(path.join(directory, day), {
    encoding: "utf8",
    highWaterMark: 256 * 1024,
  });
  for await (const chunk of stream) {
    const text = rest + chunk;
    const end = text.lastIndexOf("\n");
    rest = text.slice(end + 1);
    if (end > 0) for (const row of readRows(text.slice(0, end))) rows.push(row);
    length += (chunk as string).length;
    if (length > sliceLength) {
      yield rows;
      [rows, length] = [[], 0];
    }
  }
  if (rows.length > 0) yield rows;
}
