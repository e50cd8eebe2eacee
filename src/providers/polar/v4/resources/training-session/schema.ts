/** A training session of v4 (POLAR-V4 §5): its summary, and its exercises with what the features add. */
import { z } from "zod";
import {
  asSent,
  asSentInOrderOf,
  idText,
  number,
  offsetMinutes,
  text,
  time,
  unused,
} from "../../../../kit/fields.ts";
import { compareValues, inOrder } from "../../../../kit/in-order.ts";
import { isParsed, parseTime } from "../../../../kit/iso-time.ts";
import { int64, millis } from "../../reading.ts";
import { impersonal, withoutPersonal } from "../personal.ts";

const named = z.looseObject({ id: idText.nullish() }).nullish();

/** A value of a series. A gap is null, or "NaN": protobuf's JSON has no other sign for it. */
const sampleValue = z.preprocess((value) => (value === "NaN" ? null : value), z.number().nullable());

const seriesSchema = z.looseObject({
  type: z.string(),
  intervalMillis: millis.nullish(),
  values: z.array(sampleValue).nullish(),
});

const statisticSchema = z.looseObject({ type: z.string(), min: number, avg: number, max: number });
const statisticsSchema = z
  .looseObject({ statistics: z.array(statisticSchema).transform(byType).nullish() })
  .nullish();

/** Sorts what is named by a type; items of one type by their content. */
function byType<Item extends { readonly type: string }>(items: readonly Item[]): readonly Item[] {
  const textOf = (item: Item) => `${item.type} ${JSON.stringify(item)}`;
  return items.toSorted((one, other) => compareValues(textOf(one), textOf(other)));
}

const lapSchema = z.looseObject({
  splitTimeMillis: millis.nullish(),
  durationMillis: millis.nullish(),
  distanceMeters: number,
  ascentMeters: number,
  descentMeters: number,
  statistics: statisticsSchema,
});
const lapsSchema = z
  .array(lapSchema)
  .transform((laps) => inOrder(laps, ({ splitTimeMillis }) => splitTimeMillis ?? null))
  .nullish();

const zoneSchema = z.looseObject({ lowerLimit: number, higherLimit: number, inZone: millis.nullish() });
const zonesSchema = z.looseObject({
  type: z.string(),
  zones: z
    .array(zoneSchema)
    .transform((zones) => inOrder(zones, ({ lowerLimit }) => lowerLimit ?? null))
    .nullish(),
});

const wayPointSchema = z.looseObject({
  latitude: z.number().min(-90).max(90).nullish(),
  longitude: z.number().min(-180).max(180).nullish(),
  altitude: number,
  elapsedMillis: millis.nullish(),
});
const routeSchema = z
  .looseObject({ startTime: time.nullish(), wayPoints: z.array(wayPointSchema).nullish() })
  .nullish();

const loadSchema = z.looseObject({ cardioLoad: number }).nullish();

const exerciseSchema = z.looseObject({
  identifier: named,
  created: unused,
  modified: unused,
  startTime: time.nullish(),
  stopTime: time.nullish(),
  durationMillis: millis.nullish(),
  calories: number,
  distanceMeters: number,
  ascentMeters: number,
  descentMeters: number,
  carboPercentage: asSent,
  fatPercentage: asSent,
  proteinPercentage: asSent,
  recoveryTimeMillis: int64,
  runningIndex: asSent,
  timezoneOffsetMinutes: offsetMinutes,
  sport: named,
  samples: z
    .looseObject({
      samples: z
        .array(seriesSchema)
        .transform((series) => inOrder(series, ({ type }) => rankOf(type)))
        .nullish(),
      rrSamples: impersonal,
      transitionRrSamples: impersonal,
    })
    .nullish(),
  laps: z.looseObject({ laps: lapsSchema, autoLaps: lapsSchema }).nullish(),
  statistics: statisticsSchema,
  zones: z.array(zonesSchema).transform(byType).nullish(),
  routes: z.looseObject({ route: routeSchema, transitionRoute: impersonal }).nullish(),
  trainingLoadReport: loadSchema,
  pauseTimes: asSentInOrderOf("startTime").transform(withoutPersonal),
  hillSplits: impersonal,
  testResults: impersonal,
  strengthTrainingResults: impersonal,
  comments: impersonal,
});

/** The kinds that Terra has a field for. */
export const seriesTypes = ["HEART_RATE", "SPEED", "CADENCE", "ALTITUDE", "DISTANCE", "POWER"] as const;
export type SeriesType = (typeof seriesTypes)[number];
/** The order means nothing; it is only always the same. */
const rankOf = (type: string): number => (seriesTypes as readonly string[]).indexOf(type);

const startOf = ({ startTime }: { readonly startTime?: string | null | undefined }): number | null =>
  startTime && isParsed(() => parseTime(startTime)) ? parseTime(startTime).localMs : null;

export const sessionSchema = z
  .looseObject({
    identifier: z.looseObject({ id: idText }),
    created: asSent,
    modified: asSent,
    startTime: time,
    stopTime: time.nullish(),
    name: asSent,
    deviceId: idText.nullish(),
    durationMillis: millis.nullish(),
    calories: number,
    distanceMeters: number,
    trainingBenefit: asSent,
    carboPercentage: asSent,
    fatPercentage: asSent,
    proteinPercentage: asSent,
    recoveryTimeMillis: int64,
    hrAvg: number,
    hrMax: number,
    timezoneOffsetMinutes: offsetMinutes,
    application: z.looseObject({ name: asSent }).nullish(),
    sport: named,
    product: z.looseObject({ modelName: text }).nullish(),
    note: impersonal,
    feeling: impersonal,
    startTrigger: asSent,
    trainingLoad: impersonal,
    testResults: impersonal,
    strengthTrainingResults: impersonal,
    comments: impersonal,
    hillSplits: impersonal,
    trainingLoadReport: loadSchema,
    exercises: z
      .array(exerciseSchema)
      .transform((exercises) => inOrder(exercises, startOf))
      .nullish(),
  })
  .refine(({ stopTime, durationMillis }) => (stopTime ?? durationMillis ?? null) !== null, {
    path: ["stopTime"],
    message: "Expected a time or a duration",
  });

export type V4Session = z.output<typeof sessionSchema>;
export type V4Exercise = z.output<typeof exerciseSchema>;
export type V4Lap = z.output<typeof lapSchema>;
export type V4Series = z.output<typeof seriesSchema>;
export type V4Statistics = z.output<typeof statisticsSchema>;

/** A session in a list without features: what tells whether it is new or has changed. */
export const listedSessionSchema = z.looseObject({
  identifier: z.looseObject({ id: idText }),
  modified: asSent,
  startTime: time,
});
