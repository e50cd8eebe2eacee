/** Sleep: stages by the Watch, time in bed by the phone's schedule, and what is measured only at night. */
import { addDays } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import { phone, watch } from "./devices.ts";
import { category, quantity, type Sample } from "./facts.ts";
import { type Family, inZone, rounded, sampleOf } from "./family.ts";
import { dateAt, MINUTE } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import { napOf, nightOf, type Span } from "./plan.ts";

/** HKCategoryValueSleepAnalysis. */
const stages = { inBed: 0, unspecified: 1, awake: 2, core: 3, deep: 4, rem: 5 } as const;
const sleepType = category("SleepAnalysis");
/** From waking to leaving the bed. */
const upMs = 4 * MINUTE;

/** Returns the stages of a night: cycles of about 90 minutes, deep sleep mostly first, more REM towards the morning. */
function stagesOf(wearer: Wearer, { startMs, endMs }: Span): Sample[] {
  const random = new Random(wearer.seed, startMs, "stages");
  const samples: Sample[] = [];
  let from = startMs;
  const add = (value: number, minutes: number): void => {
    const to = Math.min(endMs, from + Math.max(1, Math.round(minutes * 2)) * 30_000);
    if (to <= from) return;
    samples.push(stageOf(wearer, value, { startMs: from, endMs: to }));
    from = to;
  };
  for (let cycle = 0; from < endMs; cycle += 1) {
    add(stages.core, random.between(8, 22));
    if (cycle < 4) add(stages.deep, random.between(22, 34) - 7 * cycle);
    add(stages.core, random.between(16, 30) + 5 * cycle);
    add(stages.rem, random.between(6, 12) + 8 * cycle);
    if (from < endMs - 20 * MINUTE) add(stages.awake, random.between(1, 5));
  }
  return samples;
}

const stageOf = (wearer: Wearer, value: number, span: Span): Sample =>
  sampleOf(wearer, { ...span, type: sleepType, device: watch, value, metadata: inZone(wearer) });

export const sleep: Family = {
  types: [sleepType],
  // Stages are computed when the person is up.
  writtenAt: (wearer, date) => nightOf(wearer, date).endMs + upMs,
  samplesOn(wearer, date) {
    const night = nightOf(wearer, date);
    const nap = napOf(wearer, date);
    const inBed = { startMs: night.startMs - 11 * MINUTE, endMs: night.endMs + upMs };
    return [
      sampleOf(wearer, {
        ...inBed,
        type: sleepType,
        device: phone,
        value: stages.inBed,
        metadata: inZone(wearer),
      }),
      ...stagesOf(wearer, night),
      ...(nap === null ? [] : [stageOf(wearer, stages.unspecified, nap)]),
    ];
  },
};

/** A night has two dates; each of its measurements belongs to the one on which it is taken. */
export const breathing: Family = {
  types: ["RespiratoryRate", "OxygenSaturation", "AppleSleepingWristTemperature"].map(quantity),
  samplesOn: (wearer, date) =>
    [date, addDays(date, 1)]
      .flatMap((waking) => ofNight(wearer, waking))
      .filter(({ startMs }) => dateAt(wearer.zone, startMs) === date),
};

function ofNight(wearer: Wearer, date: string): Sample[] {
  const night = nightOf(wearer, date);
  const random = new Random(wearer.seed, date, "breathing");
  const samples: Sample[] = [];
  for (let startMs = night.startMs + 10 * MINUTE; startMs < night.endMs - MINUTE; startMs += 14 * MINUTE) {
    const breaths = {
      type: quantity("RespiratoryRate"),
      endMs: startMs + MINUTE,
      value: rounded(wearer.breathsPerMinute + random.between(-1.5, 1.5), 1),
    };
    const oxygen = {
      type: quantity("OxygenSaturation"),
      endMs: startMs + 15_000,
      value: Math.min(1, rounded(0.965 + 0.01 * random.normal(), 2)),
      metadata: { HKMetadataKeyBarometricPressure: "100.4 kPa" },
    };
    for (const one of [breaths, oxygen]) samples.push(sampleOf(wearer, { ...one, device: watch, startMs }));
  }
  return [...samples, wristTemperature(wearer, night, random)];
}

/** One absolute value for the whole night. */
const wristTemperature = (wearer: Wearer, night: Span, random: Random): Sample =>
  sampleOf(wearer, {
    ...night,
    type: quantity("AppleSleepingWristTemperature"),
    device: watch,
    value: rounded(wearer.wristTemperature + 0.15 * random.normal(), 3),
    metadata: inZone(wearer),
  });
