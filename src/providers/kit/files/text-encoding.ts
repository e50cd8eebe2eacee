/** Decodes the text of an XML file in whatever encoding it has (XML 1.0, §4.3.3 and appendix F). */

const byteOrderMarks = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  // Without a byte order mark, a zero byte stands beside the document's first character ("<").
  ["utf-16le", [0x3c, 0x00]],
  ["utf-16be", [0x00, 0x3c]],
] as const;

const declaration = /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/;

/**
 * Decodes by the first bytes, else by the declaration, else as UTF-8. Bytes that are invalid in UTF-8 become U+FFFD: a
 * wrong letter in a note costs only that letter.
 *
 * @throws RangeError when the declared encoding is not known
 */
export function decodeXmlText(bytes: Buffer): string {
  const marked = byteOrderMarks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  return new TextDecoder(marked?.[0] ?? declaredEncoding(bytes)).decode(bytes);
}

/** Returns the declared encoding. A declaration that can be read byte by byte and says UTF-16 is wrong. */
function declaredEncoding(bytes: Buffer): string {
  const declared = declaration.exec(bytes.toString("latin1", 0, 256))?.[1] ?? "utf-8";
  return /^utf-?16/i.test(declared) ? "utf-8" : declared;
}
