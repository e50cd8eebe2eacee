/**
 * Reads JSON as serialisers really write it. RFC 8259 has no NaN and no Infinity, but Python, Java and C++ libraries
 * write them where a measurement failed. One such token must not cost the whole body.
 */

const byteOrderMark = "\ufeff";

/**
 * Returns the result of `JSON.parse`. Where that fails because of tokens for "no number", each token becomes a number
 * that is not finite, which schemas treat as unreadable.
 *
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
/** Valid JSON, and too large for any number: it is read as Infinity. */
const notFinite = "1e999";

/** Replaces tokens outside of texts only, since texts may contain the same words. */
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

/** Returns the position behind the quotation mark that ends the text beginning at `start`. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}
