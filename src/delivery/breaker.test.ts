import { describe, expect, it } from "vitest";
import { Breaker } from "./breaker.ts";

/** Returns a breaker that has seen ten failures in a row, the last at time 0. */
function opened(): Breaker {
  const breaker = new Breaker();
  for (let n = 0; n < 10; n++) breaker.report(breaker.admit(0), false, 0);
  return breaker;
}

describe("breaker", () => {
  it("stays closed while there are successes in between", () => {
    const breaker = new Breaker();
    for (let n = 0; n < 100; n++) breaker.report(breaker.admit(n), n % 10 === 0, n);
    expect(breaker.open).toBe(false);
  });

  it("opens after ten failures in a row and admits nothing during the pause", () => {
    const breaker = opened();
    expect(breaker.open).toBe(true);
    expect(breaker.admit(0)).toEqual({ kind: "paused", until: 3_000 });
    expect(breaker.admit(2_999).kind).toBe("paused");
  });

  it("admits one trial when the pause is over", () => {
    const breaker = opened();
    expect(breaker.trying).toBe(false);
    const trial = breaker.admit(3_000);
    expect(trial.kind).toBe("trial");
    expect(breaker.trying).toBe(true);
    breaker.report(trial, false, 3_100);
    expect(breaker.trying).toBe(false);
  });

  it("closes when the trial succeeds", () => {
    const breaker = opened();
    breaker.report(breaker.admit(3_000), true, 3_100);
    expect(breaker.open).toBe(false);
    expect(breaker.admit(3_100).kind).toBe("go");
    breaker.report(breaker.admit(3_100), false, 3_200);
    expect(breaker.open).toBe(false);
  });

  it("pauses twice as long after each trial that fails, five minutes at most", () => {
    const breaker = opened();
    const pauses: number[] = [];
    let now = 3_000;
    for (let n = 0; n < 9; n++) {
      breaker.report(breaker.admit(now), false, now);
      const refused = breaker.admit(now);
      const until = refused.kind === "paused" ? refused.until : Number.NaN;
      pauses.push(until - now);
      now = until;
    }
    expect(pauses).toEqual([6, 12, 24, 48, 96, 192, 300, 300, 300].map((seconds) => seconds * 1_000));
  });

  it("does not pause longer for attempts that were under way when it opened", () => {
    const breaker = new Breaker();
    const underWay = Array.from({ length: 16 }, () => breaker.admit(0));
    for (const admission of underWay) breaker.report(admission, false, 8_000);
    expect(breaker.admit(8_000)).toEqual({ kind: "paused", until: 11_000 });
  });

  it("closes when one of them succeeds after all", () => {
    const breaker = new Breaker();
    const underWay = Array.from({ length: 16 }, () => breaker.admit(0));
    underWay.forEach((admission, n) => {
      breaker.report(admission, n === 15, 8_000);
    });
    expect(breaker.open).toBe(false);
  });
});
