import { randomBytes } from "node:crypto";
import { deflateSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { zipOf } from "../../zip/zip.ts";
import { isSmall } from "./size.ts";

const maxBytes = 256 * 1024;
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);

it.each<[string, Buffer, boolean]>([
  ["nothing", zeros(0), true],
  ["as much as is small", zeros(maxBytes), true],
  ["one byte more", zeros(maxBytes + 1), false],
  ["what unpacks to as much as is small", gzipSync(zeros(maxBytes)), true],
  ["what unpacks to one byte more", gzipSync(zeros(maxBytes + 1)), false],
  ["what unpacks to a gigabyte", gzipSync(zeros(2 ** 28)), false],
  // Only the outer layer is unpacked, and its content is measured.
  ["a bomb in a packet", gzipSync(gzipSync(zeros(2 ** 28))), true],
  ["several packets that are large together", Buffer.concat(Array(3).fill(gzipSync(zeros(100_000)))), false],
  ["random bytes that do not become smaller", gzipSync(randomBytes(maxBytes)), false],
  ["what only begins like a packet", Buffer.from([0x1f, 0x8b, 1, 2, 3]), true],
  ["a ZIP file, whatever is in it", zipOf([]), false],
  ["half a packet", gzipSync(zeros(1_000)).subarray(0, 15), true],
  ["another packing", deflateSync(zeros(2 ** 20)), true],
  ["as many values as are few", Buffer.from(`[${Array(5_001).fill("1")}]`), true],
  ["one value more", Buffer.from(`[${Array(5_002).fill("1")}]`), false],
  [
    "one more after a text that ends in a backslash",
    Buffer.from(`["\\\\",${Array(5_001).fill("1")}]`),
    false,
  ],
  ["commas in texts", Buffer.from(JSON.stringify([`\\"${",".repeat(100_000)}`, '\\\\", ,'])), true],
  ["a thousand elements", Buffer.from(`<a>"${"<b/>".repeat(1_000)}</a>`), true],
  ["ten thousand elements, quotes in between", Buffer.from(`<a>"${"<b/>".repeat(10_000)}</a>`), false],
  ["packed elements", gzipSync(`<a>${"<b/>".repeat(10_000)}</a>`), false],
])("%s: small is %s", (_, body, small) => {
  expect(isSmall(body)).toBe(small);
});

it("ignores the length that a packed body claims to have", () => {
  const lying = gzipSync(zeros(2 ** 20));
  lying.writeUInt32LE(10, lying.length - 4);
  expect(isSmall(lying)).toBe(false);
});
