/**
 * A parser of hostile XML that arrives in chunks. Everything before the root is skipped, so a document type is never
 * seen by the parser, and no entity but XML's own five is ever known. Small faults are overlooked and counted; length,
 * depth and the number of faults are limited.
 */
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { limits } from "../limits.ts";
import { stoppedReading } from "../stopped.ts";

export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(): void;
  /** Absent where texts are of no use. */
  text?(text: string): void;
}

/** Characters that XML 1.0 does not have. Exports contain U+000B inside texts. */
const controls = /[^\t\n\r\x20-\ufffd]/g;

export class GuardedParser {
  readonly #parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  readonly #decoder = new TextDecoder("utf-8");
  readonly #root: RegExp;
  /** The text before the root; null once the root was found. */
  #prolog: string | null = "";
  #prologBytes = 0;
  #prologLines = 0;
  #depth = 0;
  /** Whether the root element was closed. Anything after it is passed over. */
  #isOver = false;
  #faults = 0;
  #bytes = 0;
  #chunk = { text: "", bytesBefore: 0, charsBefore: 0 };
  #quietChars = 0;

  /** @param root the name of the outermost element */
  constructor(root: string, handlers: XmlHandlers) {
    this.#root = new RegExp(`<${root}[\\s>]`);
    this.#listen(handlers);
  }

  /** The faults that were overlooked. */
  get faults(): number {
    return this.#faults;
  }

  /** The place that was reached. */
  get place(): { readonly byte: number; readonly line: number } {
    if (this.#prolog !== null) return { byte: this.#bytes, line: linesIn(this.#prolog) + 1 };
    const { text, bytesBefore, charsBefore } = this.#chunk;
    const within = text.slice(0, Math.max(0, this.#parser.position - charsBefore));
    return {
      byte: Math.min(this.#bytes, this.#prologBytes + bytesBefore + Buffer.byteLength(within)),
      line: this.#prologLines + this.#parser.line,
    };
  }

  /** @throws ProviderError UPLOAD_FILE_MALFORMED */
  write(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (!this.#isOver) this.#feed(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @throws ProviderError UPLOAD_FILE_CUT when the root is not closed */
  end(): void {
    if (this.#isOver) return;
    const place = { byte: this.#bytes, line: this.place.line };
    throw stoppedReading("UPLOAD_FILE_CUT", place);
  }

  #feed(decoded: string): void {
    const text = this.#prolog === null ? decoded : this.#afterProlog(this.#prolog + decoded);
    if (text === "") return;
    const { bytesBefore, text: before } = this.#chunk;
    this.#chunk = {
      text,
      bytesBefore: bytesBefore + Buffer.byteLength(before),
      charsBefore: this.#parser.position,
    };
    this.#quietChars += text.length;
    this.#parser.write(text.replace(controls, " "));
    if (this.#quietChars > limits.quietChars) throw this.#malformed("a text without an end");
  }

  /** Returns the text from the root on; nothing while it has not come. */
  #afterProlog(prolog: string): string {
    const at = prolog.search(this.#root);
    if (at < 0) {
      if (prolog.length > limits.prologChars) throw this.#malformed("no root element");
      this.#prolog = prolog;
      return "";
    }
    this.#prolog = null;
    this.#prologBytes = Buffer.byteLength(prolog.slice(0, at));
    this.#prologLines = linesIn(prolog.slice(0, at));
    return prolog.slice(at);
  }

  #listen({ open, close, text }: XmlHandlers): void {
    this.#parser.on("opentag", ({ name, attributes }: SaxesTagPlain) => {
      if (this.#isOver) return;
      this.#quietChars = 0;
      this.#depth += 1;
      if (this.#depth > limits.depth) throw this.#malformed("too many levels");
      open(name, attributes);
    });
    this.#parser.on("closetag", () => {
      if (this.#isOver) return;
      this.#quietChars = 0;
      this.#depth -= 1;
      close();
      this.#isOver = this.#depth === 0;
    });
    if (text !== undefined) this.#parser.on("text", (said) => this.#isOver || text(said));
    this.#parser.on("error", () => {
      this.#faults += this.#isOver ? 0 : 1;
      if (this.#faults > limits.faults) throw this.#malformed("too many faults");
    });
  }

  #malformed(reason: string) {
    return stoppedReading("UPLOAD_FILE_MALFORMED", { ...this.place, reason });
  }
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
