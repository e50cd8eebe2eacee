/** Helpers that declare the resources of the Dynamic API v4 with the kit (POLAR-V4 §3). */
import type { z } from "zod";
import { type DayListDeclaration, declareDayList } from "../../kit/declare-day-list.ts";
import { declareResource, type ResourceDeclaration } from "../../kit/declare-resource.ts";
import { byDay, current, daysOf, ranged } from "../../kit/discovery.ts";
import { shiftDate } from "../../kit/iso-time.ts";
import { decodeJson } from "../../kit/json-body.ts";
import type { DayIndex, Discovery, Polling, ProviderRequest, ServedResource } from "../../provider.ts";
import { type accesslink, dynamic } from "../names.ts";
import { dataPath } from "./api.ts";
import { itemsOf, type ListPlace, type ThingPlace, thingOf } from "./wrapper.ts";

/** How a list is asked for. */
export interface ListCall {
  /** The path below `/v4/data`. */
  readonly path: string;
  /** The scope without which Polar refuses it. */
  readonly scope: string;
  readonly place: ListPlace;
  /** The parts that Polar leaves out unless they are named. Each is a key of its own, never a list with commas. */
  readonly features?: readonly string[];
  /** Whether `from` and `to` are datetimes without a zone; otherwise they are dates. */
  readonly withTimes?: true;
}

/** Returns the request for a key that asks for days. Keys have both days included; Polar's `to` is exclusive. */
export function requestOf(call: Omit<ListCall, "scope" | "place">, key: string): ProviderRequest | null {
  const days = daysOf(key);
  if (days === null) return null;
  const time = call.withTimes ? "T00:00:00" : "";
  const query = [
    `from=${days.from}${time}`,
    `to=${shiftDate(days.to, 1)}${time}`,
    ...(call.features ?? []).map((feature) => `features=${feature}`),
  ];
  return { method: "GET", path: `${dataPath}${call.path}?${query.join("&")}` };
}

/** The most days back that v4 is asked for. Polar's depth is disputed: some saw 90 days, some years. */
export const reachDays = 7_300;

/**
 * Statuses that say that the permission does not cover a resource. A person may have given some scopes and not others.
 */
const unavailable = [403];

interface Finding extends Pick<Discovery, "daysPerCall">, Partial<Pick<Discovery, "reachDays">> {
  /** The API whose notifications name the resource too (`announced.ts`). */
  readonly announcedBy?: typeof accesslink;
  readonly polling?: Polling;
  readonly dayIndex?: DayIndex;
}

/** Discovery by days. v4 announces nothing itself. Three empty windows are the end of a person's history. */
export const byDays = ({ daysPerCall, ...finding }: Finding): Discovery => {
  const history = { emptyWindows: 3, windowDays: 28 };
  const reach = { reachDays, announced: false, unavailable, history, ...finding };
  return { ...(daysPerCall === 1 ? byDay(reach) : ranged({ ...reach, daysPerCall })) };
};

type Own = "api" | "keyName" | "envelope" | "request" | "scope";

interface List<Schema extends z.ZodType> extends Omit<ResourceDeclaration<Schema>, Own>, ListCall {
  /** Puts items together of which Polar should send only one. */
  gather?(items: readonly unknown[]): readonly unknown[];
}

/** Declares a resource whose bodies are lists of days or things, each of which is one part. */
export function list<Schema extends z.ZodType>(declaration: List<Schema>): ServedResource<z.output<Schema>> {
  const { path: _path, place, features: _features, withTimes: _withTimes, gather, ...declared } = declaration;
  return unwrapped(
    place,
    declareResource({ ...declared, api: dynamic, request: (key) => requestOf(declaration, key) }),
    gather,
  );
}

interface DayList<Schema extends z.ZodType> extends Omit<DayListDeclaration<Schema>, Own>, ListCall {}

/**
 * Declares a resource with several items a day, such as one for each device. Items of days that were not asked for are
 * dropped: a call for one day can spill into the next.
 */
export function dayList<Schema extends z.ZodType>(
  declaration: DayList<Schema>,
): ServedResource<readonly z.output<Schema>[]> {
  const { path: _path, place, features: _features, withTimes: _withTimes, ...declared } = declaration;
  return unwrapped(
    place,
    declareDayList({ ...declared, api: dynamic, request: (key) => requestOf(declaration, key) }),
  );
}

interface Thing<Schema extends z.ZodType>
  extends Omit<ResourceDeclaration<Schema>, Own | "keys">,
    Pick<ListCall, "path" | "scope"> {
  readonly place: ThingPlace;
  keys?(item: z.output<Schema>): readonly string[] | null;
}

/** Declares a thing of which there is only one, such as the account, or a list that takes no dates. */
export function thing<Schema extends z.ZodType>(
  declaration: Thing<Schema>,
): ServedResource<z.output<Schema>> {
  const { path, place, keys = () => [current], ...declared } = declaration;
  const resource = declareResource({
    ...declared,
    keys,
    api: dynamic,
    request: (key) => (key === current ? { method: "GET", path: dataPath + path } : null),
  });
  return {
    ...resource,
    decode: (body) => decoded(declared.name, body),
    parts(key, body) {
      const item = thingOf(place, body, { resource: declared.name, key });
      return item === null ? [] : resource.parts(key, item);
    },
  };
}

function unwrapped<Value>(
  place: ListPlace,
  resource: ServedResource<Value>,
  gather: (items: readonly unknown[]) => readonly unknown[] = (items) => items,
): ServedResource<Value> {
  const { name } = resource;
  return {
    ...resource,
    decode: (body) => decoded(name, body),
    parts: (key, body) => resource.parts(key, gather(itemsOf(place, body, { resource: name, key }))),
  };
}

/** Decodes a body. One of no bytes says as little as 204. */
const decoded = (name: string, body: Buffer): unknown => (body.length === 0 ? {} : decodeJson(name, body));
