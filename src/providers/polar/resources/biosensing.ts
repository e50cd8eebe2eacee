/**
 * Schemas that the biosensing resources share. Polar announces none of them. The day is in UTC, like every time in
 * these bodies and in the physical info, and like `from` and `to`: temperatures and contacts have no offset, so no
 * local day can be computed. A recording that crosses midnight belongs to the day it began on. The schemas follow
 * Polar's OpenAPI; no real payload has been seen. Times are UTC, written without Z.
 */
import { z } from "zod";
import { number, offsetMinutes, text, unused } from "../../kit/fields.ts";
import { ranged } from "../resource.ts";

export const pathsOf = (name: string) => {
  const path = `/v3/users/biosensing/${name}`;
  return { all: path, range: path };
};

export const discovery = ranged(28, false);

/**
 * Converts epoch seconds, as in Polar's example, or milliseconds, as one reader saw them. Until the year 5138 the size
 * tells which.
 */
export const epochMs = (epoch: number) => (epoch < 100_000_000_000 ? epoch * 1000 : epoch);

/** The fields that ECG and SpO2 tests share. */
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
