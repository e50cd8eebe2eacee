import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Lane, laneSlots, type Passenger } from "./lane.ts";

/** A passenger whose attempt ends when the test says so. */
class Rider implements Passenger {
  readonly bytes: number;
  readonly fate = { attempts: 0, refused: [] as number[], putOff: [] as number[] };
  readonly #end = Promise.withResolvers<boolean>();

  constructor(bytes = 1) {
    this.bytes = bytes;
  }
  attempt(): Promise<boolean> {
    this.fate.attempts++;
    return this.#end.promise;
  }
  refuse(until: number): void {
    this.fate.refused.push(until);
  }
  putOff(until: number): void {
    this.fate.putOff.push(until);
  }
  async end(well: boolean): Promise<void> {
    this.#end.resolve(well);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

const start = 1_700_000_000_000;
let lane: Lane;
let pauses: boolean[];
beforeEach(() => {
  vi.useFakeTimers({ now: start });
  pauses = [];
  lane = new Lane((paused) => pauses.push(paused));
});
afterEach(() => {
  vi.useRealTimers();
});

const board = (count: number, bytes = 1): Rider[] =>
  Array.from({ length: count }, () => {
    const rider = new Rider(bytes);
    lane.enter(rider);
    return rider;
  });
const attempted = (riders: readonly Rider[]): number =>
  riders.filter((rider) => rider.fate.attempts > 0).length;

describe("lane", () => {
  it("runs so many side by side and the next when one is done", async () => {
    const riders = board(laneSlots + 5);
    expect(attempted(riders)).toBe(laneSlots);
    await riders[3]?.end(true);
    expect(attempted(riders)).toBe(laneSlots + 1);
    expect(riders[laneSlots]?.fate.attempts).toBe(1);
  });

  it("carries few large bodies at a time, but always one", async () => {
    const riders = board(4, 20 * 1_024 * 1_024);
    expect(attempted(riders)).toBe(1);
    await riders[0]?.end(true);
    expect(attempted(riders)).toBe(2);
    expect(attempted(board(1, 100 * 1_024 * 1_024))).toBe(0);
  });

  it("tells who comes to a slow and full lane to come again at the rate it moves", () => {
    board(laneSlots * 2);
    vi.advanceTimersByTime(1_600);
    const late = board(3);
    expect(late.map((rider) => rider.fate.putOff)).toEqual([
      [start + 1_600 + 1_000 + 100],
      [start + 1_600 + 1_000 + 200],
      [start + 1_600 + 1_000 + 300],
    ]);
    expect(attempted(late)).toBe(0);
  });

  it("lets the first in line stay and the others go when they have waited long", () => {
    const riders = board(laneSlots + laneSlots + 2);
    for (const rider of riders) lane.reconsider(rider);
    const gone = riders.filter((rider) => rider.fate.putOff.length > 0);
    expect(gone).toEqual(riders.slice(2 * laneSlots));
  });

  it("lets everyone in line go when it is emptied, and nobody twice", () => {
    const riders = board(laneSlots + 3);
    lane.empty();
    lane.empty();
    expect(riders.slice(laneSlots).map((rider) => rider.fate.putOff)).toEqual([[start], [start], [start]]);
  });

  it("refuses who is in line when the breaker opens, tries with one, and then resumes", async () => {
    const riders = board(laneSlots + 2);
    for (const rider of riders.slice(0, laneSlots)) await rider.end(false);
    // The tenth failure opened it; those who had taken a slot before were attempted.
    expect(pauses).toEqual([true]);
    const [refused] = board(1);
    expect(refused?.fate.refused).toEqual([start + 3_000]);
    vi.advanceTimersByTime(3_000);
    for (const rider of riders.slice(laneSlots)) await rider.end(false);
    const [trial, other] = board(2) as [Rider, Rider];
    expect([trial.fate.attempts, other.fate.attempts]).toEqual([1, 0]);
    await trial.end(true);
    expect(pauses).toEqual([true, false]);
    expect(other.fate).toEqual({ attempts: 1, refused: [], putOff: [] });
  });

  it("refuses who waited for the one that tried, when that fails", async () => {
    for (const rider of board(laneSlots)) await rider.end(false);
    vi.advanceTimersByTime(3_000);
    const [trial, other] = board(2) as [Rider, Rider];
    await trial.end(false);
    expect(other.fate).toEqual({ attempts: 0, refused: [start + 3_000 + 6_000], putOff: [] });
  });
});
