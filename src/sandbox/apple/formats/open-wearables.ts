/** The body of the open-wearables SDK for iOS: UTC times, the zone's offset only where HealthKit knows the zone. */
import {
  category,
  type Day,
  type Device,
  type Fact,
  quantity,
  type Sample,
  type Workout,
} from "../generate/facts.ts";
import { quantities, times } from "./quantities.ts";
import { offsetText, utcTime } from "./times.ts";

const sleepType = category("SleepAnalysis");
/** By HealthKit's number. */
const stages = ["in_bed", "sleeping", "awake", "light", "deep", "rem"];

/** The SDK knows neither routes, events, correlations, rings, beats nor ECGs. */
export function openWearablesBody(days: readonly Day[], now: number): object {
  const samples = days.flatMap((day) => day.samples);
  return {
    provider: "apple",
    sdkVersion: "0.14.0",
    syncTimestamp: utcTime(now),
    data: {
      records: samples.filter(({ type }) => type !== sleepType).map(recordOf),
      sleep: samples.filter(({ type }) => type === sleepType).map(stageOf),
      workouts: days.flatMap(({ workouts }) => workouts.map(workoutOf)),
    },
  };
}

const commonOf = ({ uuid, startMs, endMs, device, metadata }: Fact) => ({
  id: uuid,
  parentId: null,
  startDate: utcTime(startMs),
  endDate: utcTime(endMs),
  zoneOffset: metadata.HKTimeZone === undefined ? null : offsetText(metadata.HKTimeZone, startMs),
  source: sourceOf(device, metadata.HKWasUserEntered === "1"),
});

function sourceOf({ bundleId, hardware, productType, version }: Device, isByHand: boolean): object {
  const [majorVersion = 0, minorVersion = 0] = version.split(".").map(Number);
  return {
    appId: bundleId,
    deviceId: null,
    deviceName: hardware?.name ?? null,
    deviceManufacturer: hardware === null ? null : "Apple Inc.",
    deviceModel: hardware === null ? null : productType,
    deviceType: hardware === null ? null : hardware.model === "Watch" ? "watch" : "phone",
    recordingMethod: isByHand ? "manual" : "automatic",
    deviceHardwareVersion: hardware === null ? null : productType,
    deviceSoftwareVersion: version,
    operatingSystemVersion: { majorVersion, minorVersion, patchVersion: 0 },
  };
}

const metadataOf = ({ metadata }: Fact): object | null =>
  Object.keys(metadata).length === 0 ? null : { ...metadata };

function recordOf(sample: Sample): object {
  const written = quantities.get(sample.type)?.openWearables;
  return {
    ...commonOf(sample),
    type: sample.type,
    value: written === undefined ? sample.value : times(sample.value, written.factor),
    unit: written?.unit ?? null,
    metadata: metadataOf(sample),
  };
}

const stageOf = (sample: Sample): object => ({
  ...commonOf(sample),
  stage: stages[sample.value] ?? "unknown",
  values: null,
  metadata: null,
});

function workoutOf(workout: Workout): object {
  return {
    ...commonOf(workout),
    type: workout.activity.openWearables,
    title: null,
    notes: null,
    values: figuresOf(workout),
    segments: null,
    laps: null,
    route: null,
    samples: null,
    metadata: metadataOf(workout),
  };
}

/** By the type of a statistic, the SDK's name for its sum. */
const sums: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  ActiveEnergyBurned: ["activeEnergyBurned", "kcal"],
  BasalEnergyBurned: ["basalEnergyBurned", "kcal"],
  StepCount: ["stepCount", "count"],
  DistanceWalkingRunning: ["distance", "m"],
  DistanceCycling: ["distance", "m"],
  DistanceSwimming: ["distance", "m"],
  SwimmingStrokeCount: ["swimmingStrokeCount", "count"],
};

function figuresOf({ durationSeconds, isIndoor, statistics }: Workout): object[] {
  const told: object[] = [
    { type: "duration", value: durationSeconds, unit: "s" },
    { type: "indoorWorkout", value: isIndoor ? 1 : 0, unit: "bool" },
  ];
  for (const { type, sum, average, minimum, maximum } of statistics) {
    const [name, unit] = sums[type] ?? [];
    const factor = quantities.get(quantity(type))?.openWearables.factor ?? 1;
    if (name !== undefined && sum !== undefined) told.push({ type: name, value: times(sum, factor), unit });
    if (type !== "HeartRate") continue;
    told.push(
      { type: "averageHeartRate", value: average, unit: "bpm" },
      { type: "minHeartRate", value: minimum, unit: "bpm" },
      { type: "maxHeartRate", value: maximum, unit: "bpm" },
    );
  }
  return told;
}
