/** Routes in files of their own: GPX, in which Apple writes the longitude before the latitude. */
import type { RoutePoint } from "../../../healthkit/workout.ts";
import { readTime } from "../../../healthkit/written-time.ts";
import { routePoint } from "../../route-point.ts";
import { limits } from "../limits.ts";
import { GuardedParser } from "../xml/guarded-parser.ts";
import { pointNumbers } from "./quantities.ts";
import { usualInstant } from "./written-instant.ts";

/** The elements of a point, and the names that points inside the export have for them. */
const names: ReadonlyMap<string, string> = new Map([
  ["lat", "latitude"],
  ["lon", "longitude"],
  ["ele", "altitude"],
  ["speed", "speed"],
  ["course", "course"],
  ["hAcc", "horizontalAccuracy"],
  ["vAcc", "verticalAccuracy"],
  ["time", "time"],
]);

/** Returns the points that can be read; a file that is cut off has those before its end. */
export async function readRoute(chunks: AsyncIterable<Buffer>): Promise<RoutePoint[]> {
  const points: RoutePoint[] = [];
  let point: Map<string, string> | null = null;
  const open: string[] = [];
  const parser = new GuardedParser("gpx", {
    open(name, attributes) {
      if (name === "trkpt") point = new Map();
      for (const [key, value] of Object.entries(attributes)) note(point, key, value);
      open.push(name);
    },
    text: (text) => note(point, open.at(-1) ?? "", text),
    close() {
      if (open.pop() !== "trkpt" || point === null) return;
      const read = pointOf(point);
      if (read !== null && points.length < limits.descendants) points.push(read);
      point = null;
    },
  });
  for await (const chunk of chunks) parser.write(chunk);
  return points;
}

function note(point: Map<string, string> | null, name: string, text: string): void {
  const known = names.get(name);
  if (point !== null && known !== undefined) point.set(known, text);
}

function pointOf(point: ReadonlyMap<string, string>): RoutePoint | null {
  const time = point.get("time") ?? "";
  return routePoint(
    usualInstant(time) ?? readTime(time)?.ms,
    pointNumbers((name) => point.get(name)),
  );
}
