import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compress, decompress } from "./zstd.ts";

describe("zstd", () => {
  it("returns what was compressed, of any size", async () => {
    for (const size of [0, 1, 1_000, 70_000, 3_000_000]) {
      const content = Buffer.from(Array.from({ length: size }, (_, index) => (index * index) % 251));
      expect((await decompress(await compress(content))).equals(content), `${size} bytes`).toBe(true);
    }
  });

  it("reads consecutive frames as their joined contents", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary", maxLength: 200 })), async (texts) => {
        const frames = await Promise.all(texts.map((text) => compress(text)));
        const whole = await decompress(Buffer.concat(frames));
        expect(whole.equals(Buffer.concat(texts.map((text) => Buffer.from(text))))).toBe(true);
      }),
    );
  });

  it("refuses truncated or damaged data", async () => {
    const frame = await compress("a".repeat(1_000));
    await expect(decompress(frame.subarray(0, frame.length - 3))).rejects.toThrow();
    await expect(decompress(Buffer.concat([frame, Buffer.from("rubbish")]))).rejects.toThrow();
  });
});
