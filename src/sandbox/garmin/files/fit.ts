/**
 * Writes the FIT file of a recording as a watch does: the timer's events, a record each second, the heartbeats of a
 * strap, a lap for each kilometre or ten minutes, markers of "invalid" where there is no value.
 */
import { FitBaseType, FitEncoder, type FitEncoderField } from "fit-file-parser";

/** A moment of a recording. What the device did not measure is left out. */
export interface Moment {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly heartRate?: number;
  readonly latitude?: number;
  readonly longitude?: number;
  /** Metres. */
  readonly altitude?: number;
  /** m/s. */
  readonly speed?: number;
  /** Metres since the start. */
  readonly distance?: number;
  /** A minute: of one foot in sports on foot. */
  readonly cadence?: number;
  readonly watts?: number;
  /** °C. */
  readonly temperature?: number;
}

export interface Recording {
  readonly start: number;
  readonly end: number;
  readonly pauses: readonly { readonly from: number; readonly to: number }[];
  /** The number of the FIT profile's sport. */
  readonly sport: number;
  readonly moments: readonly Moment[];
  /** Metres of a lap; null for laps of ten minutes. */
  readonly lapMetres: number | null;
}

const message = {
  fileId: 0,
  session: 18,
  lap: 19,
  record: 20,
  event: 21,
  device: 23,
  activity: 34,
  creator: 49,
  hrv: 78,
};
const timestamp = 253;
const startTime = 2;
const semicircles = 2 ** 31 / 180;
const lapMs = 600_000;

type Value = number | undefined;

function field(number: number, [size, baseType, invalid]: Type, value: Value, factor = 1): FitEncoderField {
  const raw = value === undefined ? invalid : Math.round(value * factor);
  return { number, size, baseType, value: Math.abs(raw) < invalid ? raw : invalid };
}

type Type = readonly [size: number, baseType: FitBaseType, invalid: number];
const u8: Type = [1, FitBaseType.Uint8, 0xff];
const s8: Type = [1, FitBaseType.Sint8, 0x7f];
const u16: Type = [2, FitBaseType.Uint16, 0xffff];
const u32: Type = [4, FitBaseType.Uint32, 0xffffffff];
const s32: Type = [4, FitBaseType.Sint32, 0x7fffffff];
const code: Type = [1, FitBaseType.Enum, 0xff];

const time = (number: number, ms: number): FitEncoderField =>
  field(number, u32, FitEncoder.toFitTimestamp(new Date(ms)));

/** Garmin's number, and that of its fēnix 7. */
const [garmin, product] = [1, 3_906];

export function fitOf(recording: Recording): Buffer {
  const { start, end } = recording;
  const encoder = new FitEncoder({ protocolVersion: 0x20 });
  encoder.writeMessage(message.fileId, [
    field(0, code, 4),
    field(1, u16, garmin),
    field(2, u16, product),
    time(4, start),
  ]);
  encoder.writeMessage(message.creator, [field(0, u16, 1_712)]);
  encoder.writeMessage(message.device, [
    time(timestamp, start),
    field(0, u8, 0),
    field(2, u16, garmin),
    field(4, u16, product),
    field(5, u16, 1_712),
  ]);
  for (const one of [...timerEvents(recording), ...records(recording), ...laps(recording)].sort(
    (a, b) => a.at - b.at,
  ))
    encoder.writeMessage(one.message, one.fields, one.message % 16);
  encoder.writeMessage(
    message.session,
    [...totals(recording, { start, end }), field(5, code, recording.sport)],
    2,
  );
  encoder.writeMessage(message.activity, [
    time(timestamp, end),
    field(0, u32, timerMs(recording, start, end)),
    field(1, u16, 1),
    field(2, code, 0),
    field(3, code, 26),
    field(4, code, 1),
  ]);
  return Buffer.from(encoder.close());
}

interface Written {
  readonly at: number;
  readonly message: number;
  readonly fields: FitEncoderField[];
}

const [timer, began, stopped] = [0, 0, 4];

function timerEvents({ start, end, pauses }: Recording): Written[] {
  const event = (at: number, type: number): Written => ({
    at,
    message: message.event,
    fields: [time(timestamp, at), field(0, code, timer), field(1, code, type)],
  });
  return [
    event(start, began),
    ...pauses.flatMap(({ from, to }) => [event(from, stopped), event(to, began)]),
    event(end, stopped),
  ];
}

function records({ moments }: Recording): Written[] {
  return moments.flatMap((moment) => [
    { at: moment.at, message: message.record, fields: recordOf(moment) },
    ...(moment.heartRate === undefined ? [] : [heartbeats(moment.at, moment.heartRate)]),
  ]);
}

const recordOf = (moment: Moment): FitEncoderField[] => [
  time(timestamp, moment.at),
  field(0, s32, moment.latitude, semicircles),
  field(1, s32, moment.longitude, semicircles),
  field(3, u8, moment.heartRate),
  field(4, u8, moment.cadence),
  field(5, u32, moment.distance, 100),
  field(7, u16, moment.watts),
  field(13, s8, moment.temperature),
  field(73, u32, moment.speed, 1_000),
  // Counted in fifths from 500 m below the sea.
  field(78, u32, moment.altitude === undefined ? undefined : moment.altitude + 500, 5),
];

/** The beats of a second: up to five places, of which two are used. */
function heartbeats(at: number, heartRate: number): Written {
  const places = Buffer.alloc(10, 0xff);
  const milliseconds = Math.round(60_000 / heartRate);
  for (let beat = 0; beat < Math.floor(heartRate / 60); beat += 1)
    places.writeUInt16LE(milliseconds, beat * 2);
  const fields = [{ number: 0, size: 10, baseType: FitBaseType.Uint16, value: new Uint8Array(places) }];
  return { at, message: message.hrv, fields };
}

const trigger = { time: 1, distance: 2, end: 7 };

function laps(recording: Recording): Written[] {
  const { start, end, moments, lapMetres } = recording;
  const ends: number[] = [];
  let first = { at: start, distance: 0 };
  for (const { at, distance = 0 } of moments) {
    const isFull = lapMetres === null ? at - first.at >= lapMs : distance - first.distance >= lapMetres;
    if (!isFull || at >= end) continue;
    ends.push(at);
    first = { at, distance };
  }
  return [...ends, end].map((at, index, all) => ({
    at,
    message: message.lap,
    fields: [
      field(254, u16, index),
      ...totals(recording, { start: all[index - 1] ?? start, end: at }),
      field(24, code, at === end ? trigger.end : lapMetres === null ? trigger.time : trigger.distance),
      field(25, code, recording.sport),
    ],
  }));
}

/** Fields of both laps and sessions; the numbers of some of them differ. */
function totals(recording: Recording, { start, end }: { readonly start: number; readonly end: number }) {
  const inside = recording.moments.filter(({ at }) => start <= at && at <= end);
  const beats = inside.flatMap(({ heartRate }) => heartRate ?? []);
  const metres = inside.flatMap(({ distance }) => distance ?? []);
  const isSession = start === recording.start && end === recording.end;
  const travelled = metres.length > 0 ? (metres.at(-1) ?? 0) - (metres[0] ?? 0) : undefined;
  const [average, most] = isSession ? [16, 17] : [15, 16];
  return [
    time(timestamp, end),
    time(startTime, start),
    field(7, u32, end - start),
    field(8, u32, timerMs(recording, start, end)),
    field(9, u32, travelled, 100),
    field(
      average,
      u8,
      beats.length > 0 ? beats.reduce((sum, bpm) => sum + bpm, 0) / beats.length : undefined,
    ),
    field(most, u8, beats.length > 0 ? Math.max(...beats) : undefined),
  ];
}

/** The milliseconds of a stretch without the pauses. */
const timerMs = ({ pauses }: Recording, start: number, end: number): number =>
  pauses.reduce(
    (left, { from, to }) => left - Math.max(0, Math.min(to, end) - Math.max(from, start)),
    end - start,
  );
