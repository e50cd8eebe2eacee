/** What the probe asks of v4: every resource in the way in which it is fetched, so that it sees what a fetch would see. */
import { current, rangeKey } from "../../../kit/discovery.ts";
import type { ServedResource } from "../../../provider.ts";
import { dataPath } from "../api.ts";
import { v4Resources } from "../resources.ts";
import type { ListPlace } from "../wrapper.ts";

/** Every feature of training sessions (POLAR-V4 §3). */
export const sessionFeatures = [
  "samples",
  "test-results",
  "training-load-report",
  "laps",
  "hill-splits",
  "routes",
  "statistics",
  "zones",
  "pause-times",
  "strength-training-results",
  "comments",
  "physical-info",
] as const;

/** Where the list of sessions is. */
export const sessionPlace: ListPlace = { list: "trainingSessions" };

interface Days {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** Returns the path of the sessions of some days, below `/v4/data`. */
export function sessionsPath({ from, to }: Days, features: readonly string[] = []): string {
  const query = [`from=${from}T00:00:00`, `to=${to}T00:00:00`, ...features.map((one) => `features=${one}`)];
  return `/training-sessions/list?${query.join("&")}`;
}

/** A resource as it is asked for. */
export interface ProbedResource {
  readonly resource: ServedResource;
  readonly key: string;
  /** The path below `/v4/data`, with its query. */
  readonly path: string;
}

/** Sessions have a check of their own, and no route is named anywhere. */
const others = new Set(["v4-training-session", "v4-route"]);

/** Returns all resources for these days, both included; those with features for the last of them alone. */
export function probedResources({ first, last }: { readonly first: string; readonly last: string }) {
  return v4Resources
    .filter(({ name }) => !others.has(name))
    .map((resource): ProbedResource => {
      const isSingle = (resource.discovery?.key(last, last) ?? last) === current;
      const key = isSingle ? current : rangeKey(first, last);
      const path = pathOf(resource, key);
      return isSingle || !path.includes("features=")
        ? { resource, key, path }
        : { resource, key: last, path: pathOf(resource, last) };
    });
}

const pathOf = (resource: ServedResource, key: string): string =>
  resource.request(key, "").path.slice(dataPath.length);

/** Returns the request for a report: without its days, which are the person's. */
export const shown = (path: string): string =>
  `GET ${dataPath}${path.replace(/\b(from|to)=[^&]*/g, (_, name: string) => `${name}=…`)}`;
