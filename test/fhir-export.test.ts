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
import { fhirValidator, type Issue, type Validator } from "./fhir/validator.ts";
import { bringUpMs, isUnavailable } from "./servers/server.ts";

const settings = { fhirBase: "https://systole.example/fhir", birthDate: true };
const ours = definitions(settings.fhirBase);

const bundleOf = (record: ExportableRecord): Json => {
  const written = fhir.write(record, settings);
  return JSON.parse(`${written?.bytes}`);
};
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
  ...fc.sample(anyRecord, { seed, numRuns: 790 }),
];

/** The warnings that there are, each with why it stays. The README has the same list. */
const explained: Readonly<Record<string, string>> = {
  "http://hl7.org/fhir/StructureDefinition/DomainResource#dom-6":
    "no narrative: the resources are for machines",
  Terminology_PassThrough_TX_Message: "HAPI ships no LOINC, no IEEE 11073 and no Physical Activity guide",
  TYPE_SPECIFIC_CHECKS_DT_QTY_UCUM_ANNOTATIONS: "UCUM has no unit for counted things",
};

let validator: Validator | null = null;
let absence = "";
beforeAll(async () => {
  const found = await fhirValidator();
  if (isUnavailable(found)) {
    absence = found.reason;
    process.stderr.write(`FHIR is not validated by HAPI: ${absence}\n`);
  } else validator = found;
}, bringUpMs);

const hapi = async (resources: readonly object[], skip: (reason: string) => void) => {
  if (validator === null) {
    skip(absence);
    return [];
  }
  return validator.validate(resources, Object.values(ours));
};
const isError = ({ severity }: Issue): boolean => severity === "ERROR" || severity === "FATAL";
const said = (issues: readonly Issue[]): string[] =>
  issues.map(({ location, message }) => `${location}: ${message}`);
const errorsIn = (answers: readonly (readonly Issue[])[]): string[] => said(answers.flat().filter(isError));
const unexplained = (answers: readonly (readonly Issue[])[]): string[] =>
  said(answers.flat().filter(({ severity, id }) => severity === "WARNING" && !(id in explained)));

describe("HAPI's validator", () => {
  it("finds no error in the examples of all models, nor in the code system", async ({ skip }) => {
    const records = Object.entries(examples).map(([type, data]) => recordFrom(type as DataType, data));
    const bundles = [...records, bodyWithEverything].map(bundleOf);
    const answers = await hapi([...bundles, ours["CodeSystem/systole"]], skip);
    expect(errorsIn(answers)).toEqual([]);
    expect(unexplained(answers)).toEqual([]);
  });

  it("finds no error in 1,000 generated records of all models", async ({ skip }) => {
    expect(generated).toHaveLength(1_000);
    const answers = await hapi(generated.map(bundleOf), skip);
    expect(errorsIn(answers)).toEqual([]);
    expect(unexplained(answers)).toEqual([]);
  });

  it.skipIf(!polarIsThere)(
    "finds no error in the captured bodies of Polar (in ../shared)",
    async ({ skip }) => {
      const bundles = polarRecords().map(bundleOf);
      expect(bundles.length).toBeGreaterThan(20);
      const answers = await hapi(bundles, skip);
      expect(errorsIn(answers)).toEqual([]);
      expect(unexplained(answers)).toEqual([]);
    },
  );

  it.skipIf(!appleIsThere)(
    "finds no error in the captured bodies of Apple (in ../shared)",
    async ({ skip }) => {
      const bundles = (await appleRecords()).map(bundleOf);
      expect(bundles.length).toBeGreaterThan(20);
      const answers = await hapi(bundles, skip);
      expect(errorsIn(answers)).toEqual([]);
      expect(unexplained(answers)).toEqual([]);
    },
  );
});

describe("the rungs beside it", () => {
  const bundles = [bodyWithEverything, ...generated].map(bundleOf);

  it("find nothing in the generated records", () => {
    expect(bundles.flatMap(complaints)).toEqual([]);
  });

  it.skipIf(!polarIsThere)("find nothing in the captured bodies of Polar (in ../shared)", () => {
    expect(polarRecords().map(bundleOf).flatMap(complaints)).toEqual([]);
  });

  it.skipIf(!appleIsThere)("find nothing in the captured bodies of Apple (in ../shared)", async () => {
    expect((await appleRecords()).map(bundleOf).flatMap(complaints)).toEqual([]);
  });

  it("take every unit and every LOINC code of the lists", () => {
    expect(Object.keys(units).filter((unit) => !isUcum(unit))).toEqual([]);
    expect(Object.keys(loincNames).filter((code) => !hasCheckDigit(code))).toEqual([]);
    expect(["bpm", "steps", "hours"].filter(isUcum)).toEqual([]);
  });
});

describe("planted faults", () => {
  it("are each caught by one of them", async ({ skip }) => {
    expect(complaints(bundleOf(bodyWithEverything))).toEqual([]);
    const planted = faults.map(({ name, plant }) => {
      const bundle = bundleOf(bodyWithEverything);
      plant(bundle);
      return { name, bundle };
    });
    const answers = await hapi(
      planted.map(({ bundle }) => bundle),
      skip,
    );
    const uncaught = planted.filter(({ bundle }, index) => {
      const byHapi = answers[index]?.filter((issue) => isError(issue) || !(issue.id in explained)) ?? [];
      return byHapi.length === 0 && complaintsOf(bundle).length === 0;
    });
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
