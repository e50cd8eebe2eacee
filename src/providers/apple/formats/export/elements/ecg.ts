/**
 * ECGs: a file of lines, first a header and then a voltage on each line. Words, commas and decimal signs are those of the
 * phone's locale, so lines are known by their place and shape. The first two, name and date of birth, are passed over:
 * they are never kept.
 */
import type { Ecg } from "../../../healthkit/readings.ts";
import { plainName } from "../../../healthkit/source.ts";
import { readTime } from "../../../healthkit/written-time.ts";
import { limits } from "../limits.ts";

/** The lines of the header that are read, by place. */
const line = { recorded: 2, classification: 3, software: 5, device: 6, rate: 7 } as const;
const headerLines = 8;

const classifications: ReadonlyMap<string, number> = new Map([
  ["sinus rhythm", 1],
  ["sinusrhythmus", 1],
  ["rythme sinusal", 1],
  ["ritmo sinusal", 1],
  ["ritmo sinusale", 1],
  ["sinusritme", 1],
  ["sinusrytm", 1],
  ["atrial fibrillation", 2],
  ["vorhofflimmern", 2],
  ["fibrillation auriculaire", 2],
  ["fibrilación auricular", 2],
  ["fibrillazione atriale", 2],
  ["atriumfibrilleren", 2],
  ["boezemfibrilleren", 2],
  ["förmaksflimmer", 2],
  ["heart rate under 50", 3],
  ["low heart rate", 3],
  ["heart rate over 120", 4],
  ["heart rate over 150", 4],
  ["high heart rate", 4],
  ["poor recording", 5],
  ["inconclusive", 6],
]);

/** Microvolts of one unit. */
const units: ReadonlyMap<string, number> = new Map([
  ["\u00b5V", 1],
  ["mV", 1_000],
  ["V", 1_000_000],
]);

/** Returns null where the text has no header with a time and no voltages. */
export function readEcg(text: string): Ecg | null {
  const lines = text.split(/\r\n|[\n\r]/);
  const header = lines.slice(0, headerLines).map(afterComma);
  const time = readTime(header[line.recorded] ?? "");
  if (time === null) return null;
  const { unit, from } = findVoltages(lines);
  const microvolts = voltages(lines.slice(from), unit);
  if (microvolts.length === 0) return null;
  const rate = decimal(/^[\d.,]+/.exec(header[line.rate] ?? "")?.[0] ?? "");
  const samplingHz = rate !== null && rate > 0 ? rate : null;
  const word = header[line.classification] || null;
  return {
    uuid: null,
    startMs: time.ms,
    endMs: time.ms + (samplingHz === null ? 0 : Math.round((microvolts.length / samplingHz) * 1_000)),
    zone: null,
    offsetMinutes: null,
    source: { name: null, bundleId: null, model: header[line.device] || null },
    classification: classifications.get(word?.toLowerCase() ?? "") ?? null,
    classificationText: word,
    averageHeartRate: null,
    samplingHz,
    microvolts,
    metadata: header[line.software] ? { software_version: header[line.software] ?? "" } : {},
  };
}

/** Returns the part after the first comma, without quotes. */
function afterComma(text: string): string {
  const at = text.search(/[,;\t]/);
  return at < 0 ? "" : plainName(text.slice(at + 1).replace(/^"|"$/g, ""));
}

/** Finds the first line after the header that is a number, and the unit that a line before it has. */
function findVoltages(lines: readonly string[]): { readonly unit: number; readonly from: number } {
  let unit = 1;
  for (let index = headerLines; index < lines.length; index += 1) {
    const text = lines[index] ?? "";
    unit = units.get(afterComma(text).replaceAll("\u03bc", "\u00b5")) ?? unit;
    if (decimal(text.trim()) !== null) return { unit, from: index };
  }
  return { unit, from: lines.length };
}

function voltages(lines: readonly string[], unit: number): (number | null)[] {
  const read: (number | null)[] = [];
  for (const text of lines.slice(0, limits.descendants)) {
    const number = decimal(text.trim());
    if (text.trim() !== "") read.push(number === null ? null : number * unit);
  }
  return read;
}

/** Returns a number with a decimal point or comma; null for any other text. */
function decimal(text: string): number | null {
  return /^[-\u2212+]?\d+(?:[.,]\d+)?$/.test(text)
    ? Number(text.replace("\u2212", "-").replace(",", "."))
    : null;
}
