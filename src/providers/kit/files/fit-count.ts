/**
 * Counts the messages of FIT files without decoding them ("FIT protocol", record headers): a small file may hold so many
 * that their objects take all memory. Bytes that no definition explains end the count; the decoder judges them.
 */

/** Marks in a record's header: a data message with a time of its own, a definition, and one with fields of apps. */
const [compressed, definition, withApps] = [0x80, 0x40, 0x20];
const headBytes = 6;
const fieldBytes = 3;

const checksumBytes = 2;

/** Returns the number of messages, definitions left out, of a single file. */
export function countFitMessages(file: Buffer): number {
  const lengths = new Map<number, number>();
  const end = file.length - checksumBytes;
  let count = 0;
  for (let at = file[0] ?? end; at < end; ) {
    const header = file[at] ?? 0;
    if ((header & compressed) === 0 && (header & definition) !== 0) {
      const defined = definitionAt(file, at);
      lengths.set(header & 0x0f, defined.messageBytes);
      at += defined.bytes;
      continue;
    }
    const local = (header & compressed) !== 0 ? (header >> 5) & 0x03 : header & 0x0f;
    const length = lengths.get(local);
    if (length === undefined) break;
    count += 1;
    at += 1 + length;
  }
  return count;
}

/** Returns the length of a definition, and that of the messages that it defines, in bytes without their header. */
function definitionAt(file: Buffer, at: number): { readonly bytes: number; readonly messageBytes: number } {
  const fields = file[at + headBytes - 1] ?? 0;
  const own = headBytes + fields * fieldBytes;
  const ofFields = sizesAt(file, at + headBytes, fields);
  if (((file[at] ?? 0) & withApps) === 0) return { bytes: own, messageBytes: ofFields };
  const apps = file[at + own] ?? 0;
  return {
    bytes: own + 1 + apps * fieldBytes,
    messageBytes: ofFields + sizesAt(file, at + own + 1, apps),
  };
}

/** Adds up the sizes of fields, each the second byte of its description. */
function sizesAt(file: Buffer, at: number, fields: number): number {
  let sum = 0;
  for (let field = 0; field < fields; field += 1) sum += file[at + field * fieldBytes + 1] ?? 0;
  return sum;
}
