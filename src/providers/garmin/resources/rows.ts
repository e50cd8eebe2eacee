/** Rows of a series: lists whose columns are named by descriptors beside them. */
import { z } from "zod";
import { mapped } from "../../ledger.ts";
import { each } from "../ledger-groups.ts";
import { garminTime } from "../times.ts";

/** A row: an epoch in milliseconds, and values in the order of the descriptors. */
export const rows = z.array(z.array(z.union([z.number(), z.string(), z.null()]))).nullish();

/** The beginning and the end of the series, each on both clocks. */
export const bounds = {
  start_timestamp_gmt: garminTime.nullish(),
  start_timestamp_local: garminTime.nullish(),
  end_timestamp_gmt: garminTime.nullish(),
  end_timestamp_local: garminTime.nullish(),
};

export const boundsLedger = each(
  Object.keys(bounds),
  mapped("daily.metadata.start_time", "derived: the offset is local − GMT, where the day's summary has none"),
);

/** Returns the place of a column; the usual one where nothing names it. */
export const placeOf = (
  descriptors: readonly { readonly key: string; readonly index: number }[],
  key: string,
  usual: number,
): number => descriptors.find((one) => one.key.toLowerCase() === key)?.index ?? usual;

export interface Row {
  readonly atMs: number;
  readonly value: number;
}

type Rows = z.output<typeof rows>;

/** Returns the rows that have a time and a value; a gap has null. */
export function rowsOf(given: Rows, at: number, value: number): Row[] {
  return (given ?? []).flatMap((row) => {
    const [atMs, found] = [row[at], row[value]];
    return typeof atMs === "number" && typeof found === "number" ? [{ atMs, value: found }] : [];
  });
}
