import { complete, UploadType } from "../../../models/index.ts";
import type { Normalizer, Part } from "../../provider.ts";
import type { Sample } from "../healthkit/sample.ts";
import { type Day, dayOf, figuresOf, samplesOf } from "./daily-day.ts";
import { dayHeartRate } from "./daily-heart.ts";
import { calories, distance, efforts, tagsOf, toldJournal } from "./daily-sections.ts";
import { devicesOf, isThirdParty } from "./devices.ts";
import { possibleDatesOf, utcDaysOf } from "./local-clock.ts";
import { type RecordDay, recordDay } from "./local-day.ts";
import { oxygenOf } from "./oxygen.ts";
import { beside, carriedSamples, unitOf } from "./provider-data.ts";
import { dayRefs, isGrowing, needsOf, RecordParts, settingsRef, typeOfPart } from "./record-parts.ts";
import { differences, type MergedFigures, onlyInRings, toldRings, withRings } from "./rings.ts";
import { sumOfShares } from "./share-sums.ts";
import { carriedOfDay, carriedSums, dailyReadings, dailySums, symptoms } from "./type-homes.ts";

/** A day is manual as soon as any of its data was typed in. */
function uploadType(samples: readonly Sample[]): UploadType {
  if (samples.some(({ isUserEntered }) => isUserEntered)) return UploadType.Manual;
  const isForeign = samples.length > 0 && samples.every(({ source }) => isThirdParty(source));
  return isForeign ? UploadType.ThirdParty : UploadType.Automatic;
}

/** Returns the facts that Daily has no field for. */
function told(given: Day, merged: MergedFigures, clock: RecordDay["clock"]) {
  const { day, otherSums, rings, carried } = given;
  return {
    clock,
    totals: otherSums.flatMap(({ type, shares }) => {
      const value = sumOfShares(shares);
      return value === null ? [] : [{ type, value, unit: unitOf(type) }];
    }),
    rings: toldRings(rings),
    differs_from_rings: differences(merged, rings),
    taken_from_rings: onlyInRings(merged, rings),
    samples: { samples: carriedSamples(carried, day.clockOf) },
    journal: toldJournal(given),
  };
}

function normalizeDay(date: string, parts: RecordParts): object | null {
  const given = dayOf(date, parts);
  const samples = samplesOf(given);
  const { day, sums, rings, journal } = given;
  if (samples.length === 0 && journal.length === 0 && rings === undefined) return null;
  // The journal's times are in UTC in some versions, so they are used only where there is nothing else.
  const { metadata, clock } = recordDay(date, samples.length > 0 ? samples : journal, day.clockOf);
  const merged = figuresOf(given);
  const figures = withRings(merged, rings);
  const daily = complete("daily", {
    metadata: { ...metadata, upload_type: uploadType(samples) },
    device_data: devicesOf(
      samples.map(({ source }) => source),
      parts.settings.priority,
    ),
    heart_rate_data: dayHeartRate(day),
    calories_data: calories(given, figures.activeEnergyKcal),
    active_durations_data: {
      activity_seconds: figures.exerciseSeconds,
      standing_seconds: sumOfShares(sums.standing),
      standing_hours_count: figures.standHours,
    },
    MET_data: efforts(given),
    oxygen_data: oxygenOf(day),
    distance_data: distance(given),
    tag_data: { tags: tagsOf(given) },
  });
  return beside(daily, told(given, merged, clock));
}

const typesOfDay: ReadonlySet<string> = new Set([
  ...Object.values(dailySums),
  ...carriedSums,
  ...dailyReadings,
  ...carriedOfDay,
  ...symptoms.keys(),
]);

/** Returns the dates that a part's items can have. */
function datesOf(part: Part): readonly string[] {
  if (isGrowing("activity-summaries", part)) return [part.key];
  if (isGrowing("samples", part)) {
    return typesOfDay.has(typeOfPart(part)) ? possibleDatesOf(part.value) : [];
  }
  if (!isGrowing("journal", part)) return [];
  return possibleDatesOf(part.value.map((entry) => ({ ...entry, zone: null })));
}

export const dailyNormalizer: Normalizer = {
  type: "daily",
  needs: needsOf("samples", "activity-summaries", "journal"),
  affects: (part) => datesOf(part).map((naturalKey) => ({ type: "daily", naturalKey })),
  partsOf: (date) => [
    settingsRef,
    { resource: "activity-summaries", key: date },
    ...dayRefs(utcDaysOf(date), "journal"),
    ...utcDaysOf(date).map((day) => ({ resource: "samples", key: `${day}/`, prefix: true as const })),
  ],
  normalize: (parts, date) => normalizeDay(date, new RecordParts(parts)),
};
