import { describe, expect, test } from "vitest";
import { GuessBrake } from "./guess-brake.ts";

const waits = (brake: GuessBrake, address: string, times: number, nowMs = 0): (number | null)[] =>
  Array.from({ length: times }, () => brake.failed(address, nowMs).waitMs);

describe("wrong tokens from one address", () => {
  test("wait longer and longer, up to eight seconds", () => {
    const expected = [0, 0, 0, 0, 0, 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000];
    expect(waits(new GuessBrake(), "192.0.2.1", 12)).toEqual(expected);
  });

  test("are forgotten after a quarter of an hour", () => {
    const brake = new GuessBrake();
    waits(brake, "192.0.2.1", 5);
    expect(brake.failed("192.0.2.1", 15 * 60_000).waitMs).toBe(0);
  });

  test("count for their whole /64, and for IPv4 written as IPv6", () => {
    const brake = new GuessBrake();
    waits(brake, "2001:db8::1", 5);
    expect(brake.failed("2001:db8::2:3", 0).waitMs).toBe(250);
    expect(brake.failed("2001:db8:0:1::1", 0).waitMs).toBe(0);
    waits(brake, "::ffff:192.0.2.1", 5);
    expect(brake.failed("192.0.2.1", 0).waitMs).toBe(250);
  });

  test("wait by 32 at the most; further ones come back later, until some were answered", () => {
    const brake = new GuessBrake();
    expect(waits(brake, "192.0.2.1", 5 + 32)).not.toContain(null);
    expect(brake.failed("192.0.2.1", 0).waitMs).toBeNull();
    brake.released("192.0.2.1");
    expect(brake.failed("192.0.2.1", 0).waitMs).toBe(8_000);
  });
});

describe("wrong tokens from everywhere", () => {
  test("wait a second once there were sixty in a minute", () => {
    const brake = new GuessBrake();
    for (let n = 0; n < 60; n++) expect(brake.failed(`192.0.2.${n}`, 0).waitMs).toBe(0);
    expect(brake.failed("198.51.100.1", 59_999).waitMs).toBe(1_000);
    expect(brake.failed("198.51.100.2", 60_000).waitMs).toBe(0);
  });
});
