/**
 * Finds the parts of a JSON text without parsing it, so that they can be passed on byte for byte, whatever
 * their size. Works on UTF-8: every structural character is one byte that occurs in no other character. The
 * text is our own and valid; an invalid one is refused, never misread.
 */

/** From the first byte to the one after the last. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openers = new Set([0x7b, 0x5b]);
const closers = new Set([0x7d, 0x5d]);
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** An object's members by name. @throws SyntaxError */
export function members(json: Buffer, from = 0): Map<string, Slice> {
  const found = new Map<string, Slice>();
  for (let at = firstIn(json, from, "{"); json[at] !== 0x7d; ) {
    const name = valueAt(json, at);
    at = skipBlanks(json, name.to);
    if (json[at] !== colon) throw unexpected(at);
    const value = valueAt(json, skipBlanks(json, at + 1));
    found.set(JSON.parse(json.toString("utf8", name.from, name.to)), value);
    at = next(json, value.to);
  }
  return found;
}

/** An array's elements. @throws SyntaxError */
export function elements(json: Buffer, from = 0): Slice[] {
  const found: Slice[] = [];
  for (let at = firstIn(json, from, "["); json[at] !== 0x5d; ) {
    const value = valueAt(json, at);
    found.push(value);
    at = next(json, value.to);
  }
  return found;
}

function firstIn(json: Buffer, from: number, opener: "{" | "["): number {
  const at = skipBlanks(json, from);
  if (json[at] !== opener.charCodeAt(0)) throw unexpected(at);
  return skipBlanks(json, at + 1);
}

/** The position of the next member or element, or of the end. */
function next(json: Buffer, after: number): number {
  const at = skipBlanks(json, after);
  if (json[at] === comma) return skipBlanks(json, at + 1);
  if (closers.has(json[at] ?? 0)) return at;
  throw unexpected(at);
}

function valueAt(json: Buffer, from: number): Slice {
  const first = json[from];
  if (first === undefined) throw unexpected(from);
  if (first === quote) return { from, to: endOfString(json, from) };
  return { from, to: openers.has(first) ? endOfNested(json, from) : endOfScalar(json, from) };
}

function endOfString(json: Buffer, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    if (json[at] === backslash) at++;
    else if (json[at] === quote) return at + 1;
  }
  throw unexpected(json.length);
}

function endOfNested(json: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === quote) at = endOfString(json, at) - 1;
    else if (openers.has(byte)) depth++;
    else if (closers.has(byte) && --depth === 0) return at + 1;
  }
  throw unexpected(json.length);
}

function endOfScalar(json: Buffer, from: number): number {
  let at = from;
  for (; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === comma || closers.has(byte) || blanks.has(byte)) break;
  }
  if (at === from) throw unexpected(at);
  return at;
}

function skipBlanks(json: Buffer, from: number): number {
  let at = from;
  while (blanks.has(json[at] ?? 0)) at++;
  return at;
}

const unexpected = (at: number): SyntaxError => new SyntaxError(`Unexpected byte at ${at} of the JSON`);
