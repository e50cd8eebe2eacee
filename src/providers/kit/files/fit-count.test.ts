/** Messages of FIT files, byte by byte as the FIT protocol describes them. */
import { FitEncoder } from "fit-file-parser";
import { describe, expect, it } from "vitest";
import { countFitMessages } from "./fit-count.ts";
import { decodeFit } from "./fit-file.ts";

function fit(...pieces: readonly (Buffer | readonly number[])[]): Buffer {
  const data = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const header = Buffer.alloc(14);
  header.set([14, 0x20]);
  header.writeUInt32LE(data.length, 4);
  header.write(".FIT", 8, "latin1");
  const whole = Buffer.concat([header, data]);
  const checksum = FitEncoder.calculateCRC(whole);
  return Buffer.concat([whole, Buffer.from([checksum & 0xff, checksum >> 8])]);
}

/** Defines records of one heart rate under a local number. */
const heartRates = (local: number) => [0x40 | local, 0, 0, 20, 0, 1, 3, 1, 0x02];
const beat = (header: number) => [header, 120];

describe("the messages of a FIT file", () => {
  it("are counted without its definitions, those with a time in their header included", () => {
    const file = fit(heartRates(0), heartRates(3), beat(0), beat(3), beat(3), beat(0x80 | (3 << 5) | 7));
    expect(countFitMessages(file)).toBe(4);
    expect(countFitMessages(fit())).toBe(0);
  });

  it("may have fields of apps", () => {
    const withApps = [0x60 | 1, 0, 0, 20, 0, 1, 3, 1, 0x02, 2, 0, 1, 0, 1, 2, 0];
    expect(countFitMessages(fit(withApps, [1, 120, 7, 8, 9], [1, 121, 7, 8, 9]))).toBe(2);
  });

  it("may follow a new definition of the same number", () => {
    const power = [0x40, 0, 0, 20, 0, 1, 7, 2, 0x84];
    expect(countFitMessages(fit(heartRates(0), beat(0), power, [0, 200, 0], [0, 210, 0]))).toBe(3);
  });

  it("end where nothing defines them", () => {
    expect(countFitMessages(fit(heartRates(0), beat(0), beat(5), beat(0)))).toBe(1);
    expect(countFitMessages(Buffer.alloc(0))).toBe(0);
  });

  it("are limited where the caller says so, those of chained files together", () => {
    const file = fit(heartRates(0), beat(0), beat(0));
    const chain = Buffer.concat([file, file]);
    const decoded = (mostMessages: number) => decodeFit("file", chain, { mostMessages });
    expect(() => decoded(3)).toThrow(
      expect.objectContaining({ details: { resource: "file", reason: "too many messages" } }),
    );
    expect(() => decoded(4)).not.toThrow();
    expect(() => decodeFit("file", chain)).not.toThrow();
  });
});
