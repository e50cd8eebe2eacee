/**
 * Reads a tag as nearly all are written: names in ASCII, values in double quotes, and no entity but the five of XML. The
 * result of any other tag is left to the parser, so this reader never has to judge what is wrong.
 */

export type TagAttributes = Readonly<Record<string, string>>;

/** `cut`: usual as far as it goes, and without an end. */
export type TagKind = "open" | "self-closing" | "close" | "cut" | "unusual";

const [space, quote, ampersand, slash] = [0x20, 0x22, 0x26, 0x2f];
const [less, equals, greater] = [0x3c, 0x3d, 0x3e];
/** The last character that XML has in 16 bits. */
const lastCharacter = 0xfffd;

const nameStarts = flagsOf(/[A-Za-z_]/);
const nameCharacters = flagsOf(/[\w.:-]/);

/** Returns for each ASCII character whether it is one of these. */
function flagsOf(characters: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(characters.test(String.fromCharCode(code))));
}

/** The tags whose attributes are remembered; a hostile export has others. */
const mostShapes = 32;

export class TagReader {
  /** The tag that was read last, and the place after it. */
  name = "";
  attributes: TagAttributes = {};
  end = 0;
  #text = "";
  /** The place that was reached in the text. */
  #at = 0;
  #value = "";
  /** By tag, the names of its attributes as they were last: most tags have those of the one before. */
  readonly #shapes = new Map<string, string[]>();
  /** The last value with entities, and what it means: sources repeat theirs in each record. */
  #encoded = "";
  #decoded = "";

  /** Reads the tag that begins at `<`. @param outer the name of the innermost open element, which a tag may close */
  read(text: string, at: number, outer: string): TagKind {
    this.#text = text;
    if (text.charCodeAt(at + 1) === slash) return this.#readClose(at + 2, outer);
    this.#at = at + 1;
    const name = this.#readName("");
    if (name === null) return this.#stopped();
    this.name = name;
    return this.#readAttributes(this.#shapeOf(name));
  }

  #readClose(at: number, outer: string): TagKind {
    const end = at + outer.length;
    if (end >= this.#text.length) return outer.startsWith(this.#text.slice(at)) ? "cut" : "unusual";
    if (!this.#text.startsWith(outer, at) || this.#text.charCodeAt(end) !== greater) return "unusual";
    this.end = end + 1;
    return "close";
  }

  #readAttributes(shape: string[]): TagKind {
    const attributes: Record<string, string> = Object.create(null);
    for (let index = 0; ; index += 1) {
      const hasSpace = this.#skipSpaces();
      const code = this.#text.charCodeAt(this.#at);
      if (code === greater || code === slash) {
        this.attributes = attributes;
        return this.#readEnd(code);
      }
      const name = hasSpace ? this.#readName(shape[index] ?? "") : null;
      if (name === null || !this.#readValue()) return this.#stopped();
      // Saxes takes the last of two, and reports a fault.
      if (name in attributes) return "unusual";
      attributes[name] = this.#value;
      if (name !== shape[index]) shape[index] = name;
    }
  }

  #readEnd(code: number): TagKind {
    if (code === greater) {
      this.end = this.#at + 1;
      return "open";
    }
    const next = this.#text.charCodeAt(this.#at + 1);
    this.end = this.#at + 2;
    return next === greater ? "self-closing" : Number.isNaN(next) ? "cut" : "unusual";
  }

  /** A text that ends is cut; any other stop is at a character that is unusual there. */
  #stopped(): TagKind {
    return this.#at >= this.#text.length ? "cut" : "unusual";
  }

  #skipSpaces(): boolean {
    const from = this.#at;
    while (this.#text.charCodeAt(this.#at) === space) this.#at += 1;
    return this.#at > from;
  }

  /** Returns the name that stands here; null where there is none, or the text ends. */
  #readName(expected: string): string | null {
    const text = this.#text;
    const from = this.#at;
    if (expected !== "" && text.startsWith(expected, from)) {
      const end = from + expected.length;
      if (text.charCodeAt(end) === equals) {
        this.#at = end;
        return expected;
      }
    }
    let at = from;
    const flag = nameStarts[text.charCodeAt(at)];
    if (flag !== 1) return null;
    while (nameCharacters[text.charCodeAt(at)] === 1) at += 1;
    this.#at = at;
    return at === text.length ? null : text.slice(from, at);
  }

  /** Reads `="…"`. Returns false where something else stands there, or the text ends. */
  #readValue(): boolean {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== equals) return false;
    this.#at += 1;
    if (text.charCodeAt(this.#at) !== quote) return false;
    const from = this.#at + 1;
    let [at, hasEntities, code] = [from, false, text.charCodeAt(from)];
    while (code !== quote) {
      if (code === ampersand) hasEntities = true;
      else if (!(code >= space && code <= lastCharacter) || code === less) break;
      at += 1;
      code = text.charCodeAt(at);
    }
    this.#at = at;
    const written = text.slice(from, at);
    if (hasEntities && !this.#decode(written, code === quote)) return false;
    if (code !== quote) return false;
    this.#value = hasEntities ? this.#decoded : written;
    this.#at = at + 1;
    return true;
  }

  /** Returns false where a value has another entity than the five. One that is cut may go on to be one of them. */
  #decode(written: string, isWhole: boolean): boolean {
    if (written === this.#encoded) return true;
    if (otherEntity.test(isWhole ? written : written.replace(cutEntity, ""))) {
      this.#at -= 1;
      return false;
    }
    if (!isWhole) return true;
    this.#encoded = written;
    this.#decoded = written.replace(entity, (_, name: string) => entities[name] ?? "");
    return true;
  }

  #shapeOf(tag: string): string[] {
    const known = this.#shapes.get(tag);
    if (known !== undefined) return known;
    const shape: string[] = [];
    if (this.#shapes.size < mostShapes) this.#shapes.set(tag, shape);
    return shape;
  }
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const entity = /&(lt|gt|amp|quot|apos);/g;
const otherEntity = /&(?!(?:lt|gt|amp|quot|apos);)/;
const cutEntity = /&[a-z]{0,4}$/;
