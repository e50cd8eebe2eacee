import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect } from "vitest";
import { exportText } from "../../../bench/support/health-export.ts";
import { readExport } from "../../../src/providers/apple/formats/export/read-export.ts";
import { exportUpload } from "../../../src/providers/apple/formats/export/resource.ts";
import { exportOf, heartRate, readBytes } from "../../../src/providers/apple/formats/export/testing/read.ts";
import { zipOf } from "../../../src/providers/apple/formats/export/testing/zip.ts";
import type { FileProgress } from "../../../src/providers/provider.ts";
import { exported, records } from "./bodies.ts";
import { failure } from "./failures.ts";

const reading = heartRate("09:00:00", 61);
const withDoctype = (...declarations: readonly string[]): string =>
  exportOf(reading).replace(
    "<HealthData",
    `<!DOCTYPE HealthData [\n${declarations.join("\n")}\n]>\n<HealthData`,
  );
const elements = "<!ELEMENT HealthData (ExportDate,Me,(Record)*)>";
const unclosed = "<!ATTLIST VisionPrescription\n  type CDATA #REQUIRED\n<!ELEMENT RightEye EMPTY>";

/** Reads an export, and returns the values of its samples. */
async function values(file: string | Buffer): Promise<unknown[]> {
  const { error, items } = await readBytes(file);
  expect(error).toBeNull();
  return items("samples").map(({ value }) => value);
}

/** Reads a large export from disk, as ingest does: the batches in their order, and the progress that was told. */
async function readLarge(content: string | Buffer) {
  const directory = mkdtempSync(path.join(os.tmpdir(), "systole-large-"));
  const file = path.join(directory, "export");
  try {
    writeFileSync(file, content);
    const told: FileProgress[] = [];
    const batches: { readonly days: readonly string[]; readonly samples: number }[] = [];
    const progress = (one: FileProgress) => told.push(one);
    for await (const parts of readExport(file, { directory: path.join(directory, "spool"), progress })) {
      const grown = parts.filter(({ resource }) => resource === "samples");
      if (grown.length === 0) continue;
      const samples = grown.map(
        ({ value }) => (value as { readonly samples: readonly unknown[] }).samples.length,
      );
      batches.push({
        days: [...new Set(grown.map(({ key }) => key.slice(0, 10)))],
        samples: samples.reduce((sum, one) => sum + one, 0),
      });
    }
    return { told, batches };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("files", () => {
  failure(35, "the document type is not read", async () => {
    expect(await values(withDoctype(elements, unclosed))).toEqual([61]);
  });

  failure(36, "what is in the document type does not matter", async () => {
    expect(await values(withDoctype(elements, "<", "<!ELEMENT LeftEye EMPTY><"))).toEqual([61]);
  });

  failure(37, "all rows after it are read", async () => {
    const declarations = Array.from({ length: 150 }, (_, index) => `<!ELEMENT Element${index} EMPTY>`);
    const text = withDoctype(elements, ...declarations, unclosed, "<");
    expect(text.slice(0, text.indexOf("<HealthData ")).split("\n").length).toBeGreaterThan(156);
    expect(await values(text)).toEqual([61]);
  });

  failure(38, "the record is read, and the fault is counted", async () => {
    const statistics =
      '<WorkoutStatistics type="HKQuantityTypeIdentifierStepCount" startDate="2026-01-10 09:00:00 +0000" startDate="2026-01-10 09:00:00 +0000" endDate="2026-01-10 09:30:00 +0000" sum="4000" unit="count"/>';
    const workout = `<Workout workoutActivityType="HKWorkoutActivityTypeRunning" sourceName="Watch\u000b" startDate="2026-01-10 09:00:00 +0000" endDate="2026-01-10 09:30:00 +0000">${statistics}</Workout>`;
    const { error, items, unread } = await readBytes(
      exportOf(workout, heartRate("09:10:00", 150, ' device="a\u000bb"')),
    );
    expect(error).toBeNull();
    expect(items("samples")).toMatchObject([{ value: 150 }]);
    expect(items("workouts")).toMatchObject([{ statistics: [{ sum: 4_000 }] }]);
    expect(unread).toMatchObject({ faults: [{ name: "xml" }] });
  });

  failure(39, "it is not the export, whatever it is named; alone it is refused with a code", async () => {
    const cda = "<?xml version='1.0'?><ClinicalDocument></ClinicalDocument></component>";
    const zip = zipOf([
      { name: "apple_health_export/export.xml", content: cda },
      { name: "apple_health_export/\u5bfc\u51fa.xml", content: exportOf(reading) },
    ]);
    expect(await values(zip)).toEqual([61]);
    expect((await readBytes(cda)).error).toMatchObject({ code: "UPLOAD_FILE_NOT_RECOGNISED" });
  });

  failure(40, "the record is read without them", async () => {
    expect(
      await values(exportOf(heartRate("09:00:00", 61, ' Health Mate="2"'), heartRate("09:01:00", 62))),
    ).toEqual([61, 62]);
  });

  failure(41, "each says what it is", async () => {
    const zip = zipOf([{ name: "export.xml", content: exportOf(reading) }]);
    const codes = [Buffer.alloc(0), zipOf([]), zip.subarray(0, 90)].map(
      async (file) => (await readBytes(file)).error?.code,
    );
    expect(await Promise.all(codes)).toEqual([
      "UPLOAD_FILE_NOT_RECOGNISED",
      "UPLOAD_FILE_NOT_RECOGNISED",
      "UPLOAD_ZIP_DAMAGED",
    ]);
  });

  failure(42, "110 MB are read to the end, in either form", async () => {
    expect(exportUpload.maxBytes).toBeGreaterThan(8 * 1024 ** 3);
    // Apple's exports of ten years are 30 times smaller as zip files; this one is mostly one record's note.
    const padding = `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2026-01-10 08:00:00 +0000" endDate="2026-01-10 08:00:00 +0000" value="60"><MetadataEntry key="note" value="${notes()}"/></Record>`;
    const text = exportOf(padding.repeat(110), heartRate("09:00:00", 61));
    expect(text.length).toBeGreaterThan(110_000_000);
    for (const file of [text, zipOf([{ name: "export.xml", content: text }])]) {
      expect((await values(file)).at(-1)).toBe(61);
    }
  });

  failure(43, "each byte is read once, and progress is told on the way", async () => {
    const text = largeExport(12, 0.1);
    const { told } = await readLarge(zipOf([{ name: "export.xml", content: text }]));
    const bytes = Buffer.byteLength(text);
    expect(told.at(-1)).toMatchObject({ bytes, ofBytes: bytes });
    const steps = told.map((one, index) => one.bytes - (told[index - 1]?.bytes ?? 0));
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(1024 ** 2);
  });

  failure(44, "each record is in one batch, and no day in two", async () => {
    // More than the rows that wait in memory, so that they are written to disk on the way.
    const { told, batches } = await readLarge(largeExport(48, 0.2));
    const days = batches.flatMap((batch) => batch.days);
    expect(new Set(days).size).toBe(days.length);
    expect(batches.reduce((sum, { samples }) => sum + samples, 0)).toBe(told.at(-1)?.records);
  });

  failure(45, "it is named, whatever it measures", async () => {
    const scale =
      '<Record type="HKQuantityTypeIdentifierBodyMass" sourceName="Scale" unit="kg" startDate="2026-01-10 07:00:00 +0000" endDate="2026-01-10 07:00:00 +0000" value="70.5"/>';
    const made = records("body", await exported(exportOf(reading, scale))).get("2026-01-10");
    const { name, other_devices } = made?.device_data ?? {};
    expect([name, ...(other_devices ?? []).map((one) => one.name)]).toContain("Scale");
  });
});

const largeExport = (megabytes: number, years: number): string =>
  [...exportText({ bytes: megabytes * 1_000_000, years })].join("");

/** A megabyte of text that compresses about as well as an export. */
function notes(): string {
  return Array.from({ length: 62_500 }, (_, index) =>
    ((index * 2_654_435_761) % 2 ** 32).toString(36).padStart(16, "x"),
  ).join("");
}
