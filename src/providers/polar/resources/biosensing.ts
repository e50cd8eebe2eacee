/**
 * Biosensing. Polar announces none of it. The day is UTC's, as every time in these bodies and in the physical info
 * is, and as from and to are taken to be: temperatures and contacts come without any offset, so no other day could
 * be told of them. A recording that crosses midnight belongs to the day it began on.
 * Of Polar's OpenAPI, biosensing; no real payload has been seen. Times are UTC, written without Z.
 */
import { z } from "zod";
import { number, offsetMinutes, text, unused } from "../../kit/fields.ts";
import { ranged } from "../resource.ts";

export const pathsOf = (name: string) => {
  const path = `/v3/users/biosensing/${name}`;
  return { all: path, range: path };
};

export const discovery = ranged(28, false);

/** Epoch seconds as Polar's example has it, milliseconds as one reader saw it: until the year 5138 size tells. */
export const epochMs = (epoch: number) => (epoch < 100_000_000_000 ? epoch * 1000 : epoch);

/** What ECG and SpO2 tests have in common. */
export const test = {
  source_device_id: text,
  test_time: z
    .int()
    .positive()
    .max(Date.UTC(2199, 11, 31)),
  /** Minutes east of UTC. */
  time_zone_offset: offsetMinutes,
  average_heart_rate_bpm: number,
  heart_rate_variability_ms: unused,
};

export const isoOf = (testTime: number): string => new Date(epochMs(testTime)).toISOString();
export const utcDay = (testTime: number): string => isoOf(testTime).slice(0, 10);
