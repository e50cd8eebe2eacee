import fc from "fast-check";
import { expect, it } from "vitest";
import { parseTolerantly } from "../../providers/kit/tolerant-json.ts";
import { JsonCheck, NotJsonError } from "./json-check.ts";

/** Returns null for JSON, or why it is none; the bytes come in pieces of this length. */
function check(text: string, pieceLength = 7): "cut" | "not JSON" | null {
  const bytes = Buffer.from(text);
  const one = new JsonCheck();
  try {
    for (let at = 0; at < bytes.length; at += pieceLength) one.write(bytes.subarray(at, at + pieceLength));
    one.end();
    return null;
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error;
    return error.isCut ? "cut" : "not JSON";
  }
}

const isJson = (text: string): boolean => {
  try {
    parseTolerantly(text);
    return true;
  } catch {
    return false;
  }
};

it("takes every JSON, in pieces of any length", () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 1, max: 20 }), (text, length) => {
      expect(check(text, length)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

it("agrees with the reader about bytes that may be JSON", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    '"',
    "1",
    "-",
    ".5",
    "e3",
    " ",
    "\\u00",
    "null",
    "tru",
    "0",
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, (one) => {
      expect(check(one) === null, one).toBe(isJson(one));
    }),
    { numRuns: 20_000 },
  );
});

it("agrees with the reader about JSON of which one character was changed", () => {
  const changed = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\ x1\n'))
    .map(([text, place, sign]) => {
      const at = place % text.length;
      return text.slice(0, at) + sign + text.slice(at + 1);
    });
  fc.assert(
    fc.property(changed, (text) => {
      expect(check(text) === null, text).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

it("tells a body that was cut off from one that is not JSON", () => {
  const text = '{"a": [1.5, "é\\u00e9", {"b": null}], "c": true}';
  for (let length = 1; length < text.length; length++)
    expect(check(text.slice(0, length)), `${length}`).not.toBeNull();
  expect(["{", '{"a', '{"a":', '{"a":1', "[1,", '"\\u00'].map((one) => check(one))).toEqual(
    Array(6).fill("cut"),
  );
  expect(["", "<xml>", "{]", "[1 2]", "{'a':1}"].map((one) => check(one))).toEqual(Array(5).fill("not JSON"));
});

it("takes what the reader takes although it is no JSON: odd numbers, and a byte order mark", () => {
  for (const text of ['{"a": NaN, "b": -Infinity}', "[nan]", '\ufeff{"a": 1}']) {
    expect([isJson(text), check(text, 1)]).toEqual([true, null]);
  }
  expect(check(" \ufeff{}")).toBe("not JSON");
});

it("refuses a body that is nested to exhaust its reader", () => {
  expect(check("[".repeat(1_000_001), 65_536)).toBe("not JSON");
  expect(check("[".repeat(100_000) + "]".repeat(100_000), 65_536)).toBeNull();
});
