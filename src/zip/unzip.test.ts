import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isZip, unzip, ZipError } from "./unzip.ts";
import { zipOf } from "./zip.ts";

const limits = { entries: 3, unpackedBytes: 4_000_000, ratio: 100 };

/** Packs the only entry of a ZIP file whose entries are stored, and gives both heads its numbers. */
function packed(bytes: Buffer, { method = 8, flags = 0, length = bytes.length } = {}): Buffer {
  const stored = zipOf([{ name: "a.fit", bytes }]);
  const inside = deflateRawSync(bytes);
  const local = stored.subarray(0, 30 + "a.fit".length);
  const central = Buffer.from(stored.subarray(local.length + bytes.length));
  for (const [head, at] of [
    [local, 6],
    [central, 8],
  ] as const) {
    head.writeUInt16LE(flags, at);
    head.writeUInt16LE(method, at + 2);
    head.writeUInt32LE(inside.length, at + 12);
    head.writeUInt32LE(length, at + 16);
  }
  // Where the directory begins.
  central.writeUInt32LE(local.length + inside.length, central.length - 6);
  return Buffer.concat([local, inside, central]);
}

const reason = (zip: Buffer, given = limits): string => {
  try {
    unzip(zip, given);
  } catch (error) {
    if (error instanceof ZipError) return error.message;
    throw error;
  }
  return "none";
};

describe("a ZIP file", () => {
  const text = Buffer.from("a file ".repeat(1_000));

  it("gives its files, stored or packed, and no folders", () => {
    const several = zipOf([
      { name: "folder/", bytes: Buffer.alloc(0) },
      { name: "folder/a.fit", bytes: text },
      { name: "empty", bytes: Buffer.alloc(0) },
    ]);
    expect(unzip(several, limits)).toEqual([
      { name: "folder/a.fit", bytes: text },
      { name: "empty", bytes: Buffer.alloc(0) },
    ]);
    expect(unzip(packed(text), limits)).toEqual([{ name: "a.fit", bytes: text }]);
    expect(unzip(zipOf([]), limits)).toEqual([]);
  });

  it("is known by its first bytes", () => {
    expect([isZip(packed(text)), isZip(zipOf([])), isZip(text), isZip(Buffer.from("PK"))]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("with too many entries, too large or packed too well is refused before it is unpacked", () => {
    const one = { name: "a", bytes: Buffer.from("a") };
    expect(reason(zipOf([one, one, one, one]))).toBe("too many entries in the ZIP file");
    expect(reason(packed(Buffer.alloc(2_000_000)))).toBe("the ZIP file is too large");
    expect(reason(zipOf([{ name: "a", bytes: Buffer.alloc(3_000_000) }, one]))).toBe("none");
    const large = { name: "a", bytes: Buffer.alloc(3_000_000) };
    expect(reason(zipOf([large, large]))).toBe("the ZIP file is too large");
  });

  it("that lies about a length, or is damaged or cut off anywhere, is refused", () => {
    const zip = packed(text);
    expect(reason(packed(text, { length: text.length - 1 }))).toBe("the ZIP file is damaged");
    expect(reason(packed(text, { length: text.length + 1 }))).toBe("the ZIP file is damaged");
    for (let length = 0; length < zip.length; length += 7)
      expect(reason(zip.subarray(0, length))).toMatch(/cut off|damaged/);
    for (let at = 0; at < zip.length; at += 3) {
      const changed = Buffer.from(zip);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      // A changed date or attribute costs nothing.
      expect(() => reason(changed)).not.toThrow();
    }
  });

  it("that is encrypted or packed in another way is refused", () => {
    expect(reason(packed(text, { flags: 1 }))).toBe("the ZIP file is encrypted");
    expect(reason(packed(text, { method: 12 }))).toBe("the ZIP file is packed in an unknown way");
  });
});
