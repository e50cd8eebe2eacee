/** Reads from an exercise body what TCX and GPX both need. It reads tolerantly, because any body may have been put. */

export interface TrackPoint {
  /** The time in UTC, with milliseconds. */
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

const NUMBER = "(\\d+(?:[.,]\\d+)?)";
const DURATION = new RegExp(
  `^P(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
);
const UNIT_SECONDS = [604_800, 86_400, 3600, 60, 1];

/** Converts "PT1H2M3.5S", "P1DT2H" or "PT3589.978S" to seconds. */
export function seconds(duration: unknown): number {
  const [, ...numbers] = (typeof duration === "string" && DURATION.exec(duration)) || [];
  return numbers.reduce(
    (sum, number, index) => sum + Number((number ?? "0").replace(",", ".")) * (UNIT_SECONDS[index] ?? 0),
    0,
  );
}

/**
 * Returns the start in UTC: local − offset, checked against FIT files. A time that states its own offset needs no
 * other.
 */
function startOf({ start_time, start_time_utc_offset }: Body): number {
  if (/T.*(Z|[+-]\d\d:?\d\d)$/.test(start_time)) {
    const stated = Date.parse(start_time);
    if (!Number.isNaN(stated)) return stated;
  }
  const local = Date.parse(`${start_time}Z`);
  const offset = typeof start_time_utc_offset === "number" ? start_time_utc_offset : 0;
  // The start begins with a date, because no other body can be put.
  return (Number.isNaN(local) ? Date.parse(start_time.slice(0, 10)) : local) - offset * 60_000;
}

export function exerciseTrack(raw: string): ExerciseTrack {
  const body = JSON.parse(raw) as Body;
  const start = startOf(body);
  const { average, maximum } = body.heart_rate ?? {};
  return {
    start: new Date(start).toISOString(),
    seconds: seconds(body.duration),
    sport: String(body.detailed_sport_info ?? body.sport ?? "OTHER"),
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

/** Returns one value a second. A slower recording repeats its value until the next. */
function series(body: Body, type: number): number[] | undefined {
  const sample = body.samples?.find((candidate) => Number(candidate.sample_type) === type);
  const rate = Math.max(1, sample?.recording_rate ?? 1);
  return typeof sample?.data !== "string"
    ? undefined
    : sample.data.split(",").flatMap((value) => {
        const number = value === "" || value === "null" ? Number.NaN : Number(value);
        return Array.from({ length: rate }, () => number);
      });
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
