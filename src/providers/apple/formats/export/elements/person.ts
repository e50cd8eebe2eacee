/** ActivitySummary, Me and Correlation. */
import type { ActivitySummary, Characteristics, Correlation } from "../../../healthkit/readings.ts";
import type { Sample } from "../../../healthkit/sample.ts";
import { convert } from "../../../healthkit/units.ts";
import { limits } from "../limits.ts";
import { type Attributes, metadataOf, type XmlElement } from "../xml/element.ts";
import type { Sources } from "./device.ts";
import { numberOf } from "./quantities.ts";
import { otherMetadata } from "./records.ts";
import { instantOf } from "./written-instant.ts";

/** The rings came with the Watch; rows dated before 2014, often 1969-12-30, are empty. */
const firstSummary = "2014-01-01";

/** Returns null for a row without a date, or of a time before there were rings. */
export function summaryOf({ attributes }: XmlElement): ActivitySummary | null {
  const date = attributes.dateComponents ?? "";
  if (!isDate(date) || date < firstSummary) return null;
  const read = (name: string) => numberOf(attributes[name]);
  const energy = (name: string) => {
    const value = read(name);
    return value === null ? null : convert(value, attributes.activeEnergyBurnedUnit ?? "kcal", "kcal");
  };
  return {
    date,
    activeEnergyKcal: energy("activeEnergyBurned"),
    activeEnergyGoalKcal: energy("activeEnergyBurnedGoal"),
    moveMinutes: read("appleMoveTime"),
    moveGoalMinutes: read("appleMoveTimeGoal"),
    exerciseMinutes: read("appleExerciseTime"),
    exerciseGoalMinutes: read("appleExerciseTimeGoal"),
    standHours: read("appleStandHours"),
    standGoalHours: read("appleStandHoursGoal"),
  };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

const sexes = new Map([
  ["HKBiologicalSexFemale", "female"],
  ["HKBiologicalSexMale", "male"],
  ["HKBiologicalSexOther", "other"],
] as const);

export function characteristicsOf({ attributes }: XmlElement): Characteristics {
  const read = (name: string) => attributes[`HKCharacteristicTypeIdentifier${name}`] ?? "";
  const birthDate = read("DateOfBirth");
  return {
    birthDate: isDate(birthDate) ? birthDate : null,
    sex: sexes.get(read("BiologicalSex") as never) ?? null,
    bloodType: caseOf(read("BloodType"), "HKBloodType"),
    skinType: caseOf(read("FitzpatrickSkinType"), "HKFitzpatrickSkinType"),
  };
}

function caseOf(text: string, prefix: string): string | null {
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : "";
  return name === "" || name === "NotSet" ? null : name;
}

/** Returns null for a correlation without a type or a time. @param members the samples that it names */
export function correlationOf(
  { attributes, children }: XmlElement,
  members: readonly Sample[],
  sources: Sources,
): Correlation | null {
  const { type } = attributes;
  const startMs = instantOf(attributes.startDate);
  if (type === undefined || type.length > limits.typeChars || startMs === null) return null;
  const metadata = metadataOf(children);
  return {
    uuid: null,
    type,
    startMs,
    endMs: Math.max(startMs, instantOf(attributes.endDate) ?? startMs),
    zone: metadata.get("HKTimeZone") ?? null,
    offsetMinutes: null,
    source: sources.of(attributes),
    members,
    metadata: otherMetadata(metadata),
  };
}

export const exportDateOf = ({ attributes }: { readonly attributes: Attributes }): number | null =>
  instantOf(attributes.value);
