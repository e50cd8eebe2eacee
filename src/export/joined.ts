/** Several records of one format as one body. */
import { createHash } from "node:crypto";
import { type ZipEntry, zipOf } from "../zip/zip.ts";
import type { ExportableRecord, Exported, RecordFormat } from "./contract.ts";

export interface ExportedRecord {
  readonly record: ExportableRecord;
  readonly exported: Exported;
}

export interface JoinedBody {
  readonly contentType: string;
  /** The end of a file's name. */
  readonly extension: string;
  readonly bytes: Buffer;
}

/**
 * Returns one export as it is. Several Bundles become one, in which a resource that all of them have (the Patient)
 * occurs once; several files become a ZIP file.
 */
export function joined(format: RecordFormat, exports: readonly ExportedRecord[]): JoinedBody {
  const { contentType, extension } = format;
  const contents = exports.map(({ exported }) => exported.content);
  if (contents.length > 1 && contents.every(isBundle))
    return { contentType, extension, bytes: oneBundle(contents) };
  return joinedFiles(
    format,
    exports.map(({ record, exported }) => ({
      name: fileName(record, extension),
      bytes: exported.bytes,
    })),
  );
}

/** Returns one file as it is; several, and none, are a ZIP file. */
export function joinedFiles(
  { contentType, extension }: Pick<RecordFormat, "contentType" | "extension">,
  files: readonly ZipEntry[],
): JoinedBody {
  const [only, another] = files;
  if (only !== undefined && another === undefined) return { contentType, extension, bytes: only.bytes };
  return { contentType: "application/zip", extension: ".zip", bytes: zipOf(files) };
}

/** The natural key may be any text: what is no letter, digit, dot or hyphen becomes a hyphen, and a hash tells it apart. */
export function fileName(
  { type, naturalKey }: Pick<ExportableRecord, "type" | "naturalKey">,
  extension: string,
): string {
  const plain = naturalKey.replaceAll(/[^\w.-]+/g, "-").slice(0, 80);
  const hash = createHash("sha256").update(naturalKey).digest("hex").slice(0, 8);
  return `${type}-${plain === naturalKey ? plain : `${plain}-${hash}`}${extension}`;
}

interface Bundle {
  readonly resourceType: "Bundle";
  readonly entry: readonly { readonly fullUrl?: string; readonly request?: { readonly url: string } }[];
}

function isBundle(content: unknown): content is Bundle {
  return typeof content === "object" && content !== null && "resourceType" in content && "entry" in content;
}

/** The first Bundle with the entries of all. @see https://hl7.org/fhir/R4/http.html#trules: no resource occurs twice. */
function oneBundle(bundles: readonly Bundle[]): Buffer {
  const entries = bundles.flatMap(({ entry }) => entry);
  const unique = new Map(
    entries.map((entry, index) => [entry.fullUrl ?? entry.request?.url ?? String(index), entry]),
  );
  return Buffer.from(JSON.stringify({ ...bundles[0], entry: [...unique.values()] }));
}
