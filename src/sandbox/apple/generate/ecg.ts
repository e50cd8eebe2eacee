/** An electrocardiogram of thirty seconds, taken about every other week. */

import { daysBetween } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import { watch } from "./devices.ts";
import type { Ecg } from "./facts.ts";
import { inZone, uuidOf } from "./family.ts";
import { instantAt, SECOND } from "./local-time.ts";
import type { Wearer } from "./person.ts";

const samplingHz = 512;
const seconds = 30;

/** The waves of a beat: where each stands in the beat, how wide it is, and its microvolts. */
const waves = [
  { at: 0.18, width: 0.025, microvolts: 90 },
  { at: 0.28, width: 0.009, microvolts: -70 },
  { at: 0.3, width: 0.011, microvolts: 820 },
  { at: 0.33, width: 0.01, microvolts: -160 },
  { at: 0.55, width: 0.05, microvolts: 210 },
];

export function ecgsOn(wearer: Wearer, date: string): Ecg[] {
  if (daysBetween("2020-01-01", date) % 13 !== wearer.seed % 13) return [];
  const random = new Random(wearer.seed, date, "ecg");
  const startMs = instantAt(wearer.zone, date, 20 * 60 + random.int(0, 25));
  const bpm = wearer.restingHr + random.int(6, 14);
  return [
    {
      uuid: uuidOf(wearer, "ecg", startMs),
      startMs,
      endMs: startMs + seconds * SECOND,
      device: watch,
      metadata: inZone(wearer),
      classification: 1,
      averageHeartRate: bpm,
      samplingHz,
      microvolts: Array.from({ length: samplingHz * seconds }, (_, index) =>
        microvoltsAt(((index / samplingHz) * bpm) / 60, random),
      ),
    },
  ];
}

function microvoltsAt(beat: number, random: Random): number {
  const phase = beat % 1;
  const signal = waves.reduce(
    (sum, { at, width, microvolts }) => sum + microvolts * Math.exp(-(((phase - at) / width) ** 2) / 2),
    0,
  );
  return Number((signal + 6 * random.normal()).toFixed(3));
}
