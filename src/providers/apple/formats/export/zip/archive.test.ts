import { describe, expect, it } from "vitest";
import { exportOf, heartRate, readBytes } from "../testing/read.ts";
import { flags, type ZipEntry, zipOf } from "../testing/zip.ts";

const main: ZipEntry = { name: "export.xml", content: exportOf(heartRate("09:00:00", 61)) };

describe("a hostile zip file", () => {
  it.each<[string, readonly ZipEntry[], string]>([
    [
      "climbs out of its folder",
      [main, { name: "../../etc/cron.d/x", content: "x" }],
      "UPLOAD_ZIP_PATH_UNSAFE",
    ],
    ["has an absolute path", [main, { name: "/etc/passwd", content: "x" }], "UPLOAD_ZIP_PATH_UNSAFE"],
    ["is encrypted", [{ ...main, flags: flags.encrypted }], "UPLOAD_ZIP_ENCRYPTED"],
    ["is a bomb", [{ name: "export.xml", content: Buffer.alloc(20_000_000, " ") }], "UPLOAD_ZIP_TOO_LARGE"],
    ["is packed twice", [{ name: "export.zip", content: zipOf([main]) }], "UPLOAD_ZIP_NESTED"],
    ["has no export", [{ name: "notes.txt", content: "hello" }], "UPLOAD_FILE_NOT_RECOGNISED"],
  ])("that %s is refused", async (_, entries, code) => {
    const { error, parts } = await readBytes(zipOf(entries));
    expect(error).toMatchObject({ code });
    expect(parts).toEqual([]);
  });

  it("that has a million files is refused before they are looked at", async () => {
    const entries = Array.from({ length: 50_001 }, (_, index) => ({ name: `${index}`, content: "" }));
    const { error } = await readBytes(zipOf([main, ...entries]));
    expect(error).toMatchObject({ code: "UPLOAD_ZIP_TOO_MANY_FILES" });
  });

  it("that unpacks to more than it says is stopped there", async () => {
    const { error } = await readBytes(zipOf([{ ...main, size: 150 }]));
    expect(error).toMatchObject({ code: "UPLOAD_ZIP_TOO_LARGE" });
  });

  it("with a wrong checksum says where it stopped; what was read stands and replaces nothing", async () => {
    const { error, items, parts } = await readBytes(zipOf([{ ...main, crc32: 1 }]));
    expect(error).toMatchObject({ code: "UPLOAD_ZIP_CHECKSUM_WRONG", details: { line: 6 } });
    expect(items("samples")).toHaveLength(1);
    expect(parts[0]?.value.settles).toBeUndefined();
  });

  it("with a damaged route loses the route alone", async () => {
    const { error, items, unread } = await readBytes(
      zipOf([main, { name: "workout-routes/a.gpx", content: "<gpx version='1.1'></gpx>", crc32: 1 }]),
    );
    expect(error).toBeNull();
    expect(items("samples")).toHaveLength(1);
    expect(unread).toMatchObject({ damaged_files: [{ name: "workout-routes/a.gpx", count: 1 }] });
  });
});
