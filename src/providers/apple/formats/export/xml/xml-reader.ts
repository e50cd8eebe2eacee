/**
 * Reads XML in chunks, with the events, faults and places of Saxes, at a fraction of its cost: elements as an export has
 * them are read from the text itself. Where anything else comes, Saxes reads on until a tag ends near the end of a chunk;
 * after its first fault, it reads all that is left.
 */
import { SaxesParser } from "saxes";
import { linesIn } from "./lines-in.ts";
import { type TagAttributes, type TagKind, TagReader } from "./usual-tag.ts";

export interface XmlEvents {
  open(name: string, attributes: TagAttributes): void;
  close(): void;
  /** Absent where texts are of no use. */
  text?(text: string): void;
  fault(): void;
}

/** Characters that XML 1.0 does not have. Exports contain U+000B inside texts. */
const controls = /[^\t\n\r\x20-\ufffd]/g;
/** Characters that only Saxes reads: those, and the line ends of Windows. */
const unusual = /[^\t\n\x20-\ufffd]/;
/** A character that makes a text between tags unusual: an entity, or the end of CDATA. */
const unusualInText = /[&\]]/;

/** The length of a tag or text without an end from which Saxes reads it: it does not begin again with each chunk. */
const longestRest = 64 * 1024;

type Saxes = SaxesParser<{ xmlns: false; position: false }>;

export class XmlReader {
  readonly #events: XmlEvents;
  readonly #tags = new TagReader();
  /** The names of the open elements. */
  readonly #names: string[] = [];
  #isOver = false;
  /** The text at hand; between chunks, what is not read yet. Empty while Saxes reads. */
  #text = "";
  /** The place that was reached, from the characters and line ends before the text, or before Saxes began. */
  #at = 0;
  #before = 0;
  #linesBefore = 0;
  #saxes: Saxes | null = null;
  /** The place of the last end of a tag that Saxes found. */
  #tagEnd = -1;
  #hasFaults = false;

  constructor(events: XmlEvents) {
    this.#events = events;
  }

  /** Whether the root was closed. Anything after it is passed over. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The characters that were read; in an event, those up to its end. */
  get position(): number {
    return this.#before + this.#at;
  }

  /** The line of the position, from 1. */
  get line(): number {
    return this.#linesBefore + (this.#saxes?.line ?? linesIn(this.#text.slice(0, this.#at)) + 1);
  }

  write(chunk: string): void {
    if (this.#saxes === null) this.#scan(this.#text === "" ? chunk : this.#text + chunk);
    else this.#writeToSaxes(this.#saxes, chunk);
  }

  #scan(text: string): void {
    [this.#text, this.#at] = [text, 0];
    this.#tags.begin(text);
    let kind = unusual.test(text) ? "unusual" : this.#next();
    while (kind !== "cut" && kind !== "unusual") {
      this.#tell(kind);
      kind = this.#isOver ? "cut" : this.#next();
    }
    if (kind === "unusual") this.#handOver(this.#at);
    else this.#keepFrom(this.#at);
  }

  /** Reads up to the end of the next tag, or to where something unusual or unfinished begins. */
  #next(): TagKind {
    const [text, from] = [this.#text, this.#at];
    const less = text.indexOf("<", from);
    if (!isUsual(text, from, less < 0 ? text.length : less)) return "unusual";
    if (less < 0) return "cut";
    this.#at = less;
    if (less > from) this.#events.text?.(text.slice(from, less));
    const kind = this.#tags.read(less, this.#names.at(-1) ?? "");
    if (kind !== "cut" && kind !== "unusual") this.#at = this.#tags.end;
    return kind;
  }

  #tell(kind: TagKind): void {
    if (kind !== "close") this.#open(this.#tags.name, this.#tags.attributes);
    if (kind !== "open") this.#close();
  }

  #open(name: string, attributes: TagAttributes): void {
    this.#names.push(name);
    this.#events.open(name, attributes);
  }

  #close(): void {
    this.#names.pop();
    this.#isOver = this.#names.length === 0;
    this.#events.close();
  }

  /** Ends a chunk of which the last characters are to be read with the next one. */
  #keepFrom(at: number): void {
    if (this.#text.length - at > longestRest && !this.#isOver) {
      this.#handOver(at);
    } else {
      this.#passOver(at);
      this.#at = this.#text.length;
    }
  }

  #passOver(at: number): void {
    this.#before += at;
    this.#linesBefore += linesIn(this.#text.slice(0, at));
    this.#text = this.#text.slice(at);
    this.#at = 0;
  }

  #handOver(at: number): void {
    this.#passOver(at);
    const text = this.#text;
    this.#text = "";
    this.#saxes = this.#newSaxes();
    this.#writeToSaxes(this.#saxes, text);
  }

  /** Makes a parser in which the same elements are open. */
  #newSaxes(): Saxes {
    const saxes: Saxes = new SaxesParser({ xmlns: false, position: false });
    const opened = this.#names.map((name) => `<${name}>`).join("");
    saxes.write(opened);
    const inEvent = (work: () => void) => {
      if (this.#isOver) return;
      this.#at = saxes.position - opened.length;
      work();
    };
    const atTagEnd = (work: () => void) =>
      inEvent(() => {
        this.#tagEnd = this.#at;
        work();
      });
    saxes.on("opentag", ({ name, attributes }) => atTagEnd(() => this.#open(name, attributes)));
    saxes.on("closetag", () => atTagEnd(() => this.#close()));
    saxes.on("error", () =>
      inEvent(() => {
        this.#hasFaults = true;
        this.#events.fault();
      }),
    );
    const { text } = this.#events;
    if (text !== undefined) saxes.on("text", (said) => inEvent(() => text(said)));
    return saxes;
  }

  /** Saxes reads up to the last `>`. Where that ends a tag, nothing of Saxes' state is left but the open elements. */
  #writeToSaxes(saxes: Saxes, chunk: string): void {
    const split = this.#hasFaults ? chunk.length : chunk.lastIndexOf(">") + 1;
    this.#feed(saxes, chunk.slice(0, split));
    const isFree = split > 0 && this.#tagEnd === this.#at && !this.#hasFaults && !this.#isOver;
    if (isFree) {
      this.#before += this.#at;
      this.#linesBefore += saxes.line - 1;
      [this.#at, this.#tagEnd, this.#saxes] = [0, -1, null];
      this.#scan(chunk.slice(split));
    } else this.#feed(saxes, chunk.slice(split));
  }

  #feed(saxes: Saxes, text: string): void {
    if (text === "") return;
    const end = this.#at + text.length;
    saxes.write(text.replace(controls, " "));
    this.#at = end;
  }
}

/** Whether a text between tags has nothing unusual; in an export all are white space. */
function isUsual(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x0a && code !== 0x20 && code !== 0x09) return !unusualInText.test(text.slice(at, to));
  }
  return true;
}
