import { escapeXml, exerciseTrack, type TrackPoint } from "./exercise-track.ts";

const NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2";

/** Writes an exercise body as Training Center XML: one lap and one track, as Polar exports a session without pauses. */
export function toTcx(raw: string): string {
  const track = exerciseTrack(raw);
  const heartRate = (name: string, value: number | undefined) =>
    value === undefined ? "" : `<${name}><Value>${value}</Value></${name}>`;
  const points = track.points.map(trackpoint).join("");
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="${NAMESPACE}"><Activities>` +
    `<Activity Sport="${sportOf(track.sport)}"><Id>${track.start}</Id><Lap StartTime="${track.start}">` +
    `<TotalTimeSeconds>${track.seconds}</TotalTimeSeconds><DistanceMeters>${track.distance}</DistanceMeters>` +
    `<Calories>${track.calories}</Calories>` +
    heartRate("AverageHeartRateBpm", track.average) +
    heartRate("MaximumHeartRateBpm", track.maximum) +
    "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>" +
    (points && `<Track>${points}</Track>`) +
    `</Lap><Notes>${escapeXml(track.sport)}</Notes></Activity></Activities></TrainingCenterDatabase>\n`
  );
}

/** TCX knows three sports. */
function sportOf(sport: string): string {
  if (/RUN|JOG/.test(sport)) return "Running";
  return /BIK|CYCL/.test(sport) ? "Biking" : "Other";
}

function trackpoint(point: TrackPoint): string {
  const tag = (name: string, value: number | undefined) =>
    value === undefined ? "" : `<${name}>${value}</${name}>`;
  const { latitude, longitude, heartRate } = point;
  const position =
    latitude === undefined
      ? ""
      : `<Position>${tag("LatitudeDegrees", latitude)}${tag("LongitudeDegrees", longitude)}</Position>`;
  const rate = heartRate ? `<HeartRateBpm><Value>${heartRate}</Value></HeartRateBpm>` : "";
  return (
    `<Trackpoint><Time>${point.time}</Time>${position}${tag("AltitudeMeters", point.altitude)}` +
    `${tag("DistanceMeters", point.distance)}${rate}</Trackpoint>`
  );
}
