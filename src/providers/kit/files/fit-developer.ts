/**
 * Tells the fields of apps ("developer fields") in a FIT file from those of the FIT profile. An app may give its field
 * any name, also one of the profile's, and the parser then keeps only one of the two. So before a file is parsed, each
 * app's field is renamed to a mark that no profile has.
 */
import { FitEncoder } from "fit-file-parser";
import { type FitRawMessage, readFitMessages } from "fit-file-parser/raw";

/** Global number and fields of the message that describes an app's field (FIT profile, `field_description`). */
const fieldDescription = 206;
const fieldName = 3;

/** A mark is a control character and a printable one. */
const [firstControl, controls, firstPrintable, printables] = [1, 8, 0x21, 94];

function markOf(index: number): Buffer {
  const control = Math.floor(index / printables);
  if (control >= controls) throw new RangeError("more fields of apps than any device writes");
  return Buffer.from([firstControl + control, firstPrintable + (index % printables)]);
}

export interface MarkedFit {
  readonly bytes: Buffer;
  /** The apps' names, by the mark that stands for each. */
  readonly names: ReadonlyMap<string, string>;
}

/** Returns a copy of a single, whole file with marks in place of the apps' names. @throws Error when it is none, or its apps' fields cannot be found */
export function markedFit(file: Buffer): MarkedFit {
  const names = new Map<string, string>();
  const { messages } = readFitMessages(file, { messageNumbers: [fieldDescription] });
  if (messages.length === 0) return { bytes: file, names };
  const bytes = Buffer.from(file);
  let from = 0;
  for (const message of messages) {
    const place = placeOfName(bytes, message, from);
    if (place === null) continue;
    from = place.end;
    const mark = markOf(names.size);
    names.set(mark.toString("latin1"), textOf(bytes.subarray(place.at, place.at + place.size)));
    bytes.fill(0, place.at, place.at + place.size);
    mark.copy(bytes, place.at);
  }
  const checksumAt = bytes.length - 2;
  bytes.writeUInt16LE(FitEncoder.calculateCRC(bytes.subarray(0, checksumAt)), checksumAt);
  return { bytes, names };
}

/**
 * Finds the name in a message, by all bytes of the message: they come in the order of the file. Null for one without a
 * name. @throws RangeError where it is not found, or too short for a mark
 */
function placeOfName(bytes: Buffer, { fields }: FitRawMessage, from: number) {
  const index = fields.findIndex(({ fieldNumber }) => fieldNumber === fieldName);
  const name = fields[index];
  if (name === undefined) return null;
  const whole = Buffer.concat(fields.map((field) => field.bytes));
  const start = bytes.indexOf(whole, from);
  if (start === -1 || name.size < 2) throw new RangeError("the name of an app's field is not found");
  const before = fields.slice(0, index).reduce((sum, { size }) => sum + size, 0);
  return { at: start + before, size: name.size, end: start + whole.length };
}

const textOf = (bytes: Buffer): string => bytes.toString("utf8").split("\0", 1)[0] ?? "";

type Fields = Readonly<Record<string, unknown>>;

/** Returns a message with the fields of apps in `developer`, under their own names. */
export function withDeveloperApart(message: unknown, names: MarkedFit["names"]): unknown {
  if (names.size === 0 || typeof message !== "object" || message === null) return message;
  const [native, developer]: [Record<string, unknown>, [string, unknown][]] = [{}, []];
  for (const [key, value] of Object.entries(message as Fields)) {
    const name = names.get(key);
    if (name !== undefined) developer.push([name, value]);
    // A description itself has the mark as its value.
    else native[key] = typeof value === "string" ? (names.get(value) ?? value) : value;
  }
  return developer.length === 0 ? native : { ...native, developer: Object.fromEntries(developer) };
}
