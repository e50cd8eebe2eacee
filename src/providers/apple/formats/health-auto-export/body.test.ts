import { describe, expect, it } from "vitest";
import { Folded } from "../testing/folded.ts";
import { healthAutoExport as resource } from "./resource.ts";

const folded = (...bodies: readonly unknown[]) => new Folded(...bodies.map((body) => ({ resource, body })));
const unread = (body: unknown) => folded(body).unread;
const metric = (name: string, units: string, ...data: unknown[]) => ({
  data: { metrics: [{ name, units, data }] },
});
const row = { date: "2026-01-10 09:00:00 +0100", qty: 1, source: "Apple Watch" };

describe("a body", () => {
  it.each([{ data: {} }, {}, { data: { metrics: "none", workouts: null } }, { data: { metrics: [] } }])(
    "%j says nothing, and is no fault",
    (body) => expect(folded(body).items("samples")).toEqual([]),
  );

  it("may have its workouts beside its data", () => {
    const workout = { name: "Walking", start: "2026-01-10 09:00:00 +0100", end: "2026-01-10 09:30:00 +0100" };
    expect(folded({ data: { metrics: [] }, workouts: [workout] }).items("workouts")).toMatchObject([
      { activityType: 52 },
    ]);
  });

  it("has its unknown metrics, sections, keys and units counted, and no value of them kept", () => {
    const body = {
      data: {
        metrics: [
          { name: "step_count", units: "furlong", data: [row] },
          { name: "aura", units: "count", data: [{ ...row, hue: "violet" }] },
        ],
        horoscope: [{ sign: "Leo" }],
      },
    };
    expect(unread(body)).toEqual({
      resource: "health-auto-export",
      key: "unread",
      value: {
        data: {
          metrics: [{ name: "aura" }, { name: "aura", data: [{ hue: null }] }],
          horoscope: [{ sign: null }],
        },
      },
      unreadable: ["data.metrics[name=step_count].data[].qty"],
    });
  });
});

// Old bodies name no source.
it("values without a source have none", () => {
  const { source: _source, ...without } = row;
  expect(folded(metric("step_count", "count", without)).items("samples")).toMatchObject([
    { source: { name: null }, value: 1 },
  ]);
});

// The resting heart rate is revised, and written long after its time.
it("a resting heart rate that is revised late replaces the former one", () => {
  const at = (qty: number) =>
    metric("resting_heart_rate", "count/min", { ...row, date: "2026-01-10 06:13:00 +0100", qty });
  expect(folded(at(54), at(52)).values("RestingHeartRate")).toEqual([52]);
});

// The app spreads sums over minutes.
it("fractions of steps stay as they are", () => {
  const body = metric("step_count", "count", { ...row, qty: 103.47812345678912 });
  expect(folded(body).values("StepCount")).toEqual([103.47812345678912]);
});

// Heart rate was stored as energy.
it("each metric has its own type and unit", () => {
  const body = {
    data: { metrics: ["active_energy", "heart_rate"].map((name) => ({ name, units: "kcal", data: [row] })) },
  };
  expect(
    folded(body)
      .items("samples")
      .map(({ type }) => type),
  ).toEqual(["HKQuantityTypeIdentifierActiveEnergyBurned"]);
});

// The app translates names and values.
describe("an entry in another language", () => {
  it("of the cycle is kept as written, and counted", () => {
    const cycle = (name: string, value: unknown) => ({
      data: {
        cycleTracking: [
          { name, value, start: "2026-01-10 12:00:00 +0100", end: "2026-01-10 12:00:00 +0100" },
        ],
      },
    });
    expect(folded(cycle("Menstrual Flow", "Light")).values("MenstrualFlow")).toEqual([2]);
    expect(folded(cycle("Menstrual Flow", 4)).values("MenstrualFlow")).toEqual([4]);
    const spanish = folded(cycle("Flujo menstrual", "Ligero"));
    expect(spanish.items("samples")).toEqual([]);
    expect(spanish.items("journal")).toMatchObject([
      { kind: "other", fields: { name: "Flujo menstrual", value: "Ligero" } },
    ]);
    expect(spanish.unread?.unreadable).toEqual(["data.cycleTracking[].value"]);
    expect(folded(cycle("Menstrual Flow", "Ligero")).items("samples")).toEqual([]);
  });

  it("of a flow that was changed leaves one flow", () => {
    const flow = (value: string) => ({
      data: { cycleTracking: [{ name: "Menstrual Flow", value, start: "2026-01-10 12:00:00 +0100" }] },
    });
    expect(folded(flow("Light"), flow("Heavy")).values("MenstrualFlow")).toEqual([4]);
  });

  it("of a symptom or a medicine is the same entry when it is corrected", () => {
    const day = (severity: string, status: string) => ({
      data: {
        symptoms: [
          { name: "Dolor de cabeza", severity, start: "2026-01-10 08:00:00 +0100", userEntered: true },
        ],
        medications: [
          { displayText: "Ibuprofen", status, scheduledDate: "2026-01-10 08:00:00 +0100", start: null },
        ],
      },
    });
    const entries = folded(day("Leve", "No registrado"), day("Moderado", "Tomado")).items("journal");
    expect(entries.map(({ kind, fields }) => [kind, fields.severity ?? fields.status])).toEqual([
      ["medication", "Tomado"],
      ["symptom", "Moderado"],
    ]);
  });

  it("of an ECG keeps its words, and its voltages in \u00b5V", () => {
    const recording = {
      start: "2026-01-10 21:14:05.123 +0100",
      end: "2026-01-10 21:14:35.123 +0100",
      classification: "Ritmo sinusal",
      averageHeartRate: 63,
      samplingFrequency: 512.6,
      voltageMeasurements: [
        { date: "2026-01-10 21:14:05.123 +0100", voltage: -7.642, units: "mcV" },
        { voltage: 0.00125, units: "V" },
        { voltage: 1, units: "lux" },
      ],
    };
    const ecg = folded({ data: { ecg: [recording] } });
    expect(ecg.items("ecgs")).toMatchObject([
      { classification: null, classificationText: "Ritmo sinusal", microvolts: [-7.642, 1_250, null] },
    ]);
    expect(ecg.unread?.unreadable).toEqual(["data.ecg[].classification"]);
    const english = { ...recording, classification: "Sinus Rhythm" };
    expect(folded({ data: { ecg: [english] } }).items("ecgs")).toMatchObject([{ classification: 1 }]);
  });
});

// Notifications are unlike their documentation.
it("notifications about the heart are kept in both of their forms", () => {
  const [start, end] = ["2026-01-10 06:48:37 +0100", "2026-01-10 06:58:37 +0100"];
  const documented = { start, end, heartRate: [{ hr: 44, units: "bpm", timestamp: { start, end } }] };
  const real = {
    heartNotification: "low_heart_rate_notification",
    threshold: 45,
    start,
    end,
    heartRateData: [{ date: 1_768_024_117, qty: 44, source: { name: "Apple Watch" } }],
  };
  const entries = folded({ data: { heartRateNotifications: [documented, real] } });
  const kept = entries.items("journal").map(({ fields }) => Object.keys(fields));
  expect(kept).toHaveLength(2);
  expect(kept).toContainEqual(["start", "end", "heart_rate"]);
  expect(kept).toContainEqual(["heart_notification", "threshold", "start", "end", "heart_rate_data"]);
  expect(entries.unread).toMatchObject({ value: {}, unreadable: [] });
});

it("a state of mind has its id, and its fields in snake_case", () => {
  const state = {
    id: "0000000A-0000-4000-8000-000000000011",
    start: "2026-01-10T20:00:00Z",
    kind: "momentary_emotion",
    valence: 0.32,
    valenceClassification: "slightly_pleasant",
    labels: ["calm"],
  };
  expect(folded({ data: { stateOfMind: [state, { kind: "daily_mood" }] } }).items("journal")).toMatchObject([
    {
      uuid: "0000000a-0000-4000-8000-000000000011",
      fields: { valence: 0.32, valence_classification: "slightly_pleasant", labels: ["calm"] },
    },
  ]);
});
