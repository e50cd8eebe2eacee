/** What both TCX and GPX need of an exercise body, read tolerantly: bodies are whatever was put. */

export interface TrackPoint {
  /** UTC, with milliseconds. */
  time: string;
  latitude?: number;
  longitude?: number;
  altitude?: number;
  distance?: number;
  heartRate?: number;
}

export interface ExerciseTrack {
  start: string;
  seconds: number;
  sport: string;
  calories: number;
  distance: number;
  average?: number;
  maximum?: number;
  points: TrackPoint[];
}

interface Body {
  start_time: string;
  start_time_utc_offset?: number;
  duration?: string;
  sport?: string;
  detailed_sport_info?: string;
  calories?: number;
  distance?: number;
  heart_rate?: { average?: number; maximum?: number };
  samples?: { recording_rate?: number; sample_type?: number | string; data?: string }[];
  route?: { latitude: number; longitude: number; time: string }[];
}

const HEART_RATE = 0;
const ALTITUDE = 3;
const DISTANCE = 10;

/** "PT1H2M3.5S" or "PT3589.978S" → seconds. */
export function seconds(duration: string | undefined): number {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration ?? "");
  if (!parts) return 0;
  return Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
}

export function exerciseTrack(raw: string): ExerciseTrack {
  const body = JSON.parse(raw) as Body;
  // UTC = local − offset, checked against FIT files.
  const start = Date.parse(`${body.start_time}Z`) - (body.start_time_utc_offset ?? 0) * 60_000;
  const { average, maximum } = body.heart_rate ?? {};
  return {
    start: new Date(start).toISOString(),
    seconds: seconds(body.duration),
    sport: body.detailed_sport_info ?? body.sport ?? "OTHER",
    calories: body.calories ?? 0,
    distance: body.distance ?? 0,
    ...(average === undefined ? {} : { average }),
    ...(maximum === undefined ? {} : { maximum }),
    points: points(body, start),
  };
}

function points(body: Body, start: number): TrackPoint[] {
  const [rates, altitudes, distances] = [HEART_RATE, ALTITUDE, DISTANCE].map((type) => series(body, type));
  const route = new Map(body.route?.map((point) => [Math.round(seconds(point.time)), point]));
  const last = Math.max(rates?.length ?? 0, distances?.length ?? 0, ...[...route.keys()].map((at) => at + 1));
  return Array.from({ length: last }, (_, second) => {
    const place = route.get(second);
    return {
      time: new Date(start + second * 1000).toISOString(),
      ...(place && { latitude: place.latitude, longitude: place.longitude }),
      ...numbered("altitude", altitudes?.[second]),
      ...numbered("distance", distances?.[second]),
      ...numbered("heartRate", rates?.[second]),
    };
  });
}

function numbered(key: string, value: number | undefined): object {
  return value === undefined || Number.isNaN(value) ? {} : { [key]: value };
}

/** One value a second; a slower recording holds its value until the next. */
function series(body: Body, type: number): number[] | undefined {
  const sample = body.samples?.find((candidate) => Number(candidate.sample_type) === type);
  const rate = Math.max(1, sample?.recording_rate ?? 1);
  return sample?.data?.split(",").flatMap((value) => {
    const number = value === "" || value === "null" ? Number.NaN : Number(value);
    return Array.from({ length: rate }, () => number);
  });
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
