import type { FastifyRequest } from "fastify";
import { addDays, daysBetween, isDate } from "../../kit/clock.ts";
import { dynamicRefusal } from "../refusal.ts";
import type { V4Resource } from "./resources.ts";

/** What a call asks for: `from` is inside the range, `to` is not. */
export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly features: ReadonlySet<string>;
}

const bad = (message: string) => dynamicRefusal(400, message);

/** Reads a call. Every fault is a 400 with the text that was seen, where one was. */
export function askedOf(request: FastifyRequest, resource: V4Resource): Asked {
  const parameters = new URLSearchParams(request.url.split("?")[1] ?? "");
  const [from, to] = [timeOf(parameters, "from", resource), timeOf(parameters, "to", resource)];
  const features = featuresOf(parameters, resource);
  refuseLongRange({ from, to, features }, resource);
  return { from, to, features };
}

function timeOf(parameters: URLSearchParams, key: string, { times }: V4Resource): string {
  const value = parameters.get(key);
  if (value === null || value === "") throw bad(`Query parameter '${key}' is required`);
  if (times === "date" ? isDate(value) : isNaive(value)) return value;
  throw bad(`Value for key '${key}' could not be parsed as ${times}`);
}

/** Tells whether a text is a local moment in whole seconds: a zone or milliseconds are refused. */
function isNaive(text: string): boolean {
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  return isDate(date) && clock !== undefined && !Number.isNaN(Date.parse(`${date}T${clock}Z`));
}

/** Reads the features: the key is repeated, one feature each. A comma list is no feature's name. */
function featuresOf(parameters: URLSearchParams, { features }: V4Resource): Set<string> {
  const asked = parameters.getAll("features");
  const wrong = asked.find((feature) => !features.includes(feature));
  if (wrong !== undefined) throw bad(`Value '${wrong}' for key 'features' is not supported`);
  return new Set(asked);
}

function refuseLongRange({ from, to, features }: Asked, resource: V4Resource): void {
  if (from > to) throw bad("Value for key 'from' must not be after 'to'");
  const longest = features.size === 0 ? resource.longestDays : (resource.featureDays ?? 1);
  const end = `${addDays(from.slice(0, 10), longest)}${from.slice(10)}`;
  if (to <= end) return;
  const days = daysBetween(from.slice(0, 10), to.slice(0, 10));
  throw bad(`Time range of ${days} days is longer than the allowed ${longest}`);
}
