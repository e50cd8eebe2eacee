/** The two ways of asking Garmin: for one day, and for a range of days, both ends included. */
import type { z } from "zod";
import { declareResource, type ResourceDeclaration } from "../kit/declare-resource.ts";
import { byDay, parseRange, ranged } from "../kit/discovery.ts";
import { isDate } from "../kit/iso-time.ts";
import type { Polling, ProviderRequest, ServedResource } from "../provider.ts";
import { garminApi, snakeCase } from "./names.ts";

/** Garmin keeps everything. Its first watches that counted steps are of 2013. */
export const reachDays = 12 * 365;

/** Watches send their data at any time, and people edit nights and activities of the last days. */
export const often: Polling = { everyMs: 25 * 60_000, rereadDays: 7 };

/** 403: the key may not read this resource. 404 and 405: the account has no such feature. No data is 204. */
export const unavailable: readonly number[] = [403, 404, 405];

const asked = { announced: false, unavailable } as const;

export const get = (path: string): ProviderRequest => ({ method: "GET", path });

type Declared<Schema extends z.ZodType> = Pick<
  ResourceDeclaration<Schema>,
  "name" | "schema" | "ledger" | "keys" | "timeOf" | "envelope" | "nextPage" | "mostPages" | "followUps"
>;

/** Declares a resource of which each day is a call. */
export const declareDays = <Schema extends z.ZodType>({
  path,
  reach = reachDays,
  polling = often,
  ...declared
}: Declared<Schema> & {
  path(day: string): string;
  readonly reach?: number;
  readonly polling?: Polling;
}): ServedResource<z.output<Schema>> =>
  declareResource({
    ...declared,
    api: garminApi,
    keyName: snakeCase,
    discovery: byDay({ ...asked, reachDays: reach, polling }),
    request: (key) => (isDate(key) ? get(path(key)) : null),
  });

/** Declares a resource that is asked for by ranges of so many days. */
export const declareRanges = <Schema extends z.ZodType>({
  path,
  daysPerCall,
  ...declared
}: Declared<Schema> & {
  path(from: string, to: string): string;
  readonly daysPerCall: number;
}): ServedResource<z.output<Schema>> =>
  declareResource({
    ...declared,
    api: garminApi,
    keyName: snakeCase,
    discovery: ranged({ ...asked, reachDays, daysPerCall, polling: often }),
    request(key) {
      const range = parseRange(key);
      return range && get(path(range.from, range.to));
    },
  });
