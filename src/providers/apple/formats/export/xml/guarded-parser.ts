/**
 * A parser of hostile XML that arrives in chunks. Everything before the root is skipped, so a document type is never
 * seen by the parser, and no entity but XML's own five is ever known. Small faults are overlooked and counted; length,
 * depth and the number of faults are limited.
 */
import { limits } from "../limits.ts";
import { stoppedReading } from "../stopped.ts";
import { linesIn } from "./lines-in.ts";
import { type XmlEvents, XmlReader } from "./xml-reader.ts";

export type XmlHandlers = Omit<XmlEvents, "fault">;

export class GuardedParser {
  readonly #reader: XmlReader;
  readonly #decoder = new TextDecoder("utf-8");
  readonly #root: RegExp;
  /** The text before the root; null once the root was found. */
  #prolog: string | null = "";
  #prologBytes = 0;
  #prologLines = 0;
  #depth = 0;
  #faults = 0;
  #bytes = 0;
  #chunk = { text: "", bytesBefore: 0, charsBefore: 0 };
  #quietChars = 0;

  /** @param root the name of the outermost element */
  constructor(root: string, handlers: XmlHandlers) {
    this.#root = new RegExp(`<${root}[\\s>]`);
    this.#reader = new XmlReader(this.#guarded(handlers));
  }

  /** The faults that were overlooked. */
  get faults(): number {
    return this.#faults;
  }

  /** The place that was reached. */
  get place(): { readonly byte: number; readonly line: number } {
    if (this.#prolog !== null) return { byte: this.#bytes, line: linesIn(this.#prolog) + 1 };
    const { text, bytesBefore, charsBefore } = this.#chunk;
    const within = text.slice(0, Math.max(0, this.#reader.position - charsBefore));
    return {
      byte: Math.min(this.#bytes, this.#prologBytes + bytesBefore + Buffer.byteLength(within)),
      line: this.#prologLines + this.#reader.line,
    };
  }

  /** @throws ProviderError UPLOAD_FILE_MALFORMED */
  write(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (!this.#reader.isOver) this.#feed(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @throws ProviderError UPLOAD_FILE_CUT when the root is not closed */
  end(): void {
    if (this.#reader.isOver) return;
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
      charsBefore: this.#reader.position,
    };
    this.#quietChars += text.length;
    this.#reader.write(text);
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

  #guarded({ open, close, ...rest }: XmlHandlers): XmlEvents {
    return {
      ...rest,
      open: (name, attributes) => {
        this.#quietChars = 0;
        this.#depth += 1;
        if (this.#depth > limits.depth) throw this.#malformed("too many levels");
        open(name, attributes);
      },
      close: () => {
        this.#quietChars = 0;
        this.#depth -= 1;
        close();
      },
      fault: () => {
        this.#faults += 1;
        if (this.#faults > limits.faults) throw this.#malformed("too many faults");
      },
    };
  }

  #malformed(reason: string) {
    return stoppedReading("UPLOAD_FILE_MALFORMED", { ...this.place, reason });
  }
}
