import { describe, expect, it } from "vitest";
import type { WorkoutEvent } from "../healthkit/workout.ts";
import { workout } from "../testing/person.ts";
import { pausesOf, timerOf } from "./pauses.ts";

const [pause, resume] = [1, 2];
const at = (type: number, seconds: number): WorkoutEvent => ({
  type,
  startMs: seconds * 1_000,
  endMs: seconds * 1_000,
  metadata: {},
});
const lasting = (seconds: number, events: readonly WorkoutEvent[]) =>
  workout("1970-01-01T00:00", { startMs: 0, endMs: seconds * 1_000, events });

describe("the timer of a workout", () => {
  it("stands still in pauses, whatever the order of their events", () => {
    const told = lasting(100, [at(resume, 30), at(pause, 60), at(pause, 20), at(resume, 70)]);
    const timer = timerOf(told, pausesOf(told));
    expect(timer.activeSeconds).toBe(80);
    expect([0, 20, 25, 30, 50, 65, 100].map((seconds) => timer.at(seconds * 1_000))).toEqual([
      0, 20, 20, 20, 40, 50, 80,
    ]);
  });

  it("stops at a pause that never ends", () => {
    const told = lasting(100, [at(resume, 10), at(pause, 40)]);
    expect(timerOf(told, pausesOf(told)).activeSeconds).toBe(40);
  });

  it("reads 100,000 pauses in one pass", () => {
    const events = Array.from({ length: 100_000 }, (_, index) => [
      at(pause, 2 * index),
      at(resume, 2 * index + 1),
    ]);
    const told = lasting(200_000, events.flat().toReversed());
    const timer = timerOf(told, pausesOf(told));
    for (let second = 0; second <= 200_000; second += 1) timer.at(second * 1_000);
    expect(timer.at(200_000_000)).toBe(100_000);
  });
});
