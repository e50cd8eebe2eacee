/**
 * Lists of the days that have data: without features v4 answers up to 90 days in one call, each with its date. The days
 * themselves are then asked for one by one, with features, and those without data cost no call.
 */
import type { z } from "zod";
import { declareIndex } from "../../kit/declare-index.ts";
import { rangeKey } from "../../kit/discovery.ts";
import type { Ledger } from "../../ledger.ts";
import type { DayIndex, ServedResource } from "../../provider.ts";
import { compared } from "../resource.ts";
import { type ListCall, list } from "./resource.ts";

/** What such a list says of a day: that there is one. */
const fingerprint = "there";

interface Listed<Schema extends z.ZodType> {
  /** The resource whose days are listed. */
  readonly of: string;
  readonly call: Omit<ListCall, "features">;
  readonly schema: Schema;
  /** The ledger of the days themselves. */
  readonly ledger: Ledger;
  day(item: z.output<Schema>): string;
  /** Changes how the bodies are read. */
  read?(days: ServedResource<z.output<Schema>>): ServedResource<z.output<Schema>>;
}

const nameOf = (resource: string): string => `${resource}-index`;

/** Declares the list of the days of a resource. */
export function listOfDays<Schema extends z.ZodType>({
  of,
  call,
  ledger,
  day,
  schema,
  read = (days) => days,
}: Listed<Schema>): ServedResource<z.output<Schema>> {
  const days = list({
    ...call,
    name: nameOf(of),
    schema,
    ledger: Object.fromEntries(Object.keys(ledger).map((leaf) => [leaf, compared])),
    discovery: null,
    keys: (item) => [day(item)],
  });
  return declareIndex(read(days), ({ key }) => ({ resource: of, key, fingerprint }));
}

/** Returns the discovery's side of it. */
export const listedBy = (resource: string): DayIndex => ({
  resource: nameOf(resource),
  daysPerCall: 90,
  key: rangeKey,
  tellsChanges: false,
});

/** Lets the resource's parts be compared with the list of its days. */
export const listed = <Value>(resource: ServedResource<Value>): ServedResource<Value> => ({
  ...resource,
  fingerprint: () => fingerprint,
});
