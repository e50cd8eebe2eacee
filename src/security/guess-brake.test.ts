import { describe, expect, test } from "vitest";
import { GuessBrake } from "./guess-brake.ts";

const waits = (brake: GuessBrake, address: string, times: number, nowMs = 0): number[] =>
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

  test("have 32 places; further ones are not checked until some were answered", () => {
    const brake = new GuessBrake();
    for (let n = 0; n < 32; n++) expect(brake.begin("192.0.2.1", 0)).toBe(true);
    expect([brake.begin("192.0.2.1", 0), brake.begin("192.0.2.2", 0)]).toEqual([false, true]);
    brake.ended("192.0.2.1");
    expect([brake.begin("192.0.2.1", 0), brake.begin("192.0.2.1", 0)]).toEqual([true, false]);
  });
});

describe("wrong tokens from everywhere", () => {
  test("wait a second once there were sixty in a minute", () => {
    const brake = new GuessBrake();
    for (let n = 0; n < 60; n++) expect(brake.failed(`192.0.2.${n}`, 0).waitMs).toBe(0);
    expect(brake.failed("198.51.100.1", 59_999).waitMs).toBe(1_000);
    expect(brake.failed("198.51.100.2", 60_000).waitMs).toBe(0);
  });

  test("have 256 places in all, which delay nobody who sent no wrong one", () => {
    const brake = new GuessBrake();
    for (let n = 0; n < 256; n++) expect(brake.begin(`192.0.2.${n % 8}`, 0)).toBe(true);
    brake.failed("198.51.100.1", 0);
    expect([brake.begin("198.51.100.1", 0), brake.begin("198.51.100.2", 0)]).toEqual([false, true]);
  });
});
