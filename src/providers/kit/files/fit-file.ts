/**
 * Decodes a FIT file to its messages: by kind, in the order of the file, with the names and units of the FIT profile.
 */
import FitParser, { type ParsedFit } from "fit-file-parser";
import { countFitMessages } from "./fit-count.ts";
import { type MarkedFit, markedFit, withDeveloperApart } from "./fit-developer.ts";
import { unpack, unreadable } from "./unpack.ts";

export interface FitReading {
  /**
   * Whether messages and fields that the FIT profile does not name come as bytes, under `unmapped_messages`. Files of
   * some watches have more of them than of all others.
   */
  readonly unmapped?: boolean;
  /**
   * Whether the fields of apps stand apart, in `developer` of their message. Otherwise they stand beside the others, in
   * place of one of the same name.
   */
  readonly developerApart?: boolean;
  /** With more messages than these a file is refused, before any of them is decoded. No limit when absent. */
  readonly mostMessages?: number;
}

/**
 * Returns the messages. Speeds are in m/s, lengths in m, times ISO 8601 in UTC. A field with its type's marker for
 * "invalid" (0xFF, 0xFFFF, 0x7FFFFFFF …) is left out. The messages of chained files are joined.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID, not to be tried again
 */
export function decodeFit(
  resource: string,
  body: Buffer,
  { unmapped = true, developerApart = false, mostMessages = Number.POSITIVE_INFINITY }: FitReading = {},
): Readonly<Record<string, unknown[]>> {
  const files = chained(unpack(resource, body));
  if (files.reduce((sum, file) => sum + countFitMessages(file), 0) > mostMessages)
    throw unreadable(resource, "too many messages");
  const together = new Map<string, unknown[]>();
  for (const file of files) {
    const { bytes, names } = developerApart ? marked(file) : { bytes: file, names: noNames };
    const { messages, unmapped_messages = [] } = parse(resource, bytes, unmapped);
    if (developerApart && names.size === 0 && messages?.field_description)
      throw unreadable(resource, "fields of apps that cannot be told from others");
    for (const [kind, found] of Object.entries({ ...messages, unmapped_messages })) {
      if (!Array.isArray(found) || found.length === 0) continue;
      together.set(kind, [
        ...(together.get(kind) ?? []),
        ...found.map((message) => withDeveloperApart(plain(message), names)),
      ]);
    }
  }
  return Object.fromEntries(together);
}

const noNames: MarkedFit["names"] = new Map();

/** Returns the file as it is where the apps' fields cannot be looked for: without any, it can still be read. */
function marked(file: Buffer): MarkedFit {
  try {
    return markedFit(file);
  } catch {
    return { bytes: file, names: noNames };
  }
}

const checksumBytes = 2;

/**
 * Splits chained files. "FIT files may be chained" (FIT protocol, "Chained FIT Files"): several whole files, one after
 * the other, each with its own header, definitions and checksum. Bytes that follow a file and begin like none are
 * ignored.
 */
function chained(bytes: Buffer): Buffer[] {
  const files: Buffer[] = [];
  let at = 0;
  do {
    const next = at + lengthAt(bytes, at);
    files.push(bytes.subarray(at, next));
    at = next;
  } while (isFitAt(bytes, at));
  return files;
}

export const isFit = (bytes: Buffer): boolean => isFitAt(bytes, 0);

const isFitAt = (bytes: Buffer, at: number): boolean => bytes.toString("latin1", at + 8, at + 12) === ".FIT";

/** Returns the length that the file's header gives; without a header, all remaining bytes. */
function lengthAt(bytes: Buffer, at: number): number {
  if (!isFitAt(bytes, at)) return bytes.length - at;
  return (bytes[at] ?? 0) + bytes.readUInt32LE(at + 4) + checksumBytes;
}

function parse(resource: string, file: Buffer, includeUnmappedMessages: boolean): ParsedFit {
  let outcome: { error: unknown; data: ParsedFit | undefined } | undefined;
  try {
    // With `force: false` the checksum decides, so half a file is refused.
    new FitParser({ force: false, includeUnmappedMessages }).parse(Buffer.from(file), (error, data) => {
      outcome = { error, data };
    });
  } catch (cause) {
    throw unreadable(resource, "not FIT", cause);
  }
  if (outcome?.data) return outcome.data;
  throw unreadable(resource, "not FIT", outcome?.error);
}

/** Converts a value to what JSON would hold, so that a part is the same whether just read or loaded from the store. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return Array.from(value, plain);
  if (typeof value !== "object" || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) fields[key] = plain(item);
  return fields;
}
