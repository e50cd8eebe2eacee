import { escapeXml, exerciseTrack } from "./exercise-track.ts";

/** Writes an exercise body as GPX 1.1, without heart rate, like Polar's. Undefined when it has no route. */
export function toGpx(raw: string): string | undefined {
  const track = exerciseTrack(raw);
  const located = track.points.filter((point) => point.latitude !== undefined);
  if (located.length === 0) return undefined;
  const points = located.map(({ latitude, longitude, altitude, time }) => {
    const elevation = altitude === undefined ? "" : `<ele>${altitude}</ele>`;
    return `<trkpt lat="${latitude}" lon="${longitude}">${elevation}<time>${time}</time></trkpt>`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<gpx version="1.1" creator="Polar AccessLink sandbox" xmlns="http://www.topografix.com/GPX/1/1">' +
    `<metadata><time>${track.start}</time></metadata>` +
    `<trk><name>${escapeXml(track.sport)}</name><trkseg>${points.join("")}</trkseg></trk></gpx>\n`
  );
}
