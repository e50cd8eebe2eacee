/** Helpers that declare AccessLink's resources with the kit (POLAR-API §2, §3). */
import type { z } from "zod";
import { type DayListDeclaration, declareDayList } from "../kit/declare-day-list.ts";
import { declareResource, type ResourceDeclaration } from "../kit/declare-resource.ts";
import * as discovery from "../kit/discovery.ts";
import { isDate } from "../kit/iso-time.ts";
import { ignored } from "../ledger.ts";
import type { Discovery, ProviderRequest, ServedResource } from "../provider.ts";
import { snakeCase } from "./keys.ts";
import { accesslink } from "./names.ts";

interface Declaration<Schema extends z.ZodType>
  extends Omit<ResourceDeclaration<Schema>, "api" | "keyName" | "request"> {
  /** Returns the path for a key; null when there is no such key. */
  path(key: string, providerUserId: string): string | null;
}

export const resource = <Schema extends z.ZodType>({
  path,
  ...declaration
}: Declaration<Schema>): ServedResource<z.output<Schema>> =>
  declareResource({
    ...declaration,
    api: accesslink,
    keyName: snakeCase,
    request: (key, providerUserId) => requestOf(path(key, providerUserId)),
  });

interface DayList<Schema extends z.ZodType>
  extends Omit<DayListDeclaration<Schema>, "api" | "keyName" | "envelope" | "request"> {
  /** The path that answers all of the last 28 days, and the one for chosen days. */
  readonly paths: { readonly all: string; readonly range: string };
}

/** Declares a resource with several items a day. `from` and `to` are days too, so a call answers whole days. */
export const dayList = <Schema extends z.ZodType>({
  paths,
  ...declaration
}: DayList<Schema>): ServedResource<readonly z.output<Schema>[]> =>
  declareDayList({
    ...declaration,
    api: accesslink,
    keyName: snakeCase,
    request: (key) => requestOf(pathOf(paths, key)),
  });

const requestOf = (path: string | null): ProviderRequest | null =>
  path === null ? null : { method: "GET", path };

function pathOf(
  { all, range }: { readonly all: string; readonly range: string },
  key: string,
): string | null {
  if (key === discovery.everything) return all;
  const asked = discovery.daysOf(key);
  return asked && `${range}?from=${asked.from}&to=${asked.to}`;
}

/** The path of a list without parameters, or of one day. */
export function listOrDay(path: string, key: string): string | null {
  if (key === discovery.everything) return path;
  return isDate(key) ? `${path}/${key}` : null;
}

/** Discovery by a list that takes no dates. Polar serves 30 days of exercises, 28 of the others. */
export const listed = (reachDays: number, announced: boolean): Discovery =>
  discovery.listed({ reachDays, announced });

/** Discovery by a range of days, at most 28 in one call. */
export const ranged = (reachDays: number, announced: boolean): Discovery =>
  discovery.ranged({ reachDays, announced, daysPerCall: 28 });

/** The fate of the leaves of an index. */
export const compared = ignored("only compared with what is held; what differs is fetched itself");
