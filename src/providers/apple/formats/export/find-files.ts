/**
 * Finds the files of an export by their content: Apple translates the names of folders and files. The main file is the
 * largest that begins as HealthData does; beside it lie a document for clinicians, routes and ECGs.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { ProviderError } from "../../../provider.ts";
import { headOfGzip, isGzip, unpackGzip } from "./gzip.ts";
import { limits } from "./limits.ts";
import { stoppedReading } from "./stopped.ts";
import { Archive, type Archived } from "./zip/archive.ts";

/** A route or an ECG. */
export interface SideFile {
  readonly name: string;
  read(): AsyncIterable<Buffer>;
}

export interface ExportFiles {
  /** Bytes of the main file, for progress; null where only reading it tells. */
  readonly bytes: number | null;
  main(): AsyncIterable<Buffer>;
  readonly routes: readonly SideFile[];
  readonly ecgs: readonly SideFile[];
  /** Files of other kinds, such as clinical records, counted by their extension. */
  readonly others: ReadonlyMap<string, number>;
  close(): void;
}

/** @throws ProviderError UPLOAD_FILE_NOT_RECOGNISED, UPLOAD_ZIP_… */
export async function openExport(path: string): Promise<ExportFiles> {
  const { head, bytes } = await headOf(path);
  if (isZip(head)) return openArchive(await Archive.open(path));
  if (isGzip(head)) return openGzip(path);
  if (!isHealthData(head)) throw notRecognised(bytes === 0 ? "an empty file" : "another kind of file");
  return { ...alone, bytes, main: () => createReadStream(path, { highWaterMark: chunkBytes }) };
}

/** A main file without others beside it. */
const alone = { routes: [], ecgs: [], others: new Map<string, number>(), close: () => {} };

async function openGzip(path: string): Promise<ExportFiles> {
  if (!isHealthData(await headOfGzip(path))) throw notRecognised("a gzip file without an export");
  return { ...alone, bytes: null, main: () => unpackGzip(path) };
}

const chunkBytes = 256 * 1024;

async function openArchive(archive: Archive): Promise<ExportFiles> {
  try {
    const sorted = await sortFiles(archive);
    const { main } = sorted;
    if (main === null) {
      if (sorted.fault !== null) throw sorted.fault;
      if (sorted.hasZip) throw stoppedReading("UPLOAD_ZIP_NESTED", {});
      throw notRecognised(archive.files.length === 0 ? "an empty zip file" : "a zip file without an export");
    }
    const side = (file: Archived): SideFile => ({ name: file.name, read: () => archive.read(file) });
    return {
      bytes: main.bytes,
      main: () => archive.read(main),
      routes: sorted.routes.map(side),
      ecgs: sorted.ecgs.map(side),
      others: sorted.others,
      close: () => archive.close(),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
}

interface SortedFiles {
  main: Archived | null;
  hasZip: boolean;
  /** The reason why a file could not be looked at. */
  fault: ProviderError | null;
  readonly routes: Archived[];
  readonly ecgs: Archived[];
  readonly others: Map<string, number>;
}

async function sortFiles(archive: Archive): Promise<SortedFiles> {
  const sorted: SortedFiles = {
    main: null,
    hasZip: false,
    fault: null,
    routes: [],
    ecgs: [],
    others: new Map(),
  };
  for (const file of archive.files) {
    const { head, fault } = await archive.head(file);
    sorted.fault ??= fault;
    sortFile(sorted, file, head);
  }
  return sorted;
}

function sortFile(sorted: SortedFiles, file: Archived, head: Buffer): void {
  const isSmall = file.bytes <= limits.sideFileBytes;
  if (isHealthData(head)) {
    if (sorted.main === null || file.bytes > sorted.main.bytes) sorted.main = file;
  } else if (isZip(head)) sorted.hasZip = true;
  else if (isSmall && isRoute(head)) sorted.routes.push(file);
  else if (isSmall && isEcg(file, head)) sorted.ecgs.push(file);
  else countOther(sorted.others, file.name);
}

function countOther(others: Map<string, number>, name: string): void {
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "none";
  if (others.size < 100 || others.has(extension)) others.set(extension, (others.get(extension) ?? 0) + 1);
}

/** The signatures of a zip file's first entry, and of an empty zip file. */
const isZip = (head: Buffer): boolean => ["504b0304", "504b0506"].includes(head.toString("hex", 0, 4));
const isHealthData = (head: Buffer): boolean => /<(!DOCTYPE\s+)?HealthData[\s>[]/.test(head.toString("utf8"));
const isRoute = (head: Buffer): boolean => /<gpx[\s>]/.test(head.toString("utf8"));

/** Lines of header, of which one has the lead's unit, and no markup. */
const isEcg = ({ name }: Archived, head: Buffer): boolean =>
  /\.csv$/i.test(name) &&
  /^[^<{]*$/.test(head.toString("utf8")) &&
  /[\u00b5\u03bc]V/.test(head.toString("utf8"));

async function headOf(path: string): Promise<{ readonly head: Buffer; readonly bytes: number }> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(limits.headBytes);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return { head: head.subarray(0, bytesRead), bytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

const notRecognised = (found: string) => stoppedReading("UPLOAD_FILE_NOT_RECOGNISED", { found });
