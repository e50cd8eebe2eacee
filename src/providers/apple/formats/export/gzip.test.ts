import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { exportOf, heartRate, readBytes } from "./testing/read.ts";

const text = exportOf(heartRate("09:00:00", 61), heartRate("09:00:05", 62));

describe("a gzipped export", () => {
  it("is read as the XML inside", async () => {
    const { items, error } = await readBytes(gzipSync(text));
    expect(error).toBeNull();
    expect(items("samples").map(({ value }) => value)).toEqual([61, 62]);
  });

  it("that was cut off keeps what was read, and replaces nothing", async () => {
    const many = Array.from({ length: 20_000 }, (_, n) =>
      heartRate(new Date(n * 4_000).toISOString().slice(11, 19), 50 + ((n * 7919) % 97)),
    );
    const packed = gzipSync(exportOf(...many));
    const { parts, items, error } = await readBytes(packed.subarray(0, packed.length / 2));
    expect(error).toMatchObject({ code: "UPLOAD_ZIP_DAMAGED", details: { byte: expect.any(Number) } });
    expect(items("samples").length).toBeGreaterThan(1_000);
    expect(parts.every(({ value }) => value.settles === undefined)).toBe(true);
  });

  it("that unpacks beyond what real data allow is not read on", async () => {
    const bomb = gzipSync(exportOf(`${heartRate("09:00:00", 61)}\n`.repeat(100_000)));
    const { error } = await readBytes(bomb);
    expect(error).toMatchObject({ code: "UPLOAD_ZIP_TOO_LARGE", details: { limit_ratio: 200 } });
  });

  it("of something else is not recognised", async () => {
    const { error } = await readBytes(gzipSync("hello"));
    expect(error).toMatchObject({ code: "UPLOAD_FILE_NOT_RECOGNISED" });
  });
});
