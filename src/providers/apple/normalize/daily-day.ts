/** Everything of one local day that its record is made of, and its merged figures. */
import { hourMs } from "../../kit/iso-time.ts";
import { lengthMs } from "../healthkit/interval.ts";
import type { Sample } from "../healthkit/sample.ts";
import type { Share } from "../healthkit/share.ts";
import { DayItems } from "./day-items.ts";
import { numberOf } from "./readings.ts";
import type { RecordParts } from "./record-parts.ts";
import { hasFigures } from "./rings.ts";
import { sumOfShares } from "./share-sums.ts";
import { carriedOfDay, carriedSums, dailyReadings, dailySums, standHour, symptoms } from "./type-homes.ts";

export function dayOf(date: string, parts: RecordParts) {
  const day = new DayItems(date, parts);
  const sums = Object.fromEntries(
    Object.entries(dailySums).map(([name, type]) => [name, day.shares(type)]),
  ) as Record<keyof typeof dailySums, Share[]>;
  const rings = parts.items("activity-summaries").find((one) => one.date === date);
  return {
    day,
    sums,
    otherSums: carriedSums.map((type) => ({ type, shares: day.shares(type) })),
    readings: dailyReadings.flatMap((type) => day.samples(type)),
    carried: [
      ...carriedOfDay.flatMap((type) => day.samples(type)),
      ...day.ofManyDays([...Object.values(dailySums), ...carriedSums]),
    ],
    symptoms: [...symptoms.keys()].flatMap((type) => day.samples(type)),
    journal: day.of(parts.items("journal").map((entry) => ({ ...entry, zone: null }))),
    rings: hasFigures(rings) ? rings : undefined,
  };
}

export type Day = ReturnType<typeof dayOf>;

export const samplesOf = ({ sums, otherSums, readings, carried, symptoms }: Day): Sample[] => [
  ...[...Object.values(sums), ...otherSums.map(({ shares }) => shares)].flat().map(({ sample }) => sample),
  ...readings,
  ...carried,
  ...symptoms,
];

/** Sources that average over minutes write fractions of steps. */
export const wholeSum = (shares: readonly Share[]): number | null => {
  const sum = sumOfShares(shares);
  return sum === null ? null : Math.round(sum);
};

/** Several sources tell the same hour. Where a format counts the hours of a day itself, its count is in `qty`. */
function standHours(samples: readonly Sample[]): number | null {
  if (samples.length === 0) return null;
  const stood = samples.filter(({ value }) => value === stoodValue);
  const [counts, hours] = [
    stood.filter((one) => lengthMs(one) > hourMs),
    stood.filter((one) => lengthMs(one) <= hourMs),
  ];
  const counted = counts.map(({ metadata }) => numberOf(metadata.qty) ?? 0);
  return Math.max(new Set(hours.map(({ startMs }) => Math.floor(startMs / hourMs))).size, ...counted);
}

/** HKCategoryValueAppleStandHour: 0 stood, 1 idle. */
const stoodValue = 0;

export function figuresOf({ day, sums }: Day) {
  return {
    activeEnergyKcal: sumOfShares(sums.activeEnergy),
    exerciseSeconds: sumOfShares(sums.exercise),
    standHours: standHours(day.samples(standHour)),
  };
}
