import { describe, expect, it } from "vitest";
import { canonical } from "./exactness.ts";

const pairs = (list: [string, string][]) => list;

describe("the same fields and values", () => {
  it.each(
    pairs([
      ["1.0", "1"],
      ["1e2", "100"],
      ["1E+2", "100.00"],
      ["-0.5", "-5e-1"],
      ["0", "-0.0"],
      ["9007199254740993", "9007199254740993.0"],
      ['{"a":1,"b":[2]}', ' { "b" : [ 2.0 ], "a":1}'],
      ['"\\u00e9"', '"é"'],
      ['{"__proto__":1,"a":2}', '{"a":2,"__proto__":1}'],
    ]),
  )("%s and %s are one", (one, other) => {
    expect(canonical(one)).toBe(canonical(other));
  });

  it.each(
    pairs([
      ["9007199254740993", "9007199254740992"],
      ["9223372036854775807", "9223372036854775808"],
      ["1", '"1"'],
      ["1", '{"#":"1e0"}'],
      ["10", "1"],
      ["-1", "1"],
      ["1e-7", "1e7"],
      ["[1,2]", "[2,1]"],
      ["{}", "[]"],
      ["null", "{}"],
      ['{"a":1}', '{"fields":[["a",1]]}'],
      ['{"__proto__":1}', "{}"],
      ['{"a":null}', "{}"],
      ['"\\u00e9"', '"e\\u0301"'],
      ['"\\ud800"', '"\\ufffd"'],
    ]),
  )("%s and %s are not", (one, other) => {
    expect(canonical(one)).not.toBe(canonical(other));
  });
});
