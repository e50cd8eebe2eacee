/** Answers a read with records in another format than Terra's. */
import { SystoleError } from "../errors.ts";
import type { ExportableRecord, ExportSettings, RecordFormat } from "../export/contract.ts";
import { exportable } from "../export/event-records.ts";
import { fileName, type JoinedBody, joined } from "../export/joined.ts";
import { searchsetOf } from "../export/searchset.ts";
import { type ZipEntry, zipOf } from "../export/zip.ts";
import type { DataType, ModelOf } from "../models/index.ts";
import { type Connection, connectionIdOf } from "../store/connections.ts";
import { findOrigin } from "../store/record-origins.ts";
import { listEntries, readFrames, readNamedSummaries } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import { decompress } from "../store/zstd.ts";
import { terraUser } from "../terra/user.ts";
import { type DataRequest, recordSetOf } from "./data-request.ts";
import { originalFits } from "./originals.ts";

/** Returns the records of a request. */
export async function exportableRecords(
  { db }: Pick<Store, "db">,
  connection: Connection,
  request: DataRequest,
): Promise<ExportableRecord[]> {
  const entries = await listEntries(db, recordSetOf(connection, request), request.range, request);
  const keys = entries.map(({ naturalKey }) => naturalKey);
  return namedRecords({ db }, connection, request, keys);
}

/** Returns the named records, without those that were deleted. */
export async function namedRecords(
  { db }: Pick<Store, "db">,
  connection: Connection,
  { type, withSamples }: Pick<DataRequest, "type" | "withSamples">,
  naturalKeys: readonly string[],
): Promise<ExportableRecord[]> {
  const set = recordSetOf(connection, { type });
  const kept = withSamples
    ? await readWhole(db, set, naturalKeys)
    : await readNamedSummaries(db, set, naturalKeys);
  const { user_id: userId, reference_id: referenceId } = connection;
  const person = { userId, referenceId, provider: terraUser(connection).provider };
  return kept.map(({ naturalKey, revision, json }) =>
    exportable({ ...person, type, naturalKey, revision, data: JSON.parse(json) as ModelOf[DataType] }),
  );
}

async function readWhole(...named: Parameters<typeof readFrames>) {
  const frames = await readFrames(...named);
  return Promise.all(
    frames.map(async ({ naturalKey, revision, zstd, bytes }) => ({
      naturalKey,
      revision,
      json: (await decompress(zstd, bytes)).toString("utf8"),
    })),
  );
}

/** @throws SystoleError FORMAT_LACKS_DATA_TYPE */
export function assertFormed(format: RecordFormat, type: DataType): void {
  if (!format.supports(type)) throw new SystoleError("FORMAT_LACKS_DATA_TYPE", { format: format.name, type });
}

interface Answering extends Pick<Store, "db"> {
  readonly exports: ExportSettings;
  /** The address of our FHIR server. */
  readonly fhirUrl: string;
}

/**
 * Returns the answer to a read: FHIR's searchset, or one file. Several files, and none, are a ZIP file.
 * @throws SystoleError FORMAT_LACKS_DATA_TYPE
 */
export async function answerFormatted(
  { db, exports, fhirUrl }: Answering,
  connection: Connection,
  request: DataRequest,
  format: RecordFormat,
): Promise<JoinedBody> {
  assertFormed(format, request.type);
  const records = await exportableRecords({ db }, connection, request);
  const { contentType, extension } = format;
  if (format.name === "fhir")
    return { contentType, extension, bytes: searchsetOf(records, exports, fhirUrl).bytes };
  const written = records.flatMap((record) => {
    const exported = format.write(record, exports);
    return exported === null ? [] : { record, exported };
  });
  return joined(format, written);
}

/** Returns the files that the provider itself sent for the records of a request; none, and several, are a ZIP file. */
export async function answerOriginals(
  store: Pick<Store, "db" | "bodies">,
  connection: Connection,
  request: DataRequest,
  { contentType, extension }: RecordFormat,
): Promise<JoinedBody> {
  const { type } = request;
  const entries = await listEntries(store.db, recordSetOf(connection, request), request.range, request);
  const files: ZipEntry[] = [];
  for (const { naturalKey } of entries) {
    const origin = await findOrigin(store.db, connectionIdOf(connection), type, naturalKey);
    const originals = origin === null ? [] : await originalFits(store, connection, origin);
    for (const [index, bytes] of originals.entries()) {
      const mark = index === 0 ? "" : `-${index + 1}`;
      files.push({ name: fileName({ type, naturalKey }, `${mark}${extension}`), bytes });
    }
  }
  const [only, another] = files;
  if (only !== undefined && another === undefined) return { contentType, extension, bytes: only.bytes };
  return { contentType: "application/zip", extension: ".zip", bytes: zipOf(files) };
}
