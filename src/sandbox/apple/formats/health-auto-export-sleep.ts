/** `sleep_analysis`: in version 2 a row for each stage, in version 1 a row of sums for each night. */
import { watch } from "../generate/devices.ts";
import type { Sample } from "../generate/facts.ts";
import { HOUR } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { spacedTime } from "./times.ts";

/** By HealthKit's number. */
const words = ["In Bed", "Asleep", "Awake", "Core", "Deep", "REM"];
const awake = 2;

const hours = ({ startMs, endMs }: Pick<Sample, "startMs" | "endMs">): number =>
  Number(((endMs - startMs) / HOUR).toFixed(6));

export const sleepRows = (wearer: Wearer, samples: readonly Sample[], version: 1 | 2): object[] =>
  version === 1 ? nights(wearer, samples) : samples.map((sample) => segment(wearer, sample));

const segment = ({ zone }: Wearer, sample: Sample): object => ({
  startDate: spacedTime(zone, sample.startMs),
  endDate: spacedTime(zone, sample.endMs),
  qty: hours(sample),
  value: words[sample.value],
  source: sample.device.name,
  date: null,
});

/** The app's sums of a night begin with its time in bed; a nap has none, and is left out. */
function nights({ zone }: Wearer, samples: readonly Sample[]): object[] {
  return samples
    .filter(({ value }) => value === 0)
    .flatMap((inBed) => {
      const within = samples.filter(
        (one) => one.device === watch && one.startMs >= inBed.startMs && one.endMs <= inBed.endMs,
      );
      const asleep = within.filter(({ value }) => value !== awake);
      const [first, last] = [asleep.at(0), asleep.at(-1)];
      if (first === undefined || last === undefined) return [];
      return [
        {
          date: spacedTime(zone, inBed.startMs),
          asleep: Number(asleep.reduce((sum, one) => sum + hours(one), 0).toFixed(6)),
          inBed: hours(inBed),
          sleepStart: spacedTime(zone, first.startMs),
          sleepEnd: spacedTime(zone, last.endMs),
          inBedStart: spacedTime(zone, inBed.startMs),
          inBedEnd: spacedTime(zone, inBed.endMs),
          sleepSource: first.device.name,
          inBedSource: inBed.device.name,
        },
      ];
    });
}
