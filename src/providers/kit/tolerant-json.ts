/**
 * JSON as serialisers really write it. RFC 8259 has no NaN and no Infinity; Python, Java and C++ libraries write them
 * all the same where a measurement failed. One of them must not cost the body it stands in.
 */

const byteOrderMark = "\ufeff";

/**
 * What `JSON.parse` answers, or where that fails because of tokens for "no number", the same body with numbers that
 * are not finite in their place: whoever reads it takes them for unreadable.
 * @throws SyntaxError for anything else that is no JSON
 */
export function parseTolerantly(written: string): unknown {
  const text = written.startsWith(byteOrderMark) ? written.slice(1) : written;
  try {
    return JSON.parse(text);
  } catch (error) {
    const put = withoutOddTokens(text);
    if (put === text) throw error;
    return JSON.parse(put);
  }
}

const oddToken = /[+-]?(?<![\w.])(?:nan|inf|infinity|undefined)(?![\w.])/gi;
/** Grammatical, and too large for any number: it is read as Infinity. */
const notFinite = "1e999";

/** Only outside of texts, which may say what they like. */
function withoutOddTokens(text: string): string {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const outside = quote < 0 ? text.length : quote;
    pieces.push(text.slice(at, outside).replace(oddToken, notFinite));
    at = quote < 0 ? outside : endOfText(text, quote);
    pieces.push(text.slice(outside, at));
  }
  return pieces.join("");
}

/** Behind the quotation mark that ends the text beginning at `start`. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}
