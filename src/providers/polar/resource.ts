/** How a resource of AccessLink is declared, on top of the kit (POLAR-API §2, §3). */
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
  /** The path that fetches a key; null when there is no such key. */
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
  /** The paths that answer all of the last 28 days, and chosen ones. */
  readonly paths: { readonly all: string; readonly range: string };
}

/** Resources of which a day may have several. `from` and `to` are days too, so a call answers whole days. */
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

/** A list without parameters, or one day. */
export function listOrDay(path: string, key: string): string | null {
  if (key === discovery.everything) return path;
  return isDate(key) ? `${path}/${key}` : null;
}

/** A list that takes no dates. Polar serves 30 days of exercises, 28 of the others. */
export const listed = (reachDays: number, announced: boolean): Discovery =>
  discovery.listed({ reachDays, announced });

/** Days from and to, at most 28 a call. */
export const ranged = (reachDays: number, announced: boolean): Discovery =>
  discovery.ranged({ reachDays, announced, daysPerCall: 28 });

/** What becomes of the leaves of an index. */
export const compared = ignored("only compared with what is held; what differs is fetched itself");
