import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { average, type Exercise, GeneratedWorld, seconds } from "../testing/generated.ts";

let made: GeneratedWorld;
let exercises: Exercise[];
beforeAll(async () => {
  made = await GeneratedWorld.start();
  exercises = await made.exercises();
});
afterAll(() => made.close());

const series = (exercise: Exercise, type: number) =>
  exercise.samples
    .find((sample) => sample.sample_type === type)
    ?.data.split(",")
    .map(Number) ?? [];

describe("exercises", () => {
  test("several a week, of several kinds", () => {
    expect(exercises.length).toBeGreaterThanOrEqual(20);
    const kinds = new Set(exercises.map((exercise) => exercise.detailed_sport_info));
    expect([...kinds].sort()).toEqual([
      "POOL_SWIMMING",
      "ROAD_BIKING",
      "RUNNING",
      "STRENGTH_TRAINING",
      "WALKING",
    ]);
  });

  test("every series is at 1 Hz and as long as the session; summaries follow from the samples", () => {
    for (const exercise of exercises) {
      const length = Math.floor(seconds(exercise.duration));
      const counts = exercise.samples.map(({ data, recording_rate }) => [
        recording_rate,
        data.split(",").length,
      ]);
      expect(counts).toEqual(counts.map(() => [1, length]));
      const heart = series(exercise, 0);
      expect(exercise.heart_rate).toEqual({
        average: Math.round(average(heart)),
        maximum: Math.max(...heart),
      });
      const inZones = exercise.heart_rate_zones.reduce((sum, { in_zone }) => sum + seconds(in_zone), 0);
      expect(inZones).toBeLessThanOrEqual(length);
    }
  });

  test("outdoors speed, distance and route agree; indoors speed and distance are all zero", () => {
    for (const exercise of exercises) {
      const [speed, distance] = [series(exercise, 1), series(exercise, 10)];
      if (!exercise.route) {
        expect([...new Set([...speed, ...distance])]).toEqual([0]);
        continue;
      }
      const metres = (average(speed) / 3.6) * speed.length;
      expect(Math.abs(metres - (exercise.distance ?? 0))).toBeLessThan(metres * 0.01);
      expect((exercise.distance ?? 0) - (distance.at(-1) ?? 0)).toBeGreaterThanOrEqual(0);
      expect((exercise.distance ?? 0) - (distance.at(-1) ?? 0)).toBeLessThanOrEqual(6);
      expect(Math.abs(lengthOf(exercise.route) - metres)).toBeLessThan(metres * 0.02);
    }
  });

  test("heart rate follows effort with a lag and drifts upward", () => {
    for (const run of exercises.filter(({ detailed_sport_info: sport }) => sport === "RUNNING")) {
      const heart = series(run, 0);
      expect(average(heart.slice(0, 60))).toBeLessThan(average(heart.slice(600, 900)) - 15);
      const steps = heart.slice(1).map((rate, index) => Math.abs(rate - (heart[index] ?? rate)));
      expect(Math.max(...steps)).toBeLessThanOrEqual(4);
    }
    const long = exercises.filter(({ duration }) => seconds(duration) > 5000);
    const runs = long.filter(({ detailed_sport_info: sport }) => sport === "RUNNING");
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) {
      const heart = series(run, 0);
      expect(average(heart.slice(-600))).toBeGreaterThan(average(heart.slice(900, 1500)) + 2);
    }
  });

  const lengthOf = (route: { latitude: number; longitude: number }[]) =>
    route.slice(1).reduce((sum, point, index) => {
      const before = route[index] ?? point;
      const north = (point.latitude - before.latitude) * 111_320;
      const east =
        (point.longitude - before.longitude) * 111_320 * Math.cos((point.latitude * Math.PI) / 180);
      return sum + Math.hypot(north, east);
    }, 0);
});
