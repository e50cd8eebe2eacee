/**
 * Checks, piece by piece, that bytes are JSON, without making anything of them: memory stays the same however long they
 * are. Accepts what `parseTolerantly` accepts, so that one odd number does not cost a body.
 */

export class NotJsonError extends Error {
  override readonly name = "NotJsonError";
  /** Whether it is JSON as far as it goes. */
  readonly isCut: boolean;
  /** The number of bytes that were read before. */
  readonly at: number;

  constructor(isCut: boolean, at: number) {
    super("Not JSON");
    this.isCut = isCut;
    this.at = at;
  }
}

const code = (sign: string): number => sign.charCodeAt(0);
const [quote, backslash, comma, colon] = [code('"'), code("\\"), code(","), code(":")];
const [openList, closeList, openObject, closeObject] = [code("["), code("]"), code("{"), code("}")];

/** The kinds of bytes outside texts, by byte, since a body has hundreds of millions of them; 0 for those of tokens. */
const kinds = new Uint8Array(256);
const [space, separator, opening, quotation] = [1, 2, 3, 4];
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) kinds[byte] = space;
for (const byte of [comma, colon, closeList, closeObject]) kinds[byte] = separator;
for (const byte of [openList, openObject]) kinds[byte] = opening;
kinds[quote] = quotation;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const escapes = new Set([...'"\\/bfnrtu'].map(code));
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const word = /^(?:true|false|null|[+-]?(?:nan|inf|infinity|undefined))$/i;
const isHex = (byte: number): boolean => /[0-9a-fA-F]/.test(String.fromCharCode(byte));

/** No number and no word is longer. */
const longestToken = 4_096;
/** A body that is nested deeper is made to exhaust its reader. */
const deepest = 1_000_000;

/** What may come next. */
type Expected = "value" | "item or end" | "name or end" | "name" | "colon" | "comma or end" | "nothing";

export class JsonCheck {
  #expected: Expected = "value";
  readonly #open: number[] = [];
  /** A number or word that is not over. */
  #token = "";
  #isText = false;
  #isName = false;
  /** Of an escape in a text: 5 after the backslash, then the number of hexadecimal digits that follow. */
  #escape = 0;
  #read = 0;
  /** The bytes of the byte order mark that have come. */
  #mark = 0;

  /** @throws NotJsonError */
  write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#isText) at = this.#inText(bytes, at);
      else if (kinds[bytes[at] as number] === 0) at = this.#inToken(bytes, at);
      else this.#outside(bytes[at] as number, this.#read + at);
    }
    this.#read += bytes.length;
  }

  /** @throws NotJsonError when the end is missing */
  end(): void {
    this.#endToken(this.#read);
    if (this.#isText || this.#expected !== "nothing") throw new NotJsonError(this.#read > 0, this.#read);
  }

  /** Returns the position of the last byte that was read. */
  #inText(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#escape > 0) this.#escaped(byte, this.#read + at);
      else if (byte === backslash) this.#escape = 5;
      else if (byte === quote) {
        this.#isText = false;
        this.#expected = this.#isName ? "colon" : this.#afterValue();
        return at;
      } else if (byte < 0x20) throw new NotJsonError(false, this.#read + at);
    }
    return bytes.length;
  }

  #escaped(byte: number, at: number): void {
    const isRight = this.#escape === 5 ? escapes.has(byte) : isHex(byte);
    if (!isRight) throw new NotJsonError(false, at);
    if (this.#escape === 5) this.#escape = byte === code("u") ? 4 : 0;
    else this.#escape -= 1;
  }

  #outside(byte: number, at: number): void {
    if (this.#token !== "") this.#endToken(at);
    const kind = kinds[byte];
    if (kind === separator) this.#separated(byte, at);
    else if (kind === opening) this.#begin(byte, at);
    else if (kind === quotation) this.#beginText(at);
  }

  /** Returns the position of the last byte that was read. */
  #inToken(bytes: Buffer, from: number): number {
    const first = this.#read + from;
    if (first === this.#mark && bytes[from] === byteOrderMark[first]) {
      this.#mark++;
      return from;
    }
    if (this.#token === "" && !this.#takesValue()) throw new NotJsonError(false, first);
    let to = from;
    for (; to < bytes.length && kinds[bytes[to] as number] === 0; to++) {
      const isTooLong = this.#token.length + to - from >= longestToken;
      if ((bytes[to] as number) > 0x7e || isTooLong) throw new NotJsonError(false, this.#read + to);
    }
    this.#token += bytes.toString("latin1", from, to);
    return to - 1;
  }

  #endToken(at: number): void {
    if (this.#token === "") return;
    if (!number.test(this.#token) && !word.test(this.#token)) throw new NotJsonError(false, at);
    this.#token = "";
    this.#expected = this.#afterValue();
  }

  #begin(byte: number, at: number): void {
    if (!this.#takesValue() || this.#open.length >= deepest) throw new NotJsonError(false, at);
    this.#open.push(byte);
    this.#expected = byte === openList ? "item or end" : "name or end";
  }

  #beginText(at: number): void {
    this.#isName = this.#expected === "name" || this.#expected === "name or end";
    if (!(this.#isName || this.#takesValue())) throw new NotJsonError(false, at);
    this.#isText = true;
  }

  #separated(byte: number, at: number): void {
    const inside = this.#open.at(-1);
    if (byte === colon && this.#expected === "colon") this.#expected = "value";
    else if (byte === comma && this.#expected === "comma or end") {
      this.#expected = inside === openList ? "value" : "name";
    } else if (this.#ends(byte, inside)) {
      this.#open.pop();
      this.#expected = this.#afterValue();
    } else throw new NotJsonError(false, at);
  }

  #ends(byte: number, inside: number | undefined): boolean {
    if (byte === closeList) {
      return inside === openList && (this.#expected === "comma or end" || this.#expected === "item or end");
    }
    return (
      byte === closeObject &&
      inside === openObject &&
      (this.#expected === "comma or end" || this.#expected === "name or end")
    );
  }

  #takesValue(): boolean {
    return this.#expected === "value" || this.#expected === "item or end";
  }

  #afterValue(): Expected {
    return this.#open.length === 0 ? "nothing" : "comma or end";
  }
}
