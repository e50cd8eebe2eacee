import { describe, expect, it } from "vitest";
import { examples } from "../../models/examples.fixture.ts";
import { type DataType, type ModelOf, NutritionUnits, naturalKey } from "../../models/index.ts";
import type { ExportableRecord, ExportSettings, RecordToExport } from "../contract.ts";
import fhir from "./index.ts";
import type { Bundle, Observation } from "./types.ts";

const base = "https://systole.example/fhir";
const settings: ExportSettings = { fhirBase: base, birthDate: true };

function record<Type extends DataType>(
  type: Type,
  data: ModelOf[Type],
  more: Partial<RecordToExport<Type>> = {},
): ExportableRecord {
  const key = naturalKey(type, data);
  const given = { userId: "40f7", referenceId: null, provider: "POLAR", naturalKey: key, revision: 2 };
  return { ...given, type, data, ...more } as ExportableRecord;
}

function write(given: ExportableRecord, by = settings) {
  const written = fhir.write(given, by);
  if (written === null) throw new Error("nothing was written");
  return written;
}
const observationsIn = ({ entry }: Bundle): Observation[] =>
  entry.flatMap(({ resource }) => (resource?.resourceType === "Observation" ? [resource] : []));
const codesIn = (bundle: Bundle) => observationsIn(bundle).map(({ code }) => code.coding?.[0]?.code);
const ofCode = (bundle: Bundle, code: string) =>
  observationsIn(bundle).filter((one) => one.code.coding?.some((coding) => coding.code === code));

const day = { start_time: "2026-03-01T00:00:00.000000+02:00", end_time: "2026-03-02T00:00:00.000000+02:00" };
const body = (data: Omit<ModelOf["body"], "metadata">): ModelOf["body"] => ({ metadata: day, ...data });
const second = (seconds: number) => `2026-03-01T12:00:${String(seconds).padStart(2, "0")}.000000+02:00`;
const heartRates = (...samples: readonly (readonly [seconds: number, bpm: number | null])[]) =>
  body({
    heart_data: {
      heart_rate_data: {
        detailed: { hr_samples: samples.map(([seconds, bpm]) => ({ timestamp: second(seconds), bpm })) },
      },
    },
  });

describe("a record in FHIR", () => {
  it("has the same bytes each time, and the same ids in each revision", () => {
    const [one, other] = [
      write(record("activity", examples.activity)),
      write(record("activity", examples.activity)),
    ];
    expect(one.bytes.equals(other.bytes)).toBe(true);
    expect(JSON.parse(one.bytes.toString())).toEqual(one.content);
    const revised = write(record("activity", examples.activity, { revision: 3 }));
    const urls = ({ entry }: Bundle) => entry.map(({ request }) => request.url);
    expect(urls(revised.content)).toEqual(urls(one.content));
  });

  it("has amounts of food in grams and millilitres where the record says so, and counted otherwise", () => {
    const meal = (name: string, unit: NutritionUnits, amount: number) => {
      const quantity = { unit, amount };
      return { id: name, name, type: 1 as const, timestamp: second(0), quantity, macros: {}, micros: {} };
    };
    const { Cup, Gram, Milliliter } = NutritionUnits;
    const meals = [meal("rice", Gram, 120), meal("tea", Cup, 2)];
    const drinks = [{ timestamp: second(0), drink_name: "milk", drink_unit: Milliliter, drink_volume: 250 }];
    const { content } = write(record("nutrition", { metadata: day, meals, drink_samples: drinks }));
    const amounts = observationsIn(content).flatMap(({ component = [] }) =>
      component.flatMap(({ code, valueQuantity }) =>
        /-amount$/.test(code.coding?.[0]?.code ?? "") ? [[valueQuantity?.value, valueQuantity?.code]] : [],
      ),
    );
    expect(amounts.sort()).toEqual([
      [120, "g"],
      [2, "{count}"],
      [250, "mL"],
    ]);
  });

  it("is written by identifier, with the revision as a tag", () => {
    const { content } = write(record("body", examples.body));
    const entry = content.entry.find(({ resource }) => resource?.resourceType === "Observation");
    expect(entry?.fullUrl).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    const uuid = entry?.fullUrl?.slice("urn:uuid:".length);
    expect(entry?.request).toEqual({
      method: "PUT",
      url: `Observation?identifier=${encodeURIComponent(`${base}/identifier/resource`)}|${uuid}`,
    });
    expect(entry?.resource).toMatchObject({
      identifier: [{ system: `${base}/identifier/resource`, value: uuid }],
      meta: { tag: [{ system: `${base}/identifier/revision`, code: "2" }] },
    });
  });

  it("has other ids for another person, another type and another day", () => {
    const records = [
      record("daily", examples.daily),
      record("daily", examples.daily, { userId: "40f8" }),
      record("daily", examples.daily, { naturalKey: "2026-03-02" }),
    ];
    const ids = records.flatMap((one) =>
      observationsIn(write(one).content).map(({ identifier }) => identifier[0]?.value),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("makes the person when there is none, and only a profile writes the birth date", () => {
    const [patient] = write(record("body", examples.body, { referenceId: "p-1" })).content.entry;
    const system = `${base}/identifier/user`;
    expect(patient?.request).toEqual({
      method: "POST",
      url: "Patient",
      ifNoneExist: `identifier=${encodeURIComponent(system)}|40f7`,
    });
    expect(patient?.resource).toEqual({
      resourceType: "Patient",
      identifier: [
        { system, value: "40f7" },
        { system: `${base}/identifier/reference`, value: "p-1" },
      ],
    });
    const athlete = write(record("athlete", examples.athlete)).content.entry;
    expect(athlete).toHaveLength(1);
    expect(athlete[0]?.resource).toMatchObject({ birthDate: "1990-01-02" });
    expect(athlete[0]?.request.method).toBe("PUT");
    expect(JSON.stringify(athlete)).not.toContain("Ada");
    const [without] = write(record("athlete", examples.athlete), { ...settings, birthDate: false }).content
      .entry;
    expect(without?.resource).not.toHaveProperty("birthDate");
  });

  it("deletes what it had before, and nothing that it still has", () => {
    const former = body({
      temperature_data: { day_avg_skin_temperature_celsius: 33 },
      oxygen_data: { avg_saturation_percentage: 97 },
    });
    const now = body({ oxygen_data: { avg_saturation_percentage: 98 } });
    const lost = ofCode(write(record("body", former)).content, "skin-temperature")[0]?.identifier[0]?.value;
    const { entry } = write(record("body", now, { former })).content;
    expect(entry.filter(({ request }) => request.method === "DELETE")).toEqual([
      {
        request: {
          method: "DELETE",
          url: `Observation?identifier=${encodeURIComponent(`${base}/identifier/resource`)}|${lost}`,
        },
      },
    ]);
    expect(entry.filter(({ request }) => request.method === "PUT")).toHaveLength(1);
  });

  it("leaves out what cannot be said, and names it", () => {
    const data = body({
      measurements_data: { day_avg_weight_kg: Number.NaN, day_avg_height_cm: -3, day_avg_bmi: 22 },
      temperature_data: { day_avg_skin_temperature_celsius: -3 },
    });
    const { content, leftOut } = write(record("body", data));
    expect(codesIn(content)).toEqual(["39156-5", "skin-temperature"]);
    expect(leftOut).toEqual([
      { field: "measurements_data.day_avg_weight_kg", reason: "is not a number" },
      { field: "measurements_data.day_avg_height_cm", reason: "is below zero" },
    ]);
  });

  it("is none when nothing of it can be said, unless something is to be named or deleted", () => {
    const empty = body({});
    expect(fhir.write(record("body", empty), settings)).toBeNull();
    const broken = body({ oxygen_data: { avg_saturation_percentage: Number.NaN } });
    expect(write(record("body", broken)).content.entry).toHaveLength(1);
    const former = body({ oxygen_data: { avg_saturation_percentage: 97 } });
    const { entry } = write(record("body", empty, { former })).content;
    expect(entry.map(({ request }) => request.method)).toEqual(["POST", "DELETE"]);
  });

  it("keeps what has a time of its own when it has no start", () => {
    const data = {
      ...heartRates([0, 60]),
      metadata: { start_time: "2026-02-30T00:00:00Z", end_time: day.end_time },
    };
    const { content, leftOut } = write(
      record("body", { ...data, oxygen_data: { avg_saturation_percentage: 97 } }, { naturalKey: "x" }),
    );
    expect(codesIn(content)).toEqual(["8867-4"]);
    expect(leftOut).toEqual([
      { field: "metadata.start_time", reason: "is not a time that FHIR can write" },
      { field: "oxygen_data.avg_saturation_percentage", reason: "has no time that FHIR can write" },
    ]);
  });
});

describe("a series in FHIR", () => {
  it("is a component of SampledData with its period and its gaps", () => {
    const { content } = write(record("body", heartRates([0, 60], [1, 61], [2, null], [4, 63])));
    const [one, ...more] = observationsIn(content);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      meta: { profile: ["http://hl7.org/fhir/StructureDefinition/heartrate"] },
      effectiveDateTime: "2026-03-01T12:00:00+02:00",
      component: [
        {
          code: { coding: [{ system: "http://loinc.org", code: "8867-4" }] },
          valueSampledData: {
            origin: { value: 0, unit: "per minute", system: "http://unitsofmeasure.org", code: "/min" },
            period: 1_000,
            dimensions: 1,
            data: "60 61 E E 63",
          },
        },
      ],
    });
    expect(one).not.toHaveProperty("valueSampledData");
  });

  it("does not depend on the order of its samples, and names a second value of one time", () => {
    const sorted = write(record("body", heartRates([0, 60], [1, 61], [2, 62])));
    const mixed = write(record("body", heartRates([2, 62], [0, 60], [1, 61], [1, 99], [0, 60])));
    expect(mixed.content).toEqual(sorted.content);
    expect(mixed.leftOut).toEqual([
      {
        field: "heart_data.heart_rate_data.detailed.hr_samples[].bpm",
        reason: "another value has the same time",
      },
    ]);
  });

  it("keeps the microvolts of an ECG, as millivolts by a factor", () => {
    const raw_signal = [0, 8, 15, 23].map((ms) => ({
      timestamp: `2026-03-01T12:00:00.${String(ms).padStart(3, "0")}000+02:00`,
      potential_uV: ms - 12.5,
    }));
    const data = body({
      heart_data: { ecg_signal: [{ start_timestamp: second(0), avg_hr_bpm: 60, raw_signal }] },
    });
    const [one] = ofCode(write(record("body", data)).content, "131328");
    expect(one?.valueSampledData).toMatchObject({
      origin: { value: 0, code: "mV" },
      factor: 0.001,
      period: 7.666667,
      data: "-12.5 -4.5 2.5 10.5",
    });
    expect(one?.component?.[0]).toMatchObject({ valueQuantity: { value: 60, code: "/min" } });
  });

  it("interlaces latitude and longitude", () => {
    const position = (seconds: number, latitude: number) => ({
      timestamp: second(seconds),
      coords_lat_lng_deg: [latitude, 24.5] as [number, number],
    });
    const data = {
      ...examples.activity,
      position_data: { position_samples: [position(0, 60.1), position(1, 60.2), position(3, 60.3)] },
    };
    const [one] = ofCode(write(record("activity", data)).content, "position");
    expect(one?.valueSampledData).toMatchObject({ dimensions: 2, data: "60.1 24.5 60.2 24.5 E E 60.3 24.5" });
  });
});

describe("a long series in FHIR", () => {
  it("is cut where a text would be too long", () => {
    const samples = Array.from({ length: 40_002 }, (_, index) => ({
      timestamp: new Date(Date.UTC(2026, 2, 1) + index * 1_000).toISOString(),
      level: 1,
    }));
    const metadata = {
      start_time: "2026-03-01T00:00:00Z",
      end_time: "2026-03-02T00:00:00Z",
      upload_type: 1,
    } as const;
    const found = ofCode(
      write(record("daily", { metadata, MET_data: { MET_samples: samples } })).content,
      "met",
    );
    expect(found.map((one) => one.valueSampledData?.data.split(" ").length)).toEqual([40_000, 2]);
    expect(found.map((one) => one.effectivePeriod?.start)).toEqual([
      "2026-03-01T00:00:00Z",
      "2026-03-01T11:06:40Z",
    ]);
  });
});

describe("a night in FHIR", () => {
  it("is its time asleep, the stages as components, an Observation for each stage", () => {
    const at = (time: string) => `2026-03-01T${time}:00.000000+02:00`;
    const levels = [
      ["00:00", 4],
      ["00:10", 4],
      ["00:20", 5],
      ["00:30", 6],
    ] as const;
    const { content } = write(
      record("sleep", {
        metadata: { start_time: at("00:00"), end_time: at("07:00"), upload_type: 2 },
        sleep_durations_data: {
          asleep: { duration_asleep_state_seconds: 25_200, duration_REM_sleep_state_seconds: 100 },
          hypnogram_samples: levels.map(([time, level]) => ({ timestamp: at(time), level })),
        },
      }),
    );
    const [night, ...members] = observationsIn(content);
    expect(night).toMatchObject({
      code: { coding: [{ code: "93832-4" }] },
      valueQuantity: { value: 420, code: "min" },
      component: [
        { code: { coding: [{ code: "93829-0" }] }, valueQuantity: { value: 1.66666666667, code: "min" } },
      ],
    });
    const urls = content.entry.slice(-members.length).map(({ fullUrl }) => ({ reference: fullUrl }));
    expect(night?.hasMember).toEqual(urls);
    expect(
      members.map(({ effectivePeriod, valueCodeableConcept }) => [
        valueCodeableConcept?.coding?.[0]?.code,
        effectivePeriod?.start,
        effectivePeriod?.end,
      ]),
    ).toEqual([
      ["sleep-stage-light", "2026-03-01T00:00:00+02:00", "2026-03-01T00:20:00+02:00"],
      ["sleep-stage-deep", "2026-03-01T00:20:00+02:00", "2026-03-01T00:30:00+02:00"],
      ["sleep-stage-rem", "2026-03-01T00:30:00+02:00", "2026-03-01T07:00:00+02:00"],
    ]);
  });
});

describe("a day without an offset in FHIR", () => {
  it("is the date, which an end at midnight does not go beyond", () => {
    const metadata = {
      start_time: "2026-03-01T00:00:00.000000",
      end_time: "2026-03-02T00:00:00.000000",
      upload_type: 1,
    } as const;
    const [steps] = observationsIn(write(record("daily", { metadata, distance_data: { steps: 9 } })).content);
    const url = `${base}/StructureDefinition/local-time`;
    expect(steps?.effectivePeriod).toEqual({
      start: "2026-03-01",
      _start: { extension: [{ url, valueString: "2026-03-01T00:00:00" }] },
      end: "2026-03-01",
      _end: { extension: [{ url, valueString: "2026-03-02T00:00:00" }] },
    });
    expect(steps?.valueQuantity).toMatchObject({ value: 9, code: "/d" });
  });
});
