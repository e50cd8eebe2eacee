/**
 * Writes parts of JSON into memory, byte by byte. Each function returns the position after what it wrote, and the caller
 * has seen to the room. They take no objects of our own classes: V8 would throw their compiled code away at every garbage
 * collection that finds no such object alive.
 */

const codeOf = (sign: string): number => sign.charCodeAt(0);
const quote = codeOf('"');
const backslash = codeOf("\\");
const firstPlain = codeOf(" ");
const lastPlain = codeOf("~");
const zero = codeOf("0");
const minus = codeOf("-");
const point = codeOf(".");

/** The most bytes of a number, as in `-1.7976931348623157e+308`, with one to spare. */
export const numberBytes = 25;

/** The most bytes of a text of so many code units in quotes: each may be escaped, as in `\u0000`. */
export const textBytes = (units: number): number => 6 * units + 2;

export function putBytes(bytes: Buffer, at: number, given: Uint8Array): number {
  for (let index = 0; index < given.length; index += 1) bytes[at + index] = given[index] ?? 0;
  return at + given.length;
}

/** Writes a text of ASCII as it is. */
export function putAscii(bytes: Buffer, at: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
  return at + text.length;
}

/** Writes a number, or null for one that JSON does not have. */
export function putNumber(bytes: Buffer, at: number, value: number): number {
  // Also for -0, which JSON writes as 0.
  if ((value | 0) === value && value >= 0) return putWhole(bytes, at, value);
  if (isDecimal(value, thousandths)) return putDecimal(bytes, at, value, thousandths, 3);
  if (isDecimal(value, coordinateUnits)) return putDecimal(bytes, at, value, coordinateUnits, 7);
  return at + bytes.write(Number.isFinite(value) ? `${value}` : "null", at, "latin1");
}

/** Most measurements have up to three decimal places, and coordinates up to seven. */
const thousandths = 1e3;
const coordinateUnits = 1e7;
/** JSON has exponents below. */
const smallestDecimal = 1e-6;

/**
 * Tells whether a number is that of a decimal with few digits. Different decimals of up to 15 digits are
 * different numbers, so that this one is the shortest, which JSON has.
 */
function isDecimal(value: number, scale: number): boolean {
  const units = Math.round(value * scale);
  return (units | 0) === units && units / scale === value && Math.abs(value) >= smallestDecimal;
}

/** Writes a decimal without zeros at its end. */
function putDecimal(bytes: Buffer, start: number, value: number, scale: number, places: number): number {
  const units = Math.round(Math.abs(value) * scale);
  const whole = Math.floor(units / scale);
  let at = start;
  if (value < 0) bytes[at++] = minus;
  at = putWhole(bytes, at, whole);
  bytes[at] = point;
  at = putDigits(bytes, at + 1, units - whole * scale, places);
  while (bytes[at - 1] === zero) at -= 1;
  return bytes[at - 1] === point ? at - 1 : at;
}

/** Writes a whole number below 2^31. */
function putWhole(bytes: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits += 1;
  return putDigits(bytes, at, value, digits);
}

/** Writes a whole number below 2^31 with so many digits. */
export function putDigits(bytes: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const tens = (rest / 10) | 0;
    bytes[place] = zero + rest - tens * 10;
    rest = tens;
  }
  return at + digits;
}

/** Writes a text in quotes. */
export function putText(bytes: Buffer, at: number, text: string): number {
  bytes[at] = quote;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isPlain = code >= firstPlain && code <= lastPlain && code !== quote && code !== backslash;
    if (!isPlain) return at + bytes.write(JSON.stringify(text), at);
    bytes[at + 1 + index] = code;
  }
  bytes[at + 1 + text.length] = quote;
  return at + text.length + 2;
}
