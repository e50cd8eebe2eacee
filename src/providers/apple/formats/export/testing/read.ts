/** Reads an export for a test: its items by resource, what was not understood, and the error at the end. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { GrowingSample, Statement } from "../../../../kit/growing/fold.ts";
import { type Part, ProviderError } from "../../../../provider.ts";
import type { GrowingItems } from "../../../healthkit/growing-parts.ts";
import { readExport } from "../read-export.ts";

export interface ReadExport {
  readonly parts: readonly Part<Statement<GrowingSample>>[];
  readonly unread: unknown;
  readonly error: ProviderError | null;
  /** The items of one resource, in the order of their time. */
  items<Name extends keyof GrowingItems>(resource: Name): readonly GrowingItems[Name][];
}

export async function readBytes(content: Buffer | string): Promise<ReadExport> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "systole-export-"));
  const file = path.join(directory, "file");
  writeFileSync(file, content);
  try {
    return await readPath(file, path.join(directory, "spool"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export async function readPath(file: string, directory: string): Promise<ReadExport> {
  const parts: Part[] = [];
  let error: ProviderError | null = null;
  try {
    for await (const batch of readExport(file, { directory, progress: () => {} })) parts.push(...batch);
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    error = thrown;
  }
  const growing = parts.filter(({ resource }) => resource !== "export") as Part<Statement<GrowingSample>>[];
  return {
    parts: growing,
    unread: parts.find(({ resource }) => resource === "export")?.value,
    error,
    items: (name) =>
      growing
        .filter(({ resource }) => resource === name)
        .flatMap(({ value }) => value.samples)
        .toSorted((one, other) => one.startMs - other.startMs) as never,
  };
}

/** An export with these elements. */
export const exportOf = (...elements: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n <ExportDate value="2026-01-20 22:00:00 +0100"/>\n${elements.join("\n")}\n</HealthData>\n`;

/** A heart rate at a time of 2026-01-10, as UTC. */
export const heartRate = (time: string, value: string | number, more = ""): string =>
  `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" startDate="2026-01-10 ${time} +0000" endDate="2026-01-10 ${time} +0000" value="${value}"${more}/>`;
