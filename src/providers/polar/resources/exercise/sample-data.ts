/** Parses the values of an exercise's sample series, which come as one text. */
import { z } from "zod";
import { decimalNumber } from "../../../kit/decimal.ts";
import { addPartlyReadable } from "../../../kit/read-tolerantly.ts";

/** Parses the usual series as a JSON array without its brackets, which is the fastest way. */
function parsePlain(data: string): (number | null)[] | null {
  try {
    const values: unknown[] = JSON.parse(`[${data}]`);
    return values.every((value) => value === null || Number.isFinite(value))
      ? (values as (number | null)[])
      : null;
  } catch {
    return null;
  }
}

/** Parses any series; NaN for anything but a number. */
function parseTokens(data: string): (number | null)[] {
  if (data.trim() === "") return [];
  return data.split(",").map((written) => {
    const token = written.trim();
    return token === "" || token === "null" ? null : (decimalNumber(token) ?? Number.NaN);
  });
}

/**
 * The schema of sample data: the values in order; null where the sensor was offline ("Can contain null-values which
 * indicate a situation where sensor was offline", Polar's OpenAPI, sample.data). A value that is no number becomes null
 * at its position; the others stay.
 */
export const sampleData = z.string().transform((data, context) => {
  const plain = parsePlain(data);
  if (plain !== null) return plain;
  const values = parseTokens(data);
  if (!values.some(Number.isNaN)) return values;
  const readable = values.map((value) => (Number.isNaN(value) ? null : value));
  addPartlyReadable(context, "Expected numbers or null, separated by commas", readable.join());
  return z.NEVER;
});
