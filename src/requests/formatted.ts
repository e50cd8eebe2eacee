/** Answers a read with records in another format than Terra's. */
import type { Converter } from "../converting/converter.ts";
import { SystoleError } from "../errors.ts";
import type { ExportSettings, RecordFormat } from "../export/contract.ts";
import type { FormedBody, RecordText } from "../export/conversions.ts";
import { fileName, type JoinedBody, joinedFiles } from "../export/joined.ts";
import type { SearchsetAddresses } from "../export/searchset.ts";
import type { DataType } from "../models/index.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { findOrigin } from "../store/record-origins.ts";
import { listEntries, readFrames, readNamedSummaries } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { decompress } from "../store/zstd.ts";
import { terraUser } from "../terra/user.ts";
import type { ZipEntry } from "../zip/zip.ts";
import { type DataRequest, recordSetOf } from "./data-request.ts";
import { originalFits } from "./originals.ts";

/** The bytes of a range in one answer: its records and what they become are in memory together. */
const mostBytes = 128 * 1_024 * 1_024;

/** @throws SystoleError FORMAT_RANGE_TOO_LARGE */
function assertFits(bytes: number): void {
  if (bytes > mostBytes) throw new SystoleError("FORMAT_RANGE_TOO_LARGE", { limit_bytes: mostBytes });
}

/** Returns the records of a request. @throws SystoleError FORMAT_RANGE_TOO_LARGE */
async function textsOf(
  source: Pick<Store, "db" | "bodies">,
  connection: Connection,
  request: DataRequest,
): Promise<RecordText[]> {
  const entries = await listEntries(source.db, recordSetOf(connection, request), request.range, request);
  assertFits(entries.reduce((sum, { bytes }) => sum + bytes, 0));
  const keys = entries.map(({ naturalKey }) => naturalKey);
  return namedTexts(source, connection, request, keys);
}

/** Returns the named records, without those that were deleted. */
export async function namedTexts(
  source: Pick<Store, "db" | "bodies">,
  connection: Connection,
  { type, withSamples }: Pick<DataRequest, "type" | "withSamples">,
  naturalKeys: readonly string[],
): Promise<RecordText[]> {
  const set = recordSetOf(connection, { type });
  const kept = withSamples
    ? await readWhole(source, set, naturalKeys)
    : await readSummaries(source.db, set, naturalKeys);
  const { user_id: userId, reference_id: referenceId } = connection;
  const person = { userId, referenceId, provider: terraUser(connection).provider };
  return kept.map((one) => ({ ...person, type, ...one }));
}

async function readSummaries(...named: Parameters<typeof readNamedSummaries>) {
  const summaries = await readNamedSummaries(...named);
  return summaries.map(({ json, ...one }) => ({ ...one, json: Buffer.from(json) }));
}

async function readWhole(...named: Parameters<typeof readFrames>) {
  const frames = await readFrames(...named);
  return Promise.all(
    frames.map(async ({ naturalKey, revision, zstd, bytes }) => ({
      naturalKey,
      revision,
      json: await decompress(zstd, bytes),
    })),
  );
}

/** @throws SystoleError FORMAT_LACKS_DATA_TYPE */
export function assertFormed(format: RecordFormat, type: DataType): void {
  if (!format.supports(type)) throw new SystoleError("FORMAT_LACKS_DATA_TYPE", { format: format.name, type });
}

interface Answering extends Pick<Store, "db" | "bodies"> {
  readonly exports: ExportSettings;
  readonly converter: Pick<Converter, "convert">;
  readonly addresses: SearchsetAddresses;
}

/**
 * Returns the answer to a read: FHIR's searchset, or one file. Several files, and none, are a ZIP file.
 * @throws SystoleError FORMAT_LACKS_DATA_TYPE, FORMAT_RANGE_TOO_LARGE
 */
export async function answerFormatted(
  { exports: settings, converter, addresses, ...source }: Answering,
  connection: Connection,
  request: DataRequest,
  format: RecordFormat,
): Promise<FormedBody> {
  assertFormed(format, request.type);
  const records = await textsOf(source, connection, request);
  return format.name === "fhir"
    ? converter.convert("searchset", { records, settings, ...addresses })
    : converter.convert("files", { records, settings, format: format.name });
}

/**
 * Returns the files that the provider itself sent for the records of a request; none, and several, are a ZIP file.
 * @throws SystoleError FORMAT_LACKS_DATA_TYPE, FORMAT_RANGE_TOO_LARGE
 */
export async function answerOriginals(
  store: Pick<Store, "db" | "bodies">,
  connection: Connection,
  request: DataRequest,
  format: RecordFormat,
): Promise<JoinedBody> {
  const { type } = request;
  const { extension } = format;
  assertFormed(format, type);
  const entries = await listEntries(store.db, recordSetOf(connection, request), request.range, request);
  const files: ZipEntry[] = [];
  let length = 0;
  for (const { naturalKey } of entries) {
    const origin = await findOrigin(store.db, connectionIdOf(connection), type, naturalKey);
    const originals = origin === null ? [] : await originalFits(store, connection, origin);
    for (const [index, bytes] of originals.entries()) {
      length += bytes.length;
      assertFits(length);
      const mark = index === 0 ? "" : `-${index + 1}`;
      files.push({ name: fileName({ type, naturalKey }, `${mark}${extension}`), bytes });
    }
  }
  return joinedFiles(format, files);
}
