/** A FIT file as its messages: by kind, in the order of the file, with the names and units of the FIT profile. */
import FitParser, { type ParsedFit } from "fit-file-parser";
import { unpack, unreadable } from "./unpack.ts";

/**
 * Speeds in m/s, lengths in m, times as ISO 8601 in UTC. A field that holds its type's marker for "invalid"
 * (0xFF, 0xFFFF, 0x7FFFFFFF …) is left out.
 * @throws ProviderError PROVIDER_BODY_INVALID, for good
 */
export function decodeFit(resource: string, body: Buffer): unknown {
  const { messages, unmapped_messages } = parse(resource, unpack(resource, body));
  return plain({ ...messages, ...(unmapped_messages && { unmapped_messages }) });
}

function parse(resource: string, file: Buffer): ParsedFit {
  let outcome: { error: unknown; data: ParsedFit | undefined } | undefined;
  try {
    // With `force` off the checksum decides: half a file is no file.
    new FitParser({ force: false, includeUnmappedMessages: true }).parse(Buffer.from(file), (error, data) => {
      outcome = { error, data };
    });
  } catch (cause) {
    throw unreadable(resource, "not FIT", cause);
  }
  if (outcome?.data) return outcome.data;
  throw unreadable(resource, "not FIT", outcome?.error);
}

/** As JSON would hold it, so that a part is the same whether it was just read or kept in between. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value) || value instanceof Uint8Array) return Array.from(value, plain);
  if (typeof value !== "object" || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) fields[key] = plain(item);
  return fields;
}
