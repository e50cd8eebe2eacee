import { clamp } from "../../../kit/random.ts";
import type { Athlete } from "../../generate/athlete.ts";
import { DAY, type Local, SECOND, startOfDay, toUtc, withOffset } from "../../generate/local-time.ts";
import { nightSignals } from "../../generate/night-signals.ts";
import { type Night, nightEnd } from "../../generate/plan.ts";
import { sleepBody, sleepScores } from "../../generate/sleep.ts";
import { DEEP, LIGHT, LIGHTER, REM, runsOf, UNKNOWN, WAKE } from "../../generate/sleep-stages.ts";
import type { Json } from "../data.ts";
import { deviceUuid } from "./device.ts";

const EPOCH = 30;
/** Interruptions of 90 seconds and more count as long. */
const LONG_EPOCHS = 3;
const SLEEP_GOAL = 28_800;

const STATES: Record<number, string> = {
  [WAKE]: "SLEEP_STATE_WAKE",
  [REM]: "SLEEP_STATE_REM",
  [LIGHTER]: "SLEEP_STATE_NON_REM1",
  [LIGHT]: "SLEEP_STATE_NON_REM2",
  [DEEP]: "SLEEP_STATE_NON_REM3",
  [UNKNOWN]: "SLEEP_STATE_UNKNOWN",
};

const RATINGS = [
  "SLEEP_RATING_UNKNOWN",
  "SLEEP_RATING_SLEPT_POORLY",
  "SLEEP_RATING_SLEPT_SOMEWHAT_POORLY",
  "SLEEP_RATING_SLEPT_NEITHER_POORLY_NOR_WELL",
  "SLEEP_RATING_SLEPT_SOMEWHAT_WELL",
  "SLEEP_RATING_SLEPT_WELL",
];

const duration = (seconds: number) => `${seconds}s`;

/** A time with its offset and as few decimals as it needs: `00:55:14.9+02:00`. */
const moment = (time: Local, offset: number) =>
  withOffset(time, offset).replace(/\.(\d*?)0*([+-])/, (_, digits: string, sign: string) =>
    digits === "" ? sign : `.${digits}${sign}`,
  );

interface V3Night {
  readonly sleep_rating: number;
  readonly sleep_cycles: number;
}

/** Makes a night as `/sleeps` with all features returns it: the same night as v3's, to the second. */
export function sleepV4(athlete: Athlete, night: Night): Json {
  const v3 = JSON.parse(JSON.stringify(sleepBody(athlete, night))) as V3Night;
  const { stages } = nightSignals(athlete, night);
  const saved = new Date(toUtc(nightEnd(night) + 180 * SECOND, athlete.utcOffset)).toISOString();
  return {
    sleepDate: night.date,
    sleepResult: {
      hypnogram: {
        sleepStart: moment(night.start, athlete.utcOffset),
        sleepEnd: moment(nightEnd(night), athlete.utcOffset),
        alarmSnoozeTimes: [],
        sleepStateChanges: stateChanges(stages),
        sleepStartOffsetSeconds: 0,
        sleepEndOffsetSeconds: 0,
        sleepRating: RATINGS[v3.sleep_rating] ?? RATINGS[0],
        sleepGoal: duration(SLEEP_GOAL),
        birthday: athlete.birthdate,
        deviceReference: { uuid: deviceUuid(athlete) },
        batteryRanOut: false,
      },
      sleepCycles: cycles(v3.sleep_cycles),
    },
    sleepScore: scoresOf(stages, saved),
    sleepEvaluation: evaluation(athlete, night, stages),
  };
}

/** Returns the changes of state; the last one, the waking, lies half a minute past the end, as was seen. */
function stateChanges(stages: readonly number[]): Json[] {
  const changes = stages.flatMap((stage, index) =>
    stage === stages[index - 1]
      ? []
      : [{ offsetFromStart: duration(index * EPOCH), newState: STATES[stage] }],
  );
  const last = { offsetFromStart: duration((stages.length + 1) * EPOCH), newState: STATES[WAKE] };
  return stages.at(-1) === WAKE ? changes : [...changes, last];
}

/** Returns the cycles. What `secondsFromSleepStart` counts is not known: it is larger than any night. */
function cycles(count: number): Json[] {
  return Array.from({ length: count }, (_, index) => ({
    secondsFromSleepStart: 64_005 + index * 5_430,
    sleepDepthAtCycleStart: 0.55581236 + index / 100,
  }));
}

function scoresOf(stages: readonly number[], saved: string): Json {
  const { duration: length, solidity, regeneration, continuity, charge } = sleepScores(stages);
  return {
    created: saved,
    lastModified: saved,
    sleepScore: four(clamp(0.44 * length + 0.28 * solidity + 0.28 * regeneration, 1, 100)),
    sleepTimeOwnTargetScore: four(length),
    sleepTimeRecommendationScore: four(length),
    continuityScore: four(continuity * 20),
    efficiencyScore: four(solidity),
    remScore: four(regeneration),
    n3Score: four(regeneration),
    longInterruptionsTimeScore: four(solidity),
    groupDurationScore: four(length),
    groupSolidityScore: four(solidity),
    groupRefreshScore: four(regeneration),
    scoreRate: charge,
  };
}

const four = (value: number) => Number(value.toFixed(4));

function evaluation(athlete: Athlete, night: Night, stages: readonly number[]): Json {
  const of = (...codes: number[]) => stages.filter((stage) => codes.includes(stage)).length * EPOCH;
  const span = stages.length * EPOCH;
  const [wake, rem, deep] = [of(WAKE), of(REM), of(DEEP)];
  const wakings = runsOf(stages, WAKE);
  const long = wakings.filter((epochs) => epochs >= LONG_EPOCHS);
  const short = wakings.filter((epochs) => epochs < LONG_EPOCHS);
  const sum = (runs: readonly number[]) => duration(runs.reduce((all, epochs) => all + epochs, 0) * EPOCH);
  const { continuity } = sleepScores(stages);
  return {
    sleepType: "SLEEP_TYPE_SLEEP_PLUS_STAGES",
    sleepSpan: duration(span),
    asleepDuration: duration(span - wake),
    age: (startOfDay(night.date) - startOfDay(athlete.birthdate)) / (365.25 * DAY),
    analysis: {
      efficiencyPercent: (100 * (span - wake)) / span,
      continuityIndex: Number(continuity.toFixed(1)),
      continuityClass: Math.round(continuity),
      feedback: "11120",
    },
    interruptions: {
      totalDuration: duration(wake),
      longDuration: sum(long),
      shortDuration: sum(short),
      totalCount: wakings.length,
      longCount: long.length,
      shortCount: short.length,
    },
    phaseDurations: {
      wake: duration(wake),
      rem: duration(rem),
      light: duration(of(LIGHT, LIGHTER)),
      deep: duration(deep),
      unknown: duration(of(UNKNOWN)),
      remPercentage: (100 * rem) / span,
      deepPercentage: (100 * deep) / span,
    },
  };
}

/** Makes a day of `/sleep-wake-vectors`: asleep or awake, counted from local midnight, until the last sync. */
export function sleepWakeV4(athlete: Athlete, date: string, nights: readonly Night[], until: Local): Json {
  const start = startOfDay(date);
  const end = Math.min(start + DAY, until);
  const changes = nights.flatMap((night) => {
    const { stages } = nightSignals(athlete, night);
    const states = [...stages.map((stage) => (stage === WAKE ? "WAKE" : "SLEEP")), "WAKE"];
    return states.flatMap((state, index) =>
      state === states[index - 1] ? [] : [{ time: night.start + index * EPOCH * SECOND, state }],
    );
  });
  const before = changes.findLast(({ time }) => time <= start);
  const inside = changes.filter(({ time }) => time > start && time < end);
  const first = { time: start, state: before?.state ?? "WAKE" };
  return {
    date,
    deviceReference: { uuid: deviceUuid(athlete) },
    sleepWakeStateChanges: [first, ...inside].map(({ time, state }) => ({
      startOffset: time - start,
      newState: `SLEEP_WAKE_STATE_${state}`,
    })),
  };
}
