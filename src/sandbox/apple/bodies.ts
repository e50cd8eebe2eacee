/** The bodies that a phone sends, in each format. */
import { Writable } from "node:stream";
import { writeExport } from "./formats/export-zip.ts";
import { healthAutoExportBody } from "./formats/health-auto-export.ts";
import { healthKitBody } from "./formats/healthkit.ts";
import { openWearablesBody } from "./formats/open-wearables.ts";
import type { Day } from "./generate/facts.ts";
import type { Period } from "./generate/index.ts";
import type { Wearer } from "./generate/person.ts";

/** Formats whose bodies are JSON, the one that tells most first; `health-auto-export-v1` is an older version of the same app. */
export const jsonFormats = [
  "healthkit",
  "health-auto-export",
  "health-auto-export-v1",
  "open-wearables",
] as const;
export type JsonFormat = (typeof jsonFormats)[number];
export const formats = [...jsonFormats, "export"] as const;
export type Format = (typeof formats)[number];

const writers: Readonly<Record<JsonFormat, (wearer: Wearer, days: readonly Day[], now: number) => object>> = {
  healthkit: healthKitBody,
  "health-auto-export": (wearer, days) => healthAutoExportBody(wearer, days, 2),
  "health-auto-export-v1": (wearer, days) => healthAutoExportBody(wearer, days, 1),
  "open-wearables": (_wearer, days, now) => openWearablesBody(days, now),
};

export const bodyOf = (format: JsonFormat, wearer: Wearer, days: readonly Day[], now: number): object =>
  writers[format](wearer, days, now);

/** Returns the name under which Systole takes a format. */
export const uploadName = (format: Format): string =>
  format === "health-auto-export-v1" ? "health-auto-export" : format;

/** Returns a whole export; for a large one, use `writeExport` with a stream. */
export async function exportFile(wearer: Wearer, period: Period): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await writeExport(out, wearer, period);
  return Buffer.concat(chunks);
}
