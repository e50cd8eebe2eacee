/** Heart rate and SpO₂ through a day. Rows begin with their instant in UTC. */
import { clamp, mean, Random, wandering } from "../../kit/random.ts";
import { bounds, type Day, endOfDay, hour, isoText, minute, rounded, utcOf } from "./plan.ts";

function rateAt(day: Day, at: number): number {
  const { workout, restingHeartRate } = day;
  if (at < day.wakeUp) return restingHeartRate + 4;
  if (workout !== null && at >= workout.start && at < workout.start + workout.minutes * minute) return 138;
  return restingHeartRate + 22;
}

/** Every two minutes; null where the device was not worn. */
export function heartRateBody(day: Day): object {
  const random = new Random(...day.key, "heart rate");
  const wander = wandering(random, 0.1, 2);
  const rows: (readonly [number, number | null])[] = [];
  for (let at = day.midnight; at < endOfDay(day); at += 2 * minute) {
    const bpm = Math.round(clamp(rateAt(day, at) + wander(), 40, 185));
    rows.push([utcOf(day, at), random.chance(0.01) ? null : bpm]);
  }
  const known = rows.flatMap(([, bpm]) => bpm ?? []);
  return {
    userProfilePK: day.person,
    calendarDate: day.date,
    ...bounds(day, day.midnight, endOfDay(day)),
    maxHeartRate: known.length === 0 ? null : Math.max(...known),
    minHeartRate: known.length === 0 ? null : Math.min(...known),
    restingHeartRate: day.restingHeartRate,
    lastSevenDaysAvgRestingHeartRate: 51,
    abnormalHrThresholdValue: 120,
    lowAbnormalHrThresholdValue: 40,
    abnormalHRValuesArray: [],
    heartRateValueDescriptors: [
      { key: "timestamp", index: 0 },
      { key: "heartrate", index: 1 },
    ],
    heartRateValues: rows,
  };
}

/** Readings of the night, each five minutes, and their means by the hour. */
export function spo2Body(day: Day): object {
  const random = new Random(...day.key, "spo2");
  const rows: (readonly [number, number, number])[] = [];
  for (let at = day.midnight; at < day.wakeUp; at += 5 * minute)
    rows.push([utcOf(day, at), random.int(91, 99), random.int(1, 3)]);
  const values = rows.map(([, value]) => value);
  const [start, end] = [day.bedtime, day.wakeUp];
  return {
    userProfilePK: day.person,
    calendarDate: day.date,
    ...bounds(day, day.midnight, endOfDay(day)),
    sleepStartTimestampGMT: isoText(utcOf(day, start)),
    sleepEndTimestampGMT: isoText(utcOf(day, end)),
    sleepStartTimestampLocal: isoText(start),
    sleepEndTimestampLocal: isoText(end),
    tomorrowSleepStartTimestampGMT: null,
    tomorrowSleepEndTimestampGMT: null,
    tomorrowSleepStartTimestampLocal: null,
    tomorrowSleepEndTimestampLocal: null,
    averageSpO2: rounded(mean(values), 1),
    lowestSpO2: Math.min(...values),
    lastSevenDaysAvgSpO2: 95.4,
    latestSpO2: values.at(-1),
    latestSpO2TimestampGMT: isoText(utcOf(day, end)),
    latestSpO2TimestampLocal: isoText(end),
    avgSleepSpO2: rounded(mean(values), 1),
    avgTomorrowSleepSpO2: null,
    spO2SingleValuesDescriptorList: [
      { spo2ValueDescriptorIndex: 0, spo2ValueDescriptorKey: "timestamp" },
      { spo2ValueDescriptorIndex: 1, spo2ValueDescriptorKey: "spo2Reading" },
      { spo2ValueDescriptorIndex: 2, spo2ValueDescriptorKey: "readingConfidence" },
    ],
    spO2SingleValues: rows,
    spO2HourlyAveragesDescriptorList: [
      { spo2ValueDescIndex: 0, spo2ValueDescKey: "startTimestampGmt" },
      { spo2ValueDescIndex: 1, spo2ValueDescKey: "spo2Value" },
    ],
    spO2HourlyAverages: hourly(rows),
    monitoringEnvironmentValuesDescriptorList: [
      { monEnvValueDescIndex: 0, monEnvValueDescKey: "startTimestampGmt" },
      { monEnvValueDescIndex: 1, monEnvValueDescKey: "elevation" },
    ],
    monitoringEnvironmentValues: [[utcOf(day, day.midnight), 112]],
  };
}

function hourly(rows: readonly (readonly [number, number, number])[]): (readonly [number, number])[] {
  const byHour = Map.groupBy(rows, ([at]) => Math.floor(at / hour) * hour);
  return [...byHour].map(([at, inside]) => [at, Math.round(mean(inside.map(([, value]) => value)))] as const);
}
