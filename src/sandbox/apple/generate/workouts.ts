/** A workout with its statistics, taken from the samples of its time, its events and, outside, its route. */
import { mean, Random } from "../../kit/random.ts";
import { watch } from "./devices.ts";
import {
  quantity,
  type RoutePoint,
  type Sample,
  type Statistic,
  type Workout,
  type WorkoutEvent,
} from "./facts.ts";
import { inZone, rounded, uuidOf } from "./family.ts";
import { SECOND } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import { isIn, type Session, sessionOf } from "./plan.ts";

/** The Watch writes a point a second; every fourth is enough to draw a line. */
const pointMs = 4 * SECOND;
const metresOfDegree = 111_320;

/** @param samples those of the day */
export function workoutsOn(wearer: Wearer, date: string, samples: readonly Sample[]): Workout[] {
  const session = sessionOf(wearer, date);
  if (session === null) return [];
  const { startMs, endMs, kind, pause } = session;
  const within = samples.filter(
    (one) => one.device === watch && one.startMs >= startMs && one.startMs < endMs,
  );
  const pausedMs = pause === null ? 0 : pause.endMs - pause.startMs;
  return [
    {
      uuid: uuidOf(wearer, "workout", startMs),
      startMs,
      endMs,
      device: watch,
      metadata: metadataOf(wearer, session),
      activity: kind.activity,
      isIndoor: kind.isIndoor,
      durationSeconds: (endMs - startMs - pausedMs) / SECOND,
      events: eventsOf(session),
      statistics: statisticsOf(within),
      route: kind.isIndoor || kind.distanceType === null ? [] : routeOf(wearer, session),
      samples: within,
    },
  ];
}

/** Values as HealthKit's own text has them. The humidity is hundredfold, as phones write it since 2026. */
function metadataOf(wearer: Wearer, { kind, startMs }: Session): Workout["metadata"] {
  const random = new Random(wearer.seed, startMs, "weather");
  const pool = kind.distanceType === "DistanceSwimming";
  return {
    ...inZone(wearer),
    HKIndoorWorkout: kind.isIndoor ? "1" : "0",
    HKAverageMETs: `${rounded(1 + 11 * kind.effort, 4)} kcal/hr·kg`,
    ...(pool && { HKSwimmingLocationType: "1", HKLapLength: "25 m" }),
    ...(!kind.isIndoor && {
      HKWeatherTemperature: `${random.int(38, 66)} degF`,
      HKWeatherHumidity: `${random.int(45, 90) * 100} %`,
      HKElevationAscended: `${random.int(1_200, 9_800)} cm`,
    }),
  };
}

/** The pause, and a segment for each kilometre, which is no lap. */
function eventsOf({ startMs, endMs, pause, kind }: Session): WorkoutEvent[] {
  const events: WorkoutEvent[] = [];
  const kilometreMs = kind.speed === 0 ? Number.POSITIVE_INFINITY : (1_000 / kind.speed) * SECOND;
  if (kind.distanceType !== "DistanceSwimming")
    for (let from = startMs; from + kilometreMs <= endMs; from += kilometreMs)
      events.push({ type: 7, startMs: whole(from), endMs: whole(from + kilometreMs) });
  if (pause !== null)
    events.push(
      { type: 1, startMs: pause.startMs, endMs: pause.startMs },
      { type: 2, startMs: pause.endMs, endMs: pause.endMs },
    );
  return events.toSorted((one, other) => one.startMs - other.startMs);
}

const whole = (ms: number): number => Math.round(ms / SECOND) * SECOND;

const summed = [
  ...["ActiveEnergyBurned", "BasalEnergyBurned", "StepCount"],
  ...["DistanceWalkingRunning", "DistanceCycling", "DistanceSwimming", "SwimmingStrokeCount"],
];

function statisticsOf(within: readonly Sample[]): Statistic[] {
  const values = (name: string): number[] =>
    within.filter(({ type }) => type === quantity(name)).map(({ value }) => value);
  const rates = values("HeartRate");
  const sums = summed.flatMap((type) => {
    const found = values(type);
    return found.length === 0
      ? []
      : [
          {
            type,
            sum: rounded(
              found.reduce((sum, one) => sum + one, 0),
              6,
            ),
          },
        ];
  });
  const heart = {
    type: "HeartRate",
    average: rounded(mean(rates), 3),
    minimum: Math.min(...rates),
    maximum: Math.max(...rates),
  };
  return [...sums, heart];
}

/** Returns a loop that leaves home in one direction and comes back. */
function routeOf(wearer: Wearer, session: Session): RoutePoint[] {
  const random = new Random(wearer.seed, session.startMs, "route");
  const first = random.between(0, 360);
  const total = session.endMs - session.startMs;
  let { latitude, longitude } = wearer.home;
  const points: RoutePoint[] = [];
  for (let atMs = session.startMs + SECOND; atMs < session.endMs; atMs += pointMs) {
    const course = (first + (360 * (atMs - session.startMs)) / total) % 360;
    const speed = isIn(session.pause, atMs) ? 0 : session.kind.speed * (1 + 0.05 * random.normal());
    const metres = (speed * pointMs) / SECOND;
    const turned = (course * Math.PI) / 180;
    latitude += (metres * Math.cos(turned)) / metresOfDegree;
    longitude += (metres * Math.sin(turned)) / (metresOfDegree * Math.cos((latitude * Math.PI) / 180));
    const altitude = rounded(24 + 9 * Math.sin((6 * Math.PI * (atMs - session.startMs)) / total), 2);
    points.push({
      atMs,
      latitude: rounded(latitude, 6),
      longitude: rounded(longitude, 6),
      altitude,
      speed: rounded(speed, 3),
      course: rounded(course, 1),
    });
  }
  return points;
}
