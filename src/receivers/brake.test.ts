import { describe, expect, it } from "vitest";
import { ReceiverBrake } from "./brake.ts";

const take = (brake: ReceiverBrake, receiver: string, nowMs: number): boolean => {
  const isTaken = brake.begin(receiver, nowMs);
  if (isTaken) brake.ended();
  return isTaken;
};
const countTaken = (brake: ReceiverBrake, receiver: string, tries: number, nowMs: number): number =>
  Array.from({ length: tries }, () => take(brake, receiver, nowMs)).filter(Boolean).length;

describe("a receiver's brake", () => {
  it("lets a burst of 400 pass, then 50 a second, and never saves up more than a burst", () => {
    const brake = new ReceiverBrake();
    expect(countTaken(brake, "a", 500, 0)).toBe(400);
    expect(countTaken(brake, "a", 500, 1_000)).toBe(50);
    expect(countTaken(brake, "a", 500, 1_500)).toBe(25);
    expect(countTaken(brake, "a", 500, 3_600_000)).toBe(400);
  });

  it("keeps receivers apart", () => {
    const brake = new ReceiverBrake();
    countTaken(brake, "a", 500, 0);
    expect(take(brake, "a", 0)).toBe(false);
    expect(take(brake, "b", 0)).toBe(true);
  });

  it("has 32 bodies read at a time, of all receivers together", () => {
    const brake = new ReceiverBrake();
    const begun = Array.from({ length: 40 }, (_, index) => brake.begin(`receiver ${index}`, 0));
    expect(begun.filter(Boolean)).toHaveLength(32);
    brake.ended();
    expect(brake.begin("a", 0)).toBe(true);
  });

  it("forgets what it knew least recently, not more than a thousand receivers later", () => {
    const brake = new ReceiverBrake();
    countTaken(brake, "a", 500, 0);
    for (let index = 0; index < 999; index++) take(brake, `receiver ${index}`, 0);
    expect(take(brake, "a", 0)).toBe(false);
    for (let index = 0; index < 1_000; index++) take(brake, `other ${index}`, 0);
    expect(take(brake, "a", 0)).toBe(true);
  });
});
