/** The neutral body: HealthKit's samples under its own identifiers, on the person's own clock. */
import type { Day, Fact, Sample, Workout } from "../generate/facts.ts";
import { quantity } from "../generate/facts.ts";
import type { Wearer } from "../generate/person.ts";
import { quantities } from "./quantities.ts";
import { localTime, utcTime } from "./times.ts";

/** It has no place for correlations, rings, beats and ECGs: meals arrive as their nutrients. */
export function healthKitBody(wearer: Wearer, days: readonly Day[]): object {
  return {
    samples: days.flatMap(({ samples }) => samples.map((sample) => sampleOf(wearer, sample))),
    workouts: days.flatMap(({ workouts }) => workouts.map((workout) => workoutOf(wearer, workout))),
    characteristics: { sex: wearer.sex, birth_date: wearer.birthDate },
  };
}

const commonOf = ({ zone }: Wearer, { uuid, startMs, endMs, device, metadata }: Fact) => {
  const { HKTimeZone = null, ...others } = metadata;
  return {
    uuid,
    start: localTime(zone, startMs),
    end: localTime(zone, endMs),
    ...(HKTimeZone !== null && { zone: HKTimeZone }),
    source: { name: device.name, bundle_id: device.bundleId, product_type: device.productType },
    ...(Object.keys(others).length > 0 && { metadata: others }),
  };
};

function sampleOf(wearer: Wearer, sample: Sample): object {
  const { type, value } = sample;
  const unit = quantities.get(type)?.unit;
  return { type, ...commonOf(wearer, sample), value, ...(unit !== undefined && { unit }) };
}

function workoutOf(wearer: Wearer, workout: Workout): object {
  return {
    type: workout.activity.number,
    ...commonOf(wearer, workout),
    duration_seconds: workout.durationSeconds,
    statistics: workout.statistics.map(({ type, ...figures }) => ({
      type: quantity(type),
      unit: quantities.get(quantity(type))?.unit,
      ...figures,
    })),
    events: workout.events.map(({ type, startMs, endMs }) => ({
      type,
      start: utcTime(startMs),
      end: utcTime(endMs),
    })),
    route: workout.route.map(({ atMs, ...place }) => ({
      at: utcTime(atMs),
      ...place,
      horizontal_accuracy: 4.2,
      vertical_accuracy: 3.1,
    })),
  };
}
