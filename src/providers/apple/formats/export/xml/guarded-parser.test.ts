import { describe, expect, it } from "vitest";
import { limits } from "../limits.ts";
import { GuardedParser } from "./guarded-parser.ts";

const parserOf = () => new GuardedParser("HealthData", { open: () => {}, close: () => {} });
const prolog = '<?xml version="1.0"?>\n';

describe("a parser of hostile XML", () => {
  it("says the byte and line at which it stopped, whichever chunk that is in", () => {
    const before = `${prolog}<HealthData>\n<a b="é"/>\n`;
    const deep = "<a>".repeat(limits.depth + 3);
    const place = { byte: Buffer.byteLength(before) + 3 * limits.depth, line: 4, reason: "too many levels" };
    for (const at of [0, 30, before.length + 8]) {
      const parser = parserOf();
      const [one, other] = [(before + deep).slice(0, at), (before + deep).slice(at)];
      parser.write(Buffer.from(one));
      expect(() => parser.write(Buffer.from(other))).toThrow(expect.objectContaining({ details: place }));
    }
  });

  it.each(['<a b="', "<!-- ", "text ", "<a ", "</"])("stops at %j without an end", (begun) => {
    const parser = parserOf();
    parser.write(Buffer.from(`${prolog}<HealthData>${begun}`));
    const more = Buffer.alloc(limits.quietChars / 4, "x");
    for (let pieces = 0; pieces < 4; pieces += 1) parser.write(more);
    expect(() => parser.write(more)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: "a text without an end" }) }),
    );
  });
});
