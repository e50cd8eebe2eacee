/**
 * Writes an exercise body as a FIT file in Polar's way: manufacturer 255, no event messages, a lap for each whole
 * kilometre without a distance in it, markers of "invalid" where there is no value. Without a measured kilometre there
 * is one lap, the whole session.
 */
import { FitBaseType, FitEncoder, type FitEncoderField } from "fit-file-parser";
import { type ExerciseTrack, exerciseTrack, type TrackPoint } from "./exercise-track.ts";

/** Global message numbers of the FIT profile. */
const FILE_ID = 0;
const SESSION = 18;
const LAP = 19;
const RECORD = 20;
const ACTIVITY = 34;

const TIMESTAMP = 253;
const START_TIME = 2;
const METRES_OF_LAP = 1000;
const SEMICIRCLES = 2 ** 31 / 180;

type Value = number | undefined;

/** Returns a field. A value that is missing, or that the type cannot hold, becomes the type's marker for "invalid". */
function field(number: number, size: number, baseType: FitBaseType, invalid: number, value: Value) {
  const least = baseType === FitBaseType.Sint32 ? -invalid : 0;
  const raw = Math.round(value ?? invalid);
  return {
    number,
    size,
    baseType,
    value: raw >= least && raw < invalid ? raw : invalid,
  } satisfies FitEncoderField;
}

const byte = (number: number, value: Value) => field(number, 1, FitBaseType.Uint8, 0xff, value);
const word = (number: number, value: Value) => field(number, 2, FitBaseType.Uint16, 0xffff, value);
const long = (number: number, value: Value) => field(number, 4, FitBaseType.Uint32, 0xffffffff, value);
const signed = (number: number, value: Value) => field(number, 4, FitBaseType.Sint32, 0x7fffffff, value);
const code = (number: number, value: Value) => field(number, 1, FitBaseType.Enum, 0xff, value);
/** FIT counts from the last day of 1989; earlier times are "invalid". */
const FIT_EPOCH = Date.UTC(1989, 11, 31);
const time = (number: number, at: string) => long(number, (Date.parse(at) - FIT_EPOCH) / 1000);
const scaled = (value: Value, factor: number) => (value === undefined ? undefined : value * factor);

const SPORTS = [
  [/RUN|JOG/, 1],
  [/BIK|CYCL/, 2],
  [/SWIM/, 5],
  [/WALK/, 11],
] as const;

export function toFit(raw: string): Buffer {
  const track = exerciseTrack(raw);
  const encoder = new FitEncoder({ protocolVersion: 0x20 });
  encoder.writeMessage(FILE_ID, [code(0, 4), word(1, 255), time(4, endOf(track))]);
  for (const point of track.points) encoder.writeMessage(RECORD, record(point));
  for (const lap of lapsOf(track)) encoder.writeMessage(LAP, lapFields(lap), 1);
  encoder.writeMessage(SESSION, session(track), 2);
  const manualActivity = [code(2, 0), code(3, 26), code(4, 1)];
  encoder.writeMessage(ACTIVITY, [time(TIMESTAMP, endOf(track)), word(1, 1), ...manualActivity], 3);
  return Buffer.from(encoder.close());
}

const endOf = ({ start, seconds }: ExerciseTrack) =>
  new Date(Date.parse(start) + seconds * 1000).toISOString();

/** Returns an altitude as FIT counts it: from 500 m below sea level. */
const raised = (altitude: Value) => (altitude === undefined ? undefined : altitude + 500);

function record(point: TrackPoint): FitEncoderField[] {
  return [
    time(TIMESTAMP, point.time),
    signed(0, scaled(point.latitude, SEMICIRCLES)),
    signed(1, scaled(point.longitude, SEMICIRCLES)),
    word(2, scaled(raised(point.altitude), 5)),
    byte(3, point.heartRate),
    long(5, scaled(point.distance, 100)),
  ];
}

interface Lap {
  start: string;
  end: string;
  metres?: number;
  points: TrackPoint[];
}

/**
 * Returns the laps: from the first point at or beyond each whole kilometre to the next. The rest after the last one is
 * in no lap.
 */
function lapsOf(track: ExerciseTrack): Lap[] {
  const { points } = track;
  const laps: Lap[] = [];
  let first = 0;
  for (const [index, { distance = 0, time: end }] of points.entries()) {
    if (distance < (laps.length + 1) * METRES_OF_LAP) continue;
    const inside = points.slice(first, index);
    const start = inside[0]?.time ?? end;
    laps.push({ start, end, metres: METRES_OF_LAP, points: inside });
    first = index;
  }
  return laps.length > 0 ? laps : [{ start: track.start, end: endOf(track), points }];
}

function lapFields({ start, end, metres, points }: Lap): FitEncoderField[] {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  const beats = points.flatMap(({ heartRate }) => heartRate ?? []);
  const sum = beats.reduce((total, beat) => total + beat, 0);
  const speed = metres !== undefined && seconds > 0 ? metres / seconds : undefined;
  return [
    time(TIMESTAMP, end),
    time(START_TIME, start),
    long(7, seconds * 1000),
    long(52, seconds * 1000),
    long(9, undefined),
    word(13, scaled(speed, 1000)),
    byte(15, beats.length > 0 ? sum / beats.length : undefined),
    byte(16, beats.length > 0 ? Math.max(...beats) : undefined),
    // Seen in a real file whose laps all have one kilometre: 1 is "time".
    code(24, 1),
  ];
}

function session(track: ExerciseTrack): FitEncoderField[] {
  const { climb, descent } = climbOf(track.points);
  return [
    time(TIMESTAMP, endOf(track)),
    time(START_TIME, track.start),
    code(5, SPORTS.find(([pattern]) => pattern.test(track.sport))?.[1] ?? 0),
    code(6, 0),
    long(7, track.seconds * 1000),
    long(8, track.seconds * 1000),
    long(9, track.distance * 100),
    word(11, track.calories),
    byte(16, track.average),
    byte(17, track.maximum),
    word(22, climb),
    word(23, descent),
    code(28, 0),
  ];
}

/** Returns the metres of climb and descent; neither is known without any altitude. */
function climbOf(points: TrackPoint[]): { climb: Value; descent: Value } {
  const altitudes = points.flatMap(({ altitude }) => altitude ?? []);
  if (altitudes.length === 0) return { climb: undefined, descent: undefined };
  const steps = altitudes.slice(1).map((altitude, index) => altitude - (altitudes[index] ?? altitude));
  const sum = (sign: 1 | -1) => steps.reduce((total, step) => total + Math.max(0, sign * step), 0);
  return { climb: sum(1), descent: sum(-1) };
}
