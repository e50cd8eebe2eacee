/**
 * The cases of HealthKit's category types: the names that Apple's export writes, and HealthKit's numbers. Source: the
 * HKCategoryValue enumerations of Apple's documentation.
 */

const severity = ["Unspecified", "NotPresent", "Mild", "Moderate", "Severe"];
/** Shared by menstrual flow and, since iOS 18, by vaginal bleeding, whose names stand under the same type. */
const flow = ["", "Unspecified", "Light", "Medium", "Heavy", "None"];
const twoResults = ["", "Negative", "Positive", "Indeterminate"];
const limit = ["", "MomentaryLimit"];

/** By the enumeration's name after `HKCategoryValue`: the cases in the order of their numbers, from 0. */
const enumerations: readonly (readonly [name: string, cases: readonly string[]])[] = [
  ["SleepAnalysis", ["InBed", "AsleepUnspecified", "Awake", "AsleepCore", "AsleepDeep", "AsleepREM"]],
  ["AppleStandHour", ["Stood", "Idle"]],
  ["Severity", severity],
  ["Presence", ["Present", "NotPresent"]],
  ["AppetiteChanges", ["Unspecified", "NoChange", "Decreased", "Increased"]],
  ["MenstrualFlow", flow],
  ["VaginalBleeding", flow],
  ["OvulationTestResult", ["", "Negative", "LuteinizingHormoneSurge", "Indeterminate", "EstrogenSurge"]],
  ["PregnancyTestResult", twoResults],
  ["ProgesteroneTestResult", twoResults],
  ["CervicalMucusQuality", ["", "Dry", "Sticky", "Creamy", "Watery", "EggWhite"]],
  [
    "Contraceptive",
    ["", "Unspecified", "Implant", "Injection", "IntrauterineDevice", "IntravaginalRing", "Oral", "Patch"],
  ],
  ["EnvironmentalAudioExposureEvent", limit],
  ["HeadphoneAudioExposureEvent", ["", "SevenDayLimit"]],
  ["LowCardioFitnessEvent", ["", "LowFitness"]],
  ["AppleWalkingSteadinessEvent", ["", "InitialLow", "InitialVeryLow", "RepeatLow", "RepeatVeryLow"]],
];

const prefix = "HKCategoryValue";

const numbers: ReadonlyMap<string, number> = new Map([
  ...enumerations.flatMap(([name, cases]) =>
    cases.flatMap((one, number): [string, number][] => (one === "" ? [] : [[prefix + name + one, number]])),
  ),
  ["HKCategoryValueNotApplicable", 0],
  // The spellings of older versions.
  ["HKCategoryValueSleepAnalysisAsleep", 1],
  ["HKCategoryValueOvulationTestResultPositive", 2],
  ["HKCategoryValueAudioExposureEventLoudEnvironment", 1],
]);

/** Returns HealthKit's number of a case, written by its name or as a number; null when the name is unknown. */
export function categoryNumber(text: string): number | null {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** Whether a type is a category, whose values are cases. */
export const isCategory = (type: string): boolean => type.startsWith("HKCategoryTypeIdentifier");
