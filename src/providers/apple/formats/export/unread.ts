/**
 * The elements, attributes and values of an export that are not understood: counted, and listed by name. They become a
 * part of the export itself, and the ledger says which of them are known.
 */
import { limits } from "./limits.ts";
import type { XmlElement } from "./xml/element.ts";

const common = ["type", "sourceName", "sourceVersion", "device", "creationDate", "startDate", "endDate"];
const duration = ["duration", "durationUnit"];

/** The attributes of each element that is read, or has been judged to be of no use. */
const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    ExportDate: ["value"],
    Me: [
      "DateOfBirth",
      "BiologicalSex",
      "BloodType",
      "FitzpatrickSkinType",
      "CardioFitnessMedicationsUse",
    ].map((name) => `HKCharacteristicTypeIdentifier${name}`),
    Record: [...common, "unit", "value"],
    Correlation: common,
    Workout: [
      ...common.filter((name) => name !== "type"),
      ...duration,
      "workoutActivityType",
      "totalDistance",
      "totalDistanceUnit",
      "totalEnergyBurned",
      "totalEnergyBurnedUnit",
    ],
    WorkoutActivity: ["uuid", "startDate", "endDate", ...duration],
    WorkoutEvent: ["type", "date", ...duration],
    WorkoutStatistics: ["type", "startDate", "endDate", "average", "minimum", "maximum", "sum", "unit"],
    WorkoutRoute: common.filter((name) => name !== "type"),
    FileReference: ["path"],
    Location: [
      "date",
      "latitude",
      "longitude",
      "altitude",
      "horizontalAccuracy",
      "verticalAccuracy",
      "course",
      "speed",
    ],
    MetadataEntry: ["key", "value"],
    HeartRateVariabilityMetadataList: [],
    InstantaneousBeatsPerMinute: ["bpm", "time"],
    ActivitySummary: [
      "dateComponents",
      "activeEnergyBurned",
      "activeEnergyBurnedGoal",
      "activeEnergyBurnedUnit",
      "appleMoveTime",
      "appleMoveTimeGoal",
      "appleExerciseTime",
      "appleExerciseTimeGoal",
      "appleStandHours",
      "appleStandHoursGoal",
    ],
  }).map(([name, attributes]) => [name, new Set(attributes)] as const),
);

/** Names that are listed; a hostile export invents more. */
const mostNames = 500;

export class Unread {
  readonly #counts = new Map<string, Map<string, number>>();

  /** Counts the element and its descendants where they are unknown, and unknown attributes. */
  look({ name, attributes, children }: XmlElement): void {
    const names = known.get(name);
    if (names === undefined) this.count("elements", name);
    else
      for (const attribute in attributes)
        if (!names.has(attribute)) this.count("attributes", `${name}.${attribute}`);
    if (names !== undefined) for (const child of children) this.look(child);
  }

  count(kind: string, name: string, by = 1): void {
    if (by === 0) return;
    const counts = this.#counts.get(kind) ?? new Map<string, number>();
    this.#counts.set(kind, counts);
    const listed = counts.has(name) || counts.size < mostNames ? name.slice(0, limits.typeChars) : "others";
    counts.set(listed, (counts.get(listed) ?? 0) + by);
  }

  /** Lists of `{ name, count }` by kind. */
  leaves(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      [...this.#counts].map(([kind, counts]) => [
        kind,
        [...counts].map(([name, count]) => ({ name, count })),
      ]),
    );
  }
}
