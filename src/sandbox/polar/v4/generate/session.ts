import { Random } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { exerciseBody } from "../../generate/exercise.ts";
import { localSecond, MINUTE, SECOND, toUtc } from "../../generate/local-time.ts";
import type { Session } from "../../generate/plan.ts";
import type { Json } from "../data.ts";
import { sportId } from "../sports.ts";
import type { Switches } from "../switches.ts";
import { lapsOf } from "./laps.ts";
import { type Series, seriesOf, statisticsOf } from "./series.ts";
import type { V3Exercise } from "./v3-exercise.ts";

/** Session and exercise were seen to stop this far apart. */
const STOP_APART = 5 * SECOND;

/** Returns the id of a session at v4. It has nothing to do with v3's id of the same session. */
export const sessionId = (athlete: Athlete, session: Session): string =>
  new Random(athlete.userId, session.id, "v4").uuid().toLowerCase();

/**
 * Makes a session as `/training-sessions/list` with all features returns it, from v3's body of the same session.
 */
export function sessionV4(athlete: Athlete, session: Session, switches: Switches): Json {
  const v3 = JSON.parse(JSON.stringify(exerciseBody(athlete, session))) as V3Exercise;
  const series = seriesOf(v3);
  const stop = session.start + Math.floor(session.length / SECOND) * SECOND;
  const report = { trainingLoadReport: loadReport(v3) };
  const isOnSession = switches.training_load_report === "session";
  return {
    identifier: { id: sessionId(athlete, session) },
    ...common(athlete, session, v3, stop),
    ...(v3.distance !== undefined && { distanceMeters: v3.distance }),
    name: "",
    deviceId: athlete.deviceId,
    trainingBenefit: "TRAINING_BENEFIT_BASIC_TRAINING",
    hrAvg: v3.heart_rate.average,
    hrMax: v3.heart_rate.maximum,
    note: "",
    startTrigger: "TRAINING_START_MANUAL",
    application: { name: "Polar Flow" },
    product: { modelName: "Polar Pacer Pro" },
    physicalInformation: {
      weight: athlete.weight,
      height: athlete.height,
      maximumHeartRate: athlete.maximumHr,
    },
    ...(isOnSession && report),
    exercises: [{ ...exercise(athlete, session, v3, switches, series), ...(!isOnSession && report) }],
  };
}

/** Returns what a session and its exercise both tell. */
function common(athlete: Athlete, session: Session, v3: V3Exercise, stop: number): Json {
  // Polar writes these two in UTC, without saying so.
  const saved = localSecond(toUtc(session.start + session.length + 4 * MINUTE, athlete.utcOffset));
  return {
    created: saved,
    modified: saved,
    startTime: localSecond(session.start),
    stopTime: localSecond(stop),
    durationMillis: session.length,
    calories: v3.calories,
    carboPercentage: v3.carbohydrate_percentage,
    fatPercentage: v3.fat_percentage,
    proteinPercentage: v3.protein_percentage,
    recoveryTimeMillis: String(Math.round(session.length * 9.5)),
    timezoneOffsetMinutes: athlete.utcOffset,
    sport: { id: String(sportId(v3.detailed_sport_info)) },
  };
}

function exercise(
  athlete: Athlete,
  session: Session,
  v3: V3Exercise,
  switches: Switches,
  series: readonly Series[],
): Json {
  const apart = switches.exercise_stop === "earlier" ? STOP_APART : 0;
  const stop = session.start + Math.floor(session.length / SECOND) * SECOND - apart;
  const random = new Random(athlete.userId, session.id, "exercise");
  return {
    identifier: { id: String(random.int(1_000_000_000, 9_999_999_999)) },
    ...common(athlete, session, v3, stop),
    ...outdoors(v3, series),
    ...(v3.running_index !== undefined && { runningIndex: v3.running_index }),
    samples: {
      samples: series.map(({ type, values }) => ({
        type,
        intervalMillis: SECOND,
        values: gapped(values, switches.sample_gaps),
      })),
      rrSamples: beats(athlete, session, series, switches),
    },
    laps: lapsOf(session, series, switches),
    statistics: { statistics: statisticsOf(series, 0, Number.POSITIVE_INFINITY) },
    zones: [{ type: "ZONE_TYPE_HEART_RATE", zones: zonesOf(v3, series) }],
    pauseTimes: [],
    ...(v3.route && { routes: { route: routeOf(v3, series) } }),
  };
}

function outdoors(v3: V3Exercise, series: readonly Series[]): Json {
  if (v3.distance === undefined) return {};
  const altitudes = valuesOf(series, "ALTITUDE");
  const climbs = altitudes.map((altitude, index) => altitude - (altitudes[index - 1] ?? altitude));
  const sum = (sign: number) => climbs.reduce((all, climb) => all + Math.max(0, sign * climb), 0);
  return {
    distanceMeters: v3.distance,
    ...(altitudes.length > 0 && {
      ascentMeters: Number(sum(1).toFixed(1)),
      descentMeters: Number(sum(-1).toFixed(1)),
    }),
  };
}

export const valuesOf = (series: readonly Series[], type: string): readonly number[] =>
  series.find((one) => one.type === type)?.values ?? [];

/** Leaves out some values, in the form that the switch says. */
function gapped(values: readonly number[], form: Switches["sample_gaps"]): (number | null | string)[] {
  if (form === "none") return [...values];
  return values.map((value, index) => (index % 97 === 50 ? (form === "null" ? null : "NaN") : value));
}

/** Returns the intervals between the beats of the heart-rate series. */
function beats(athlete: Athlete, session: Session, series: readonly Series[], switches: Switches): Json[] {
  const random = new Random(athlete.seed, session.start, "rr");
  const rates = valuesOf(series, "HEART_RATE");
  const found: Json[] = [];
  for (let time = 0; time < rates.length * SECOND; ) {
    const rate = rates[Math.floor(time / SECOND)] ?? 60;
    const interval = Math.round(60_000 / rate + 6 * random.normal());
    found.push({ durationMillis: interval, ...(switches.rr_offline === "present" && { offline: false }) });
    time += interval;
  }
  return found;
}

function zonesOf({ heart_rate_zones: zones }: V3Exercise, series: readonly Series[]): Json[] {
  const rates = valuesOf(series, "HEART_RATE");
  return zones.map(({ lower_limit, upper_limit }, index) => ({
    lowerLimit: lower_limit,
    higherLimit: upper_limit,
    inZone:
      rates.filter((rate) => rate >= lower_limit && (rate < upper_limit || index === zones.length - 1))
        .length * SECOND,
  }));
}

function routeOf(v3: V3Exercise, series: readonly Series[]): Json {
  const altitudes = valuesOf(series, "ALTITUDE");
  return {
    startTime: v3.start_time,
    wayPoints: (v3.route ?? []).map(({ latitude, longitude }, second) => ({
      latitude,
      longitude,
      ...(altitudes[second] !== undefined && { altitude: altitudes[second] }),
      elapsedMillis: second * SECOND,
    })),
  };
}

/** Returns the loads that v3 tells; where v3 has a sign for no value, v4 has no field. */
function loadReport({ training_load_pro: load }: V3Exercise): Json {
  const muscle = Number(load["muscle-load"]);
  return {
    cardioLoad: load["cardio-load"],
    cardioLoadInterpretation: `TRAINING_LOAD_INTERPRETATION_${load["cardio-load-interpretation"]}`,
    ...(muscle >= 0 && {
      muscleLoad: muscle,
      muscleLoadInterpretation: `TRAINING_LOAD_INTERPRETATION_${load["muscle-load-interpretation"]}`,
    }),
  };
}
