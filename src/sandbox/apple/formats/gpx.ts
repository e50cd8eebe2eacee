/** A route in a file of its own. */
import type { Workout } from "../generate/facts.ts";
import { MINUTE, offsetAt } from "../generate/local-time.ts";
import type { Wearer } from "../generate/person.ts";
import { utcTime } from "./times.ts";

/** Returns the name: the end of the route on the person's clock, to the minute. */
export function routeName({ zone }: Wearer, { endMs }: Pick<Workout, "endMs">): string {
  const wall = new Date(endMs + offsetAt(zone, endMs) * MINUTE);
  const hour = wall.getUTCHours();
  const minute = String(wall.getUTCMinutes()).padStart(2, "0");
  return `route_${wall.toISOString().slice(0, 10)}_${hour % 12 || 12}.${minute}${hour < 12 ? "am" : "pm"}.gpx`;
}

/** The longitude stands before the latitude, as in Apple's files. */
export function* gpx(wearer: Wearer, workout: Workout): Generator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Apple Health Export" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://www.topografix.com/GPX/1/1" xsi:schemaLocation="http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd">
  <metadata>
    <time>${utcTime(workout.endMs)}</time>
  </metadata>
  <trk>
    <name>${routeName(wearer, workout).replace(/^route_(.*)\.gpx$/, "Route $1")}</name>
    <trkseg>
`;
  for (const { atMs, latitude, longitude, altitude, speed, course } of workout.route)
    yield `      <trkpt lon="${longitude.toFixed(6)}" lat="${latitude.toFixed(6)}"><ele>${altitude}</ele><time>${utcTime(atMs)}</time><extensions><speed>${speed}</speed><course>${course}</course><hAcc>4.2</hAcc><vAcc>3.1</vAcc></extensions></trkpt>\n`;
  yield "    </trkseg>\n  </trk>\n</gpx>\n";
}
