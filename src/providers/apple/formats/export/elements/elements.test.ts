import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTime } from "../../../healthkit/written-time.ts";
import { exportOf, readBytes } from "../testing/read.ts";
import { zipOf } from "../testing/zip.ts";
import { clockMs } from "./beats.ts";
import { modelOf } from "./device.ts";
import { readEcg } from "./ecg.ts";
import { instantOf, usualInstant } from "./written-instant.ts";

const at = (time: string): number => Date.parse(`2026-01-10T${time}Z`);
const times = (from: string, to: string): string =>
  `startDate="2026-01-10 ${from} +0100" endDate="2026-01-10 ${to} +0100"`;
const items = async (...elements: string[]) => (await readBytes(exportOf(...elements))).items;

describe("an instant", () => {
  it.each([
    ["2026-01-10 09:00:00 +0100", "2026-01-10T08:00:00.000Z"],
    ["2026-01-31 23:59:59 -0930", "2026-02-01T09:29:59.000Z"],
    ["2026-01-10 09:00:00 PM +0100", "2026-01-10T20:00:00.000Z"],
  ])("%s is %s", (text, instant) => expect(instantOf(text)).toBe(Date.parse(instant)));

  it.each([
    "2026-02-30 09:00:00 +0100",
    "2026-13-10 09:00:00 +0100",
    "2026-0:-10 09:00:00 +0100",
    "2026-01/10 09:00:00 +0100",
    "2026-01-10 09:00.00 +0100",
    "2026-01-10 09:00:00 *0100",
    "2026-01-10 09:00:00 +0160",
    "0001-01-01 00:00:00 +0000",
    "",
  ])("%j is none", (text) => expect(instantOf(text)).toBeNull());

  it("in the usual form is what every other reader takes it for", () => {
    const two = (max: number) => fc.nat(max).map((number) => String(number).padStart(2, "0"));
    const written = fc
      .tuple(
        fc.integer({ min: 1895, max: 2105 }),
        two(13),
        two(32),
        two(24),
        two(60),
        two(60),
        two(15),
        two(61),
      )
      .chain(([year, month, day, hour, minute, second, hours, minutes]) =>
        fc.constantFrom(
          ...["+", "-", " "].map((sign) => [
            `${year}-${month}-${day} ${hour}:${minute}:${second} ${sign}${hours}${minutes}`,
          ]),
          [`${year}-${month}-${day}T${hour}:${minute}:${second}Z`],
        ),
      )
      .map(([text = ""]) => text);
    fc.assert(
      fc.property(written, (text) => {
        const read = readTime(text)?.ms ?? null;
        expect(usualInstant(text) ?? read).toBe(read);
      }),
      { numRuns: 2_000 },
    );
    expect(usualInstant("2026-01-31T23:59:59Z")).not.toBeNull();
  });
});

describe("a device", () => {
  it.each([
    [
      "<<HKDevice: 0x28>, name:Anna's Watch, blue, manufacturer:Apple Inc., model:Watch, hardware:Watch6,1, software:11.5, creation date:2025-05-14 22:06:53 +0000>",
      "Watch6,1",
    ],
    ["<<HKDevice: 0x29>, name:Polar, manufacturer:Polar, model:H10, software:1>", "H10"],
    ["<<HKDevice: 0x2a>, name:x>", null],
    ["", null],
  ])("of %s is %s", (text, model) => expect(modelOf(text)).toBe(model));
});

describe("a value", () => {
  const value = async (type: string, unit: string, text: string) => {
    const record = `<Record type="HKQuantityTypeIdentifier${type}" unit="${unit}" value="${text}" ${times("09:00:00", "09:00:00")}/>`;
    return (await items(record))("samples").map((sample) => sample.value);
  };

  it.each<[string, string, string, number | null]>([
    ["OxygenSaturation", "%", "0.97", 0.97],
    ["OxygenSaturation", "%", "97", 0.97],
    ["BodyFatPercentage", "%", "0.271", 0.271],
    ["BloodGlucose", "mmol&lt;180.1558800000541&gt;/L", "5.4", 97.2841752],
    ["DietaryEnergyConsumed", "kJ", "836.8", 200],
    ["DietaryEnergyConsumed", "kcal", "NaN", null],
    ["StepCount", "furlong", "40", null],
    ["SomethingNew", "furlong", "40", 40],
  ])("%s in %s: %s is %s", async (type, unit, text, expected) => {
    const [found = null] = await value(type, unit, text);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 9);
  });

  it("that cannot be read is told, by type", async () => {
    const record = `<Record type="HKQuantityTypeIdentifierStepCount" unit="furlong" value="40" ${times("09:00:00", "09:00:00")}/>`;
    expect((await readBytes(exportOf(record))).unread).toMatchObject({
      values: [{ name: "HKQuantityTypeIdentifierStepCount furlong", count: 1 }],
    });
  });

  it("that is an unknown case of a category is told, and an event without a value is not", async () => {
    const record = (type: string, value: string) =>
      `<Record type="HKCategoryTypeIdentifier${type}" ${value} ${times("09:00:00", "09:10:00")}/>`;
    const read = await readBytes(
      exportOf(record("SleepAnalysis", 'value="HKCategoryValueDozing"'), record("LowHeartRateEvent", "")),
    );
    expect(read.items("samples").map(({ value }) => value)).toEqual([null, null]);
    expect(read.unread).toMatchObject({
      values: [{ name: "HKCategoryTypeIdentifierSleepAnalysis HKCategoryValueDozing", count: 1 }],
    });
  });

  it("of a category is HealthKit's number; zone and entry have fields of their own", async () => {
    const record = `<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Apple\u00a0Watch" value="HKCategoryValueSleepAnalysisAsleepREM" ${times("01:00:00", "02:00:00")}><MetadataEntry key="HKTimeZone" value="Europe/Paris"/><MetadataEntry key="HKWasUserEntered" value="1"/><MetadataEntry key="other" value="2"/></Record>`;
    expect((await items(record))("samples")).toMatchObject([
      {
        value: 5,
        zone: "Europe/Paris",
        isUserEntered: true,
        metadata: { other: "2" },
        source: { name: "Apple Watch" },
      },
    ]);
  });
});

describe("beats", () => {
  it.each([
    ["7:47:41.86 PM", 71_261_860],
    ["08:33:44,67", 30_824_670],
    ["12:00:01.00\u202fAM", 1_000],
  ])("at %s", (text, ms) => expect(clockMs(text)).toBeCloseTo(ms, 3));

  it("are placed in the time of their record, whatever offset was printed, and over midnight", async () => {
    // Printed +0100 in a winter export; the person's own clock, two hours east, says 00:59:58.
    const record = `<Record type="HKQuantityTypeIdentifierHeartRateVariabilitySDNN" unit="ms" value="40" startDate="2026-01-10 23:59:57 +0100" endDate="2026-01-11 00:00:57 +0100"><HeartRateVariabilityMetadataList><InstantaneousBeatsPerMinute bpm="60" time="12:59:58.50 AM"/><InstantaneousBeatsPerMinute bpm="61" time="1:00:00.25 AM"/></HeartRateVariabilityMetadataList></Record>`;
    expect((await items(record))("beats")).toMatchObject([
      {
        beats: [
          { atMs: Date.parse("2026-01-10T22:59:58.500Z"), bpm: 60 },
          { atMs: Date.parse("2026-01-10T23:00:00.250Z"), bpm: 61 },
        ],
      },
    ]);
  });
});

const workout = (children: string, attributes = ""): string =>
  `<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="29" durationUnit="min" sourceName="Watch" ${attributes} ${times("09:00:00", "09:30:00")}>${children}</Workout>`;

describe("a workout", () => {
  it("has its statistics, the older totals, and each activity once", async () => {
    const statistics = `<WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" ${times("09:00:00", "09:30:00")} sum="5" unit="km"/>`;
    const event =
      '<WorkoutEvent type="HKWorkoutEventTypePause" date="2026-01-10 09:10:00 +0100" duration="1" durationUnit="min"/>';
    const activity = `<WorkoutActivity uuid="A1" ${times("09:00:00", "09:30:00")} duration="29" durationUnit="min">${event}${statistics}</WorkoutActivity>`;
    const metadata = '<MetadataEntry key="HKIndoorWorkout" value="0"/>'.repeat(2);
    const read = await items(
      workout(metadata + event + statistics + activity, 'totalDistance="3.1" totalDistanceUnit="mi"'),
    );
    const told = [{ type: "HKQuantityTypeIdentifierDistanceWalkingRunning", sum: 5_000 }];
    const pause = [{ type: 1, startMs: at("08:10:00"), endMs: at("08:11:00") }];
    expect(read("workouts")).toMatchObject([
      {
        activityType: 37,
        durationSeconds: 1_740,
        isIndoor: false,
        totalDistanceMeters: 3.1 * 1_609.344,
        statistics: told,
        events: pause,
        activities: [{ uuid: "a1", statistics: told, events: pause }],
      },
    ]);
  });

  const gpx = (...points: string[]): string =>
    `<gpx version="1.1"><trk><trkseg>${points.map((time, index) => `<trkpt lon="2.${index}" lat="48"><ele>35</ele><time>2026-01-10T${time}Z</time><extensions><speed>2.5</speed><course>-1</course><hAcc>4</hAcc></extensions></trkpt>`).join("")}</trkseg></trk></gpx>`;
  const route = (name: string): string =>
    `<WorkoutRoute sourceName="Watch" ${times("09:00:00", "09:30:00")}><FileReference path="/workout-routes/${name}"/></WorkoutRoute>`;

  it("has the routes whose points lie in its time, whatever they are called", async () => {
    const { items, unread } = await readBytes(
      zipOf([
        { name: "export.xml", content: exportOf(workout(route("route_2026-01-10_9.30am.gpx"))) },
        { name: "r/late.gpx", content: gpx("08:20:00", "08:25:00") },
        { name: "r/early.gpx", content: gpx("08:00:00", "08:10:00") },
        { name: "r/other.gpx", content: gpx("18:00:00") },
      ]),
    );
    const [found] = items("workouts");
    expect(found?.route.map(({ atMs }) => atMs)).toEqual(
      ["08:00:00", "08:10:00", "08:20:00", "08:25:00"].map(at),
    );
    expect(found?.route[0]).toEqual({
      atMs: at("08:00:00"),
      latitude: 48,
      longitude: 2,
      altitude: 35,
      speed: 2.5,
      course: null,
      horizontalAccuracy: 4,
      verticalAccuracy: null,
    });
    expect(unread).toMatchObject({ files: [{ name: "route without a workout", count: 1 }] });
  });

  it("whose route is missing is a workout all the same; older ones have the points inside", async () => {
    const inline = `<WorkoutRoute><Location date="2026-01-10 09:00:01 +0100" latitude="48" longitude="2" altitude="35" horizontalAccuracy="4" verticalAccuracy="3" course="180" speed="2"/></WorkoutRoute>`;
    const [missing, inside] = (
      await items(workout(route("gone.gpx")), workout(inline).replaceAll("09:", "10:"))
    )("workouts");
    expect(missing?.route).toEqual([]);
    expect(inside?.route).toMatchObject([{ latitude: 48, course: 180 }]);
  });
});

describe("the person", () => {
  it("has rings by local date, none before there were rings, and characteristics", async () => {
    const read = await items(
      '<Me HKCharacteristicTypeIdentifierDateOfBirth="1980-02-29" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeII"/>',
      '<ActivitySummary dateComponents="1969-12-30" activeEnergyBurned="0"/>',
      '<ActivitySummary dateComponents="2026-01-10" activeEnergyBurned="2092" activeEnergyBurnedUnit="kJ" appleExerciseTime="31" appleStandHours="11"/>',
    );
    expect(read("activity-summaries")).toMatchObject([
      { date: "2026-01-10", activeEnergyKcal: 500, exerciseMinutes: 31, standHours: 11, moveMinutes: null },
    ]);
    expect(read("characteristics")).toMatchObject([
      { birthDate: "1980-02-29", sex: "female", bloodType: null, skinType: "II" },
    ]);
  });

  it("has correlations, whose members are samples of the same identity as those at the top level", async () => {
    const member = `<Record type="HKQuantityTypeIdentifierDietaryProtein" sourceName="App" unit="g" value="20" ${times("12:00:00", "12:00:00")}/>`;
    const read = await items(
      `<Correlation type="HKCorrelationTypeIdentifierFood" sourceName="App" ${times("12:00:00", "12:00:00")}>${member}<MetadataEntry key="HKFoodType" value="Rice &amp; beans"/></Correlation>`,
      member,
    );
    expect(read("correlations")).toMatchObject([
      {
        type: "HKCorrelationTypeIdentifierFood",
        members: [{ value: 0.02 }],
        metadata: { HKFoodType: "Rice & beans" },
      },
    ]);
    const identities = read("samples").map((sample) => (sample as unknown as { identity: string }).identity);
    expect(new Set(identities).size).toBe(1);
  });
});

describe("what is not understood", () => {
  it("is listed by name", async () => {
    const { unread } = await readBytes(
      exportOf(
        '<ClinicalRecord type="AllergyIntolerance" identifier="1"/>',
        '<Record type="HKQuantityTypeIdentifierStepCount" value="1" unit="count" startDate="yesterday"/>',
        `<Record type="HKQuantityTypeIdentifierStepCount" value="1" unit="count" mood="good" ${times("09:00:00", "09:00:00")}><Tag/></Record>`,
      ),
    );
    expect(unread).toEqual({
      elements: [
        { name: "ClinicalRecord", count: 1 },
        { name: "Tag", count: 1 },
      ],
      records: [{ name: "HKQuantityTypeIdentifierStepCount", count: 1 }],
      attributes: [{ name: "Record.mood", count: 1 }],
    });
  });
});

describe("an ECG", () => {
  const english = `Name,Anna Example\nDate of Birth,"Jan 1, 1980"\nRecorded Date,2026-01-10 21:14:05 +0100\nClassification,Sinus Rhythm\nSymptoms,\nSoftware Version,2.0\nDevice,"Watch7,12"\nSample Rate,512 hertz\n\n\nLead,Lead I\nUnit,\u00b5V\n\n-0.296\n-0.940\nx\n`;

  it("is read by the places of its lines, without the person's name", () => {
    const ecg = readEcg(english);
    expect(ecg).toMatchObject({
      startMs: at("20:14:05"),
      classification: 1,
      samplingHz: 512,
      microvolts: [-0.296, -0.94, null],
      source: { model: "Watch7,12" },
    });
    expect(JSON.stringify(ecg)).not.toMatch(/Anna|1980/);
  });

  it("may have another language, a decimal comma and other line ends", () => {
    const german = english
      .replace("Sinus Rhythm", "Vorhofflimmern")
      .replace("512 hertz", "511,562\u00a0Hertz")
      .replace("-0.296", "-0,296")
      .replace("-0.940", "-0,940")
      .replaceAll("\n", "\r\n");
    expect(readEcg(german)).toMatchObject({
      classification: 2,
      samplingHz: 511.562,
      microvolts: [-0.296, -0.94, null],
    });
  });

  it("with an unknown word keeps the word", () => {
    expect(readEcg(english.replace("Sinus Rhythm", "Rytm zatokowy"))).toMatchObject({
      classification: null,
      classificationText: "Rytm zatokowy",
    });
  });
});
