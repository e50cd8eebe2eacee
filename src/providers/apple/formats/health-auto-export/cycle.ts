/**
 * `cycleTracking`. Names and values are translated into the phone's language by the app, so each is understood only
 * where it is English or HealthKit's number; another entry is kept in the journal as written.
 */
import { z } from "zod";
import type { Sample } from "../../healthkit/sample.ts";
import type { WrittenTime } from "../../healthkit/written-time.ts";
import { lettersOf, sourceOf, text, timeOf } from "../fields.ts";

const entry = z.object({
  name: text,
  value: z.union([z.string(), z.number()]).nullish().catch(null),
  start: text,
  end: text,
  date: text,
  source: text,
});

interface Kind {
  readonly type: string;
  /** HealthKit's cases from 1; empty where the entry itself is all that it says. */
  readonly values: readonly string[];
}

/** By the name in letters alone. */
const kinds: ReadonlyMap<string, Kind> = new Map(
  (
    [
      ["MenstrualFlow", "Unspecified", "Light", "Medium", "Heavy", "None"],
      ["BleedingDuringPregnancy", "Unspecified", "Light", "Medium", "Heavy", "None"],
      ["BleedingAfterPregnancy", "Unspecified", "Light", "Medium", "Heavy", "None"],
      ["OvulationTestResult", "Negative", "Luteinizing Hormone Surge", "Indeterminate", "Estrogen Surge"],
      ["PregnancyTestResult", "Negative", "Positive", "Indeterminate"],
      ["ProgesteroneTestResult", "Negative", "Positive", "Indeterminate"],
      ["CervicalMucusQuality", "Dry", "Sticky", "Creamy", "Watery", "Egg White"],
      [
        "Contraceptive",
        "Unspecified",
        "Implant",
        "Injection",
        "Intrauterine Device",
        "Intravaginal Ring",
        "Oral",
        "Patch",
      ],
      ["IntermenstrualBleeding"],
      ["PersistentIntermenstrualBleeding"],
      ["Pregnancy"],
      ["Lactation"],
      ["IrregularMenstrualCycles"],
      ["InfrequentMenstrualCycles"],
      ["ProlongedMenstrualPeriods"],
    ] as const
  ).map(([type, ...values]): [string, Kind] => [type.toLowerCase(), { type, values: values.map(lettersOf) }]),
);

/** Other English names of the same. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["menstruation", "menstrualflow"],
  ["spotting", "intermenstrualbleeding"],
  ["ovulationtest", "ovulationtestresult"],
  ["pregnancytest", "pregnancytestresult"],
  ["progesteronetest", "progesteronetestresult"],
  ["cervicalmucus", "cervicalmucusquality"],
  ["contraceptives", "contraceptive"],
]);

/** Returns null for an entry that is not understood. */
export function readCycleEntry(item: unknown): Sample | null {
  const { data } = entry.safeParse(item);
  const start = timeOf(data?.start ?? data?.date);
  const kind = kindOf(lettersOf(data?.name ?? ""));
  if (data === undefined || start === null || kind === undefined) return null;
  const value = caseOf(kind, data.value ?? null);
  return value === null ? null : sampleOf(kind, value, { ...data, start });
}

const kindOf = (name: string): Kind | undefined => kinds.get(synonyms.get(name) ?? name);

/** The number itself where the app sends HealthKit's; 0 is its value of an event that has no cases. */
function caseOf({ values }: Kind, value: string | number | null): number | null {
  if (values.length === 0) return 0;
  if (value === null) return null;
  const number = typeof value === "number" ? value : values.indexOf(lettersOf(value)) + 1;
  return Number.isInteger(number) && number >= 1 && number <= values.length ? number : null;
}

interface Told {
  readonly start: WrittenTime;
  readonly end?: string | null | undefined;
  readonly source?: string | null | undefined;
}

const sampleOf = ({ type }: Kind, value: number, { start, end, source }: Told): Sample => ({
  uuid: null,
  type: `HKCategoryTypeIdentifier${type}`,
  startMs: start.ms,
  endMs: Math.max(start.ms, timeOf(end)?.ms ?? start.ms),
  value,
  zone: null,
  offsetMinutes: start.offsetMinutes,
  source: sourceOf(source),
  isUserEntered: false,
  isAggregate: false,
  metadata: {},
});
