/**
 * The routes of an export, each in a file of its own until its workout comes. They are matched by the time of their
 * points: names are those of a route's end, in local time to the minute, so two routes of one workout may share a name,
 * and then only the later file exists.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RoutePoint, Workout } from "../../../healthkit/workout.ts";
import { readRoute } from "../elements/gpx.ts";
import type { SideFile } from "../find-files.ts";
import { limits } from "../limits.ts";

interface KnownRoute {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly file: string;
  isUsed: boolean;
}

/** A route may begin before its workout, while the Watch waits for satellites. */
const toleranceMs = 60_000;

export class Routes {
  readonly #directory: string;
  readonly #known: KnownRoute[] = [];

  constructor(directory: string) {
    this.#directory = path.join(directory, "routes");
    mkdirSync(this.#directory, { recursive: true });
  }

  /** @throws ProviderError when the file is damaged */
  async add(file: SideFile): Promise<void> {
    const points = (await readRoute(file.read())).toSorted((one, other) => one.atMs - other.atMs);
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return;
    const kept = path.join(this.#directory, String(this.#known.length));
    writeFileSync(kept, JSON.stringify(points));
    this.#known.push({ firstMs: first.atMs, lastMs: last.atMs, file: kept, isUsed: false });
  }

  /** Returns the points of the routes of a workout, in order of time. A hostile export has more routes than memory. */
  take({ startMs, endMs }: Workout): RoutePoint[] {
    const points: RoutePoint[] = [];
    for (const route of this.#known) {
      if (points.length >= limits.descendants) break;
      if (!isWithin(route, startMs, endMs)) continue;
      route.isUsed = true;
      for (const point of JSON.parse(readFileSync(route.file, "utf8")) as RoutePoint[]) points.push(point);
    }
    return points.toSorted((one, other) => one.atMs - other.atMs);
  }

  /** The number of routes that belong to no workout. */
  get unused(): number {
    return this.#known.filter(({ isUsed }) => !isUsed).length;
  }
}

/** Whether at least half of a route lies in a workout. */
function isWithin({ firstMs, lastMs }: KnownRoute, startMs: number, endMs: number): boolean {
  const inside = Math.min(lastMs, endMs + toleranceMs) - Math.max(firstMs, startMs - toleranceMs);
  return inside >= 0 && inside * 2 >= lastMs - firstMs;
}
