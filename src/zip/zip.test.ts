import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import yauzl from "yauzl";
import { zipOf } from "./zip.ts";

async function entriesOf(zip: Buffer): Promise<Record<string, string>> {
  const file = await yauzl.fromBufferPromise(zip);
  const read: Record<string, string> = {};
  for await (const entry of file.eachEntry()) {
    read[entry.fileName] = (await buffer(await file.openReadStreamPromise(entry))).toString("utf8");
  }
  return read;
}

describe("a ZIP file", () => {
  it("is read by another program's reader, with names in UTF-8", async () => {
    const zip = zipOf([
      { name: "activity-1.fit", bytes: Buffer.from("first") },
      { name: "Läufe/2.fit", bytes: Buffer.from("") },
    ]);
    expect(await entriesOf(zip)).toEqual({ "activity-1.fit": "first", "Läufe/2.fit": "" });
  });

  it("may have entries that are deflated", async () => {
    const text = "again ".repeat(100);
    const zip = zipOf([{ name: "a", bytes: Buffer.from(text), isDeflated: true }]);
    expect(zip.length).toBeLessThan(text.length);
    expect(await entriesOf(zip)).toEqual({ a: text });
  });

  it("may have no entries", async () => {
    expect(await entriesOf(zipOf([]))).toEqual({});
  });

  it("has the same bytes for the same entries", () => {
    const entries = [{ name: "a", bytes: Buffer.from("1") }];
    expect(zipOf(entries)).toEqual(zipOf(entries));
  });
});
