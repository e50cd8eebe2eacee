/**
 * Writes an export of the size that is asked for, in the form that phones make: type by type, each in order of time, with
 * a Watch and a phone, a third of the records with metadata, and a document type before the root.
 */

import { once } from "node:events";
import { createWriteStream } from "node:fs";

export interface ExportSize {
  /** Records are written until the file has this many bytes. */
  readonly bytes: number;
  readonly years: number;
}

interface Kind {
  readonly type: string;
  readonly unit: string;
  /** The share of all records. */
  readonly share: number;
  readonly isWatch: boolean;
  readonly hasMetadata: boolean;
  value(index: number): string;
}

const quantity = "HKQuantityTypeIdentifier";

/** Shares as in an export of ten years with a Watch. */
const kinds: readonly Kind[] = [
  kind("HeartRate", "count/min", 0.36, true, (index) => String(55 + (index % 90))),
  kind("ActiveEnergyBurned", "Cal", 0.26, false, (index) => (0.1 + (index % 70) / 31).toFixed(3)),
  kind("BasalEnergyBurned", "Cal", 0.14, false, (index) => (15 + (index % 9) / 7).toFixed(3)),
  kind("StepCount", "count", 0.08, false, (index) => String(8 + (index % 400))),
  kind("DistanceWalkingRunning", "km", 0.09, false, (index) => (0.01 + (index % 300) / 997).toFixed(6)),
  kind("OxygenSaturation", "%", 0.02, true, (index) => (0.93 + (index % 7) / 100).toFixed(2)),
  kind("RespiratoryRate", "count/min", 0.02, true, (index) => String(12 + (index % 6))),
  kind("EnvironmentalAudioExposure", "dBASPL", 0.03, false, (index) => (42 + (index % 50) / 3).toFixed(4)),
];

function kind(name: string, unit: string, share: number, hasMetadata: boolean, value: Kind["value"]): Kind {
  return { type: quantity + name, unit, share, isWatch: name !== "StepCount", hasMetadata, value };
}

const lastMs = Date.UTC(2026, 0, 20, 21);
const watchDevice =
  "&lt;&lt;HKDevice: 0x28a1b6d40&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,2, software:11.5&gt;";
const phoneDevice =
  "&lt;&lt;HKDevice: 0x28a1c1f40&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone15,2, software:18.5&gt;";

const prolog = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
]>
<HealthData locale="en_US">
 <ExportDate value="${written(lastMs)}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1980-02-29" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
`;

/** The offset is the phone's on the day of the export, whatever the season. */
function written(ms: number): string {
  return `${new Date(ms + 3_600_000).toISOString().slice(0, 19).replace("T", " ")} +0100`;
}

function record({ type, unit, isWatch, hasMetadata, value }: Kind, index: number, ms: number): string {
  const source = isWatch ? "Apple\u00a0Watch" : "iPhone";
  const device = isWatch ? watchDevice : phoneDevice;
  const time = written(ms);
  const open = ` <Record type="${type}" sourceName="${source}" sourceVersion="11.5" device="${device}" unit="${unit}" creationDate="${time}" startDate="${time}" endDate="${written(ms + 60_000)}" value="${value(index)}"`;
  if (!hasMetadata || index % 6 !== 0) return `${open}/>\n`;
  return `${open}>\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="${index % 3}"/>\n </Record>\n`;
}

/** Yields the text of an export in pieces; returns the number of records. */
export function* exportText({ bytes, years }: ExportSize): Generator<string, number> {
  yield prolog;
  const total = Math.floor(bytes / bytesOfRecord);
  const spanMs = years * 365.25 * 86_400_000;
  let records = 0;
  for (const one of kinds) {
    const count = Math.round(total * one.share);
    let piece = "";
    for (let index = 0; index < count; index += 1) {
      piece += record(one, index, lastMs - spanMs + Math.floor((index / count) * spanMs));
      if (piece.length > pieceLength) {
        yield piece;
        piece = "";
      }
    }
    yield piece;
    records += count;
  }
  yield "</HealthData>\n";
  return records;
}

/** The mean of the kinds above. */
const bytesOfRecord = 402;
const pieceLength = 256 * 1024;

/** Writes an export to a file; returns the number of records. */
export async function writeExport(file: string, size: ExportSize): Promise<number> {
  const stream = createWriteStream(file);
  const text = exportText(size);
  let next = text.next();
  for (; next.done !== true; next = text.next()) {
    if (!stream.write(next.value)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return next.value;
}
