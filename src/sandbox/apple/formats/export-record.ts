/** Records of `export.xml`, and the attributes and metadata that its other elements share with them. */
import { category, type Device, type Fact, type Metadata, quantity, type Sample } from "../generate/facts.ts";
import type { Period } from "../generate/index.ts";
import { MINUTE, offsetAt } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { quantities } from "./quantities.ts";
import { spacedAt } from "./times.ts";

/** The values that all elements of one export need. */
export interface Exported {
  readonly wearer: Wearer;
  readonly period: Period;
  /** Minutes east of UTC, at the export. */
  readonly offset: number;
}

/** @param depth the number of spaces before it */
export function recordElement(exported: Exported, sample: Sample, depth: number): string {
  const { type, value } = sample;
  const unit = quantities.get(type)?.unit;
  const unitAttribute = unit === undefined ? "" : ` unit="${unit}"`;
  const open = `<Record type="${type}"${originOf(sample.device)}${unitAttribute}${timesOf(exported, sample)} value="${caseName(type, value)}"`;
  const inner = metadataElements(sample.metadata, depth + 1) + beatElements(exported, sample, depth + 1);
  const indent = " ".repeat(depth);
  return inner === "" ? `${indent}${open}/>\n` : `${indent}${open}>\n${inner}${indent}</Record>\n`;
}

/** By type without its prefix, the names of the cases by HealthKit's number. */
const cases: Readonly<Record<string, readonly string[]>> = {
  SleepAnalysis: ["InBed", "AsleepUnspecified", "Awake", "AsleepCore", "AsleepDeep", "AsleepREM"].map(
    (name) => `HKCategoryValueSleepAnalysis${name}`,
  ),
  AppleStandHour: ["HKCategoryValueAppleStandHourStood", "HKCategoryValueAppleStandHourIdle"],
  MenstrualFlow: ["", "Unspecified", "Light", "Medium", "Heavy", "None"].map(
    (name) => `HKCategoryValueVaginalBleeding${name}`,
  ),
};

const caseNames = new Map(Object.entries(cases).map(([name, values]) => [category(name), values]));

const caseName = (type: string, value: number): string => caseNames.get(type)?.[value] ?? String(value);

export function originOf({ name, version, hardware, productType }: Device): string {
  const device =
    hardware === null
      ? ""
      : ` device="&lt;&lt;HKDevice: ${hardware.pointer}&gt;, name:${hardware.name}, manufacturer:Apple Inc., model:${hardware.model}, hardware:${productType}, software:${version}&gt;"`;
  return ` sourceName="${name}" sourceVersion="${version}"${device}`;
}

/** A row is written a moment after its end. */
export const timesOf = ({ offset }: Exported, { startMs, endMs }: Fact): string =>
  ` creationDate="${spacedAt(offset, endMs + 2_000)}" startDate="${spacedAt(offset, startMs)}" endDate="${spacedAt(offset, endMs)}"`;

export const metadataElements = (metadata: Metadata, depth: number): string =>
  Object.entries(metadata)
    .map(([key, value]) => `${" ".repeat(depth)}<MetadataEntry key="${key}" value="${value}"/>\n`)
    .join("");

/** Beats have clock times without a date or a zone, in the form of the phone's language. */
function beatElements({ wearer }: Exported, { type, beats }: Sample, depth: number): string {
  if (type !== quantity("HeartRateVariabilitySDNN") || beats === undefined) return "";
  const indent = " ".repeat(depth);
  const items = beats.map(({ bpm, atMs }) => {
    const wall = new Date(atMs + offsetAt(wearer.zone, atMs) * MINUTE).toISOString();
    return `${indent} <InstantaneousBeatsPerMinute bpm="${bpm}" time="${wall.slice(11, 22)}"/>\n`;
  });
  return `${indent}<HeartRateVariabilityMetadataList>\n${items.join("")}${indent}</HeartRateVariabilityMetadataList>\n`;
}
