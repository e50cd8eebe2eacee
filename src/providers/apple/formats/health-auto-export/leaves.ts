/** The leaves of Health Auto Export's bodies: those that the reader uses, and those that it knows and leaves. */
import { ignored, type Ledger } from "../../../ledger.ts";
import { quantityMetrics } from "./metric-names.ts";
import { otherMetrics } from "./other-metrics.ts";
import { sleepMetric } from "./sleep.ts";
import { metadataFields } from "./workout-metadata.ts";
import { seriesNames } from "./workout-series.ts";

/** The leaves that no record needs. */
const unused: Ledger = {
  "data.workouts[].heartRateRecovery": ignored(
    "the heart rate of the minutes after the workout: the metric heart_rate has it",
  ),
  "data.workouts[].route[].courseAccuracy": ignored("Terra has no accuracy of a course"),
  "data.workouts[].route[].speedAccuracy": ignored("Terra has no accuracy of a speed"),
  "data.ecg[].numberOfVoltageMeasurements": ignored("the length of the list beside it"),
  "data.ecg[].voltageMeasurements[].date": ignored("follows from the start and the sampling frequency"),
};

const read = ignored("read into parts of their own, whose ledgers say what becomes of it");
const all = (at: string, names: readonly string[]): Ledger =>
  Object.fromEntries(names.map((name) => [`${at}${name}`, read]));

const values = [
  ...["date", "start", "end", "startDate", "endDate", "source", "qty", "Min", "Avg", "Max", "value"],
  ...["systolic", "diastolic", "mealTime", "reason"],
  ...["Unspecified", "Protection Used", "Protection Not Used"],
  ...["totalSleep", "asleep", "core", "deep", "rem", "awake", "inBed"],
  ...["sleepStart", "sleepEnd", "inBedStart", "inBedEnd", "sleepSource", "inBedSource"],
];

/** A metric is known by its name; what stands in it is the same for all. */
const metrics: Ledger = {
  "data.metrics[].units": read,
  ...all("data.metrics[].data[].", values),
  ...Object.fromEntries(
    [...quantityMetrics, "blood_pressure", ...otherMetrics, sleepMetric].map((name) => [
      `data.metrics[name=${name}].name`,
      read,
    ]),
  ),
};

const quantities = [
  ...["activeEnergyBurned", "totalEnergy", "distance", "flightsClimbed", "totalSwimmingStrokeCount"],
  ...["avgHeartRate", "maxHeartRate"],
  ...metadataFields,
];

function workouts(at: string): Ledger {
  const series = ["date", "start", "end", "qty", "Min", "Avg", "Max", "units", "source"];
  return {
    ...all(at, ["id", "name", "start", "end", "duration", "isIndoor", "heartRate", "metadata", "elevation"]),
    ...all(at, quantities),
    ...Object.fromEntries(seriesNames.flatMap((name) => Object.entries(all(`${at}${name}[].`, series)))),
    // Version 1 has a sum where version 2 has a series.
    ...all(`${at}stepCount.`, ["qty", "units"]),
    ...all(`${at}activeEnergy.`, ["qty", "units"]),
    ...all(`${at}route[].`, [
      ...["latitude", "longitude", "lat", "lon", "altitude", "timestamp", "speed", "course"],
      ...["horizontalAccuracy", "verticalAccuracy"],
    ]),
  };
}

const recordings: Ledger = {
  ...all("data.ecg[].", ["start", "end", "classification", "severity", "averageHeartRate"]),
  ...all("data.ecg[].", ["samplingFrequency", "source"]),
  ...all("data.ecg[].voltageMeasurements[].", ["voltage", "units"]),
};

/** Of entries that are kept as they are written, every leaf is read. */
const journal = all("data.", ["stateOfMind", "medications", "symptoms", "heartRateNotifications"]);

/** Every leaf that is known, whatever becomes of it. */
export const healthAutoExportLedger: Ledger = {
  ...metrics,
  ...workouts("data.workouts[]."),
  ...workouts("workouts[]."),
  ...recordings,
  ...journal,
  ...all("data.cycleTracking[].", ["name", "value", "start", "end", "date", "source"]),
  ...unused,
};
