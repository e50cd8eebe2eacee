/**
 * Reads a tag as nearly all are written: names in ASCII, values in double quotes, and no entity but the five of XML. The
 * result of any other tag is left to the parser, so this reader never has to judge what is wrong.
 */

export type TagAttributes = Readonly<Record<string, string>>;

/** `cut`: usual as far as it goes, and without an end. */
export type TagKind = "open" | "self-closing" | "close" | "cut" | "unusual";

const [space, slash, greater] = [0x20, 0x2f, 0x3e];

const nameStarts = flagsOf(/[A-Za-z_]/);
const nameCharacters = flagsOf(/[\w.:-]/);

/** Returns for each ASCII character whether it is one of these. */
function flagsOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(characters.test(String.fromCharCode(code))));
}

/** An attribute where it is expected: its name, and how it begins with the space before it. */
interface Expected {
  readonly name: string;
  readonly begin: string;
}

/** The tags whose attributes are remembered; a hostile export has others. */
const mostShapes = 32;

/** The next place of a character, which is looked for once. */
class NextPlace {
  readonly #character: string;
  #text = "";
  #at = -1;

  constructor(character: string) {
    this.#character = character;
  }

  begin(text: string): void {
    [this.#text, this.#at] = [text, -1];
  }

  /** Whether the character stands between two places. */
  isBetween(from: number, to: number): boolean {
    if (this.#at < from) {
      const at = this.#text.indexOf(this.#character, from);
      this.#at = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return this.#at < to;
  }
}

/** Searches run at the speed of memory, and a loop over characters does not: so the reader only looks for what ends. */
export class TagReader {
  /** The tag that was read last, and the place after it. */
  name = "";
  attributes: TagAttributes = {};
  end = 0;
  #text = "";
  /** Where the tag begins, the place that was reached, and the one that it cannot pass: the next `<`, or the end. */
  #from = 0;
  #at = 0;
  #limit = 0;
  #ampersand = new NextPlace("&");
  #newline = new NextPlace("\n");
  #tab = new NextPlace("\t");
  /** By tag, its attributes as they were last: most tags have those of the one before. */
  readonly #shapes = new Map<string, Expected[]>();
  /** The last value with entities, and what it means: sources repeat theirs in each record. */
  #encoded = "";
  #decoded = "";

  /** Takes a text without control characters other than line ends. */
  begin(text: string): void {
    this.#text = text;
    for (const next of [this.#ampersand, this.#newline, this.#tab]) next.begin(text);
  }

  /** Reads the tag that begins at `<`. @param outer the name of the innermost open element, which a tag may close */
  read(at: number, outer: string): TagKind {
    const text = this.#text;
    if (text.charCodeAt(at + 1) === slash) return this.#readClose(at + 2, outer);
    const less = text.indexOf("<", at + 1);
    this.#limit = less < 0 ? text.length : less;
    [this.#from, this.#at] = [at, at + 1];
    const kind = this.#readOpen();
    if (kind !== "cut") return kind;
    // A text that ends is unusual where anything in it is.
    return less < 0 && !unusualInCut.test(text.slice(at)) ? "cut" : "unusual";
  }

  #readClose(at: number, outer: string): TagKind {
    const end = at + outer.length;
    if (end >= this.#text.length) return outer.startsWith(this.#text.slice(at)) ? "cut" : "unusual";
    if (!this.#text.startsWith(outer, at) || this.#text.charCodeAt(end) !== greater) return "unusual";
    this.end = end + 1;
    return "close";
  }

  #readOpen(): TagKind {
    const name = this.#readName();
    if (name === null) return this.#stopped();
    const shape = this.#shapeOf(name);
    const attributes = new NoAttributes() as Record<string, string>;
    let index = 0;
    let code = this.#text.charCodeAt(this.#at);
    while (code !== greater && code !== slash) {
      const key = this.#readKey(shape, index);
      const value = key === null || key === "" ? key : this.#readValue();
      if (key === null || value === null) return this.#stopped();
      // Saxes takes the last of two, and reports a fault.
      if (attributes[key] !== undefined) return "unusual";
      if (key !== "") attributes[key] = value;
      code = this.#text.charCodeAt(this.#at);
      index += 1;
    }
    this.name = name;
    this.attributes = attributes;
    return this.#readEnd(code);
  }

  #readEnd(code: number): TagKind {
    const isSelfClosing = code === slash;
    const last = isSelfClosing ? this.#text.charCodeAt(this.#at + 1) : code;
    if (last !== greater) return Number.isNaN(last) ? "cut" : "unusual";
    const end = this.#at + (isSelfClosing ? 2 : 1);
    this.end = end;
    if (this.#newline.isBetween(this.#from, end) || this.#tab.isBetween(this.#from, end)) return "unusual";
    return isSelfClosing ? "self-closing" : "open";
  }

  /** A text that ends is cut; any other stop is at a character that is unusual there. */
  #stopped(): TagKind {
    return this.#at >= this.#text.length ? "cut" : "unusual";
  }

  /** Returns the name that stands here; null where there is none, or the text ends. */
  #readName(): string | null {
    const [text, from] = [this.#text, this.#at];
    if (nameStarts[text.charCodeAt(from)] !== 1) return null;
    let at = from;
    while (nameCharacters[text.charCodeAt(at)] === 1) at += 1;
    this.#at = at;
    return at === text.length ? null : text.slice(from, at);
  }

  /** Reads ` name="`. Returns "" at the end of the tag; null where something else stands there, or the text ends. */
  #readKey(shape: Expected[], index: number): string | null {
    const expected = shape[index];
    if (expected !== undefined && this.#text.startsWith(expected.begin, this.#at)) {
      this.#at += expected.begin.length;
      return expected.name;
    }
    const name = this.#readOtherKey();
    if (name !== null && name !== "") shape[index] = { name, begin: ` ${name}="` };
    return name;
  }

  #readOtherKey(): string | null {
    const text = this.#text;
    const from = this.#at;
    while (text.charCodeAt(this.#at) === space) this.#at += 1;
    const code = text.charCodeAt(this.#at);
    if (code === greater || code === slash) return "";
    const name = this.#at > from ? this.#readName() : null;
    if (name === null) return null;
    const begin = text.slice(this.#at, this.#at + beginOfValue.length);
    if (begin !== beginOfValue) {
      // What is missing may come.
      if (beginOfValue.startsWith(begin)) this.#at = text.length;
      return null;
    }
    this.#at += beginOfValue.length;
    return name;
  }

  /** Reads the rest of a value after its first quote. Returns null where it is unusual, or the text ends. */
  #readValue(): string | null {
    const [text, from] = [this.#text, this.#at];
    const end = text.indexOf('"', from);
    if (end < 0) this.#at = text.length;
    if (end < 0 || end > this.#limit) return null;
    const written = text.slice(from, end);
    const value = this.#ampersand.isBetween(from, end) ? this.#decode(written) : written;
    if (value !== null) this.#at = end + 1;
    return value;
  }

  /** Returns null where a value has another entity than the five. */
  #decode(written: string): string | null {
    if (written === this.#encoded) return this.#decoded;
    if (otherEntity.test(written)) return null;
    this.#encoded = written;
    this.#decoded = written.replace(entity, (_, name: string) => entities[name] ?? "");
    return this.#decoded;
  }

  #shapeOf(tag: string): Expected[] {
    const known = this.#shapes.get(tag);
    if (known !== undefined) return known;
    const shape: Expected[] = [];
    if (this.#shapes.size < mostShapes) this.#shapes.set(tag, shape);
    return shape;
  }
}

const beginOfValue = '="';
const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const entity = /&(lt|gt|amp|quot|apos);/g;
const otherEntity = /&(?!(?:lt|gt|amp|quot|apos);)/;
/** In a tag that is cut off, an entity may be as well. */
const unusualInCut = /[\t\n]|&(?!(?:lt|gt|amp|quot|apos);|[a-z]{0,4}$)/;

/** An object without inherited properties. Those of `Object.create(null)` are kept in a table, which costs more. */
class NoAttributes {}
Object.setPrototypeOf(NoAttributes.prototype, null);
Reflect.deleteProperty(NoAttributes.prototype, "constructor");
