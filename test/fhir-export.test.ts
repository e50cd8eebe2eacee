/**
 * Proves by programs that are not ours that every record is right FHIR R4: HAPI's own validator, FHIRPath's invariants,
 * UCUM's grammar, LOINC's check digit. Planted faults prove that they can say no.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { ExportableRecord } from "../src/export/contract.ts";
import { definitions } from "../src/export/fhir/definitions.ts";
import fhir from "../src/export/fhir/index.ts";
import { loincNames } from "../src/export/fhir/loinc.ts";
import { units } from "../src/export/fhir/units.ts";
import { examples } from "../src/models/examples.fixture.ts";
import { type DataType, dataTypes, naturalKey } from "../src/models/index.ts";
import { anyRecord, recordOf } from "./fhir/arbitrary-records.ts";
import { appleIsThere, appleRecords, polarIsThere, polarRecords } from "./fhir/captured-records.ts";
import { faults } from "./fhir/faults.ts";
import { complaints, hasCheckDigit, isUcum, type Json } from "./fhir/rungs.ts";
import { fhirValidator, type Issue } from "./fhir/validator.ts";
import { bringUpMs, isUnavailable } from "./servers/server.ts";

const settings = { fhirBase: "https://systole.example/fhir", birthDate: true };
const ours = definitions(settings.fhirBase);

/** Returns the Bundles; a record of which nothing can be said has none. */
const bundlesOf = (records: readonly ExportableRecord[]): Json[] =>
  records.flatMap((record) => {
    const written = fhir.write(record, settings);
    return written === null ? [] : [JSON.parse(written.bytes.toString())];
  });
const bundleOf = (record: ExportableRecord): Json => bundlesOf([record])[0];
const recordFrom = (type: DataType, data: unknown): ExportableRecord =>
  ({
    userId: "40f7",
    referenceId: "person-1",
    provider: "POLAR",
    type,
    naturalKey: naturalKey(type, data as never),
    revision: 2,
    data,
  }) as ExportableRecord;

const noon = "2026-03-01T12:00:00.000000+02:00";
const later = "2026-03-01T12:00:01.000000+02:00";
/** A body with the Observations in which faults are planted. */
const bodyWithEverything = recordFrom("body", {
  metadata: { start_time: "2026-03-01T00:00:00.000000+02:00", end_time: "2026-03-02T00:00:00.000000+02:00" },
  device_data: { name: "Scale", manufacturer: "Polar", serial_number: "1" },
  measurements_data: {
    measurements: [{ measurement_time: noon, weight_kg: 70.5, user_notes: "after a run" }],
  },
  oxygen_data: { avg_saturation_percentage: 97 },
  blood_pressure_data: { blood_pressure_samples: [{ timestamp: noon, systolic_bp: 120, diastolic_bp: 80 }] },
  temperature_data: { day_avg_skin_temperature_celsius: 33.1 },
  heart_data: {
    heart_rate_data: {
      detailed: {
        hr_samples: [
          { timestamp: noon, bpm: 60 },
          { timestamp: later, bpm: 61 },
          { timestamp: "2026-03-01T12:00:03.000000+02:00", bpm: 62 },
        ],
      },
    },
    ecg_signal: [
      {
        start_timestamp: noon,
        avg_hr_bpm: 60,
        raw_signal: [0, 8, 15, 23].map((ms) => ({
          timestamp: `2026-03-01T12:00:00.0${String(ms).padStart(2, "0")}000+02:00`,
          potential_uV: -12.5 + ms,
        })),
      },
    ],
  },
});

const seed = 20_261_128;
const generated: readonly ExportableRecord[] = [
  ...dataTypes.flatMap((type) => fc.sample(recordOf(type), { seed, numRuns: 30 })),
  ...fc.sample(anyRecord, { seed, numRuns: 830 }),
];

/** A kind of warning that there may be. The README has the same list, with why each stays. */
interface Explained {
  readonly id: string;
  readonly message?: string;
}
const explained: readonly Explained[] = [
  { id: "http://hl7.org/fhir/StructureDefinition/DomainResource#dom-6" },
  { id: "Terminology_PassThrough_TX_Message" },
  { id: "TYPE_SPECIFIC_CHECKS_DT_QTY_UCUM_ANNOTATIONS" },
  {
    id: "Terminology_TX_NoValid_2_CC",
    message: "(codes = http://loinc.org#2708-6, http://loinc.org#59408-5)",
  },
  { id: "Type_Specific_Checks_DT_Decimal_Range" },
];
const isExplained = (issue: Issue): boolean =>
  explained.some(({ id, message = "" }) => id === issue.id && issue.message.includes(message));
const isError = ({ severity }: Issue): boolean => severity === "ERROR" || severity === "FATAL";
const said = (issues: readonly Issue[]): string[] =>
  issues.map(({ location, message }) => `${location}: ${message}`);
/** Errors, and whatever else nobody explained. */
const wrong = (answers: readonly (readonly Issue[])[]): string[] =>
  said(answers.flat().filter((issue) => isError(issue) || !isExplained(issue)));

const planted = faults.map(({ name, plant }) => {
  const bundle = bundleOf(bodyWithEverything);
  plant(bundle);
  return { name, bundle };
});

/** What is validated, by what it is called in the tests: all at one start of Java, which takes the longest. */
async function everything(): Promise<Record<string, readonly object[]>> {
  const records = Object.entries(examples).map(([type, data]) => recordFrom(type as DataType, data));
  return {
    examples: [...bundlesOf([...records, bodyWithEverything]), ours["CodeSystem/systole"]],
    generated: bundlesOf(generated),
    polar: polarIsThere ? bundlesOf(polarRecords()) : [],
    apple: appleIsThere ? bundlesOf(await appleRecords()) : [],
    planted: planted.map(({ bundle }) => bundle),
  };
}

const answers = new Map<string, readonly (readonly Issue[])[]>();
let absence: string | null = null;
beforeAll(async () => {
  const validator = await fhirValidator();
  if (isUnavailable(validator)) {
    absence = validator.reason;
    process.stderr.write(`FHIR is not validated by HAPI: ${absence}\n`);
    return;
  }
  const groups = Object.entries(await everything());
  const all = await validator.validate(
    groups.flatMap(([, resources]) => resources),
    Object.values(ours),
  );
  let from = 0;
  for (const [name, { length }] of groups) {
    answers.set(name, all.slice(from, from + length));
    from += length;
  }
}, bringUpMs);

/** Returns what HAPI says of a group, or skips the test where there is no HAPI. */
function hapiOn(group: string, skip: (reason: string) => void): readonly (readonly Issue[])[] {
  if (absence !== null) skip(absence);
  return answers.get(group) ?? [];
}

describe("HAPI's validator", () => {
  it("finds nothing wrong in the examples of all models, nor in the code system", ({ skip }) => {
    const found = hapiOn("examples", skip);
    expect(found).toHaveLength(dataTypes.length + 2);
    expect(wrong(found)).toEqual([]);
  });

  it("finds nothing wrong in 1,000 generated records of all models", ({ skip }) => {
    const found = hapiOn("generated", skip);
    expect(found.length).toBeGreaterThanOrEqual(1_000);
    expect(wrong(found)).toEqual([]);
  });

  it.skipIf(!polarIsThere)(
    "finds nothing wrong in the captured bodies of Polar (in ../shared)",
    ({ skip }) => {
      const found = hapiOn("polar", skip);
      expect(found.length).toBeGreaterThan(20);
      expect(wrong(found)).toEqual([]);
    },
  );

  it.skipIf(!appleIsThere)(
    "finds nothing wrong in the captured bodies of Apple (in ../shared)",
    ({ skip }) => {
      const found = hapiOn("apple", skip);
      expect(found.length).toBeGreaterThan(20);
      expect(wrong(found)).toEqual([]);
    },
  );
});

describe("the rungs beside it", () => {
  const bundles = bundlesOf([bodyWithEverything, ...generated]);

  it("find nothing in the generated records", () => {
    expect(bundles.flatMap(complaints)).toEqual([]);
  });

  it.skipIf(!polarIsThere)("find nothing in the captured bodies of Polar (in ../shared)", () => {
    expect(bundlesOf(polarRecords()).flatMap(complaints)).toEqual([]);
  });

  it.skipIf(!appleIsThere)("find nothing in the captured bodies of Apple (in ../shared)", async () => {
    expect(bundlesOf(await appleRecords()).flatMap(complaints)).toEqual([]);
  });

  it("take every unit and every LOINC code of the lists", () => {
    expect(Object.keys(units).filter((unit) => !isUcum(unit))).toEqual([]);
    expect(Object.keys(loincNames).filter((code) => !hasCheckDigit(code))).toEqual([]);
    expect(["bpm", "steps", "hours"].filter(isUcum)).toEqual([]);
  });
});

describe("planted faults", () => {
  it("are each caught by one of them", ({ skip }) => {
    expect(complaints(bundleOf(bodyWithEverything))).toEqual([]);
    const found = hapiOn("planted", skip);
    const uncaught = planted.filter(
      ({ bundle }, index) => wrong([found[index] ?? []]).length === 0 && complaintsOf(bundle).length === 0,
    );
    expect(uncaught.map(({ name }) => name)).toEqual([]);
    expect(faults.length).toBeGreaterThanOrEqual(30);
  });
});

/** A Bundle may be so broken that a rung cannot read it: then it has a complaint too. */
function complaintsOf(bundle: Json): string[] {
  try {
    return complaints(bundle);
  } catch (error) {
    return [String(error)];
  }
}
