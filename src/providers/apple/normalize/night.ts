/** The durations of a night, from its stages or from the sums that a format made of them. */
import { type HypnogramSample, type SleepDurationsData, SleepLevel } from "../../../models/index.ts";
import { hourMs } from "../../kit/iso-time.ts";
import { lengthMs } from "../healthkit/interval.ts";
import { numberOf } from "./readings.ts";
import { asleepMs, hasStages, isSum, type SleepSession, SleepValue, type Stage } from "./sleep-sessions.ts";

const levels: Readonly<Record<Stage, SleepLevel>> = {
  [SleepValue.Asleep]: SleepLevel.Sleeping,
  [SleepValue.Awake]: SleepLevel.Awake,
  [SleepValue.Core]: SleepLevel.Light,
  [SleepValue.Deep]: SleepLevel.Deep,
  [SleepValue.Rem]: SleepLevel.Rem,
};

type Write = (ms: number) => string;

/** Asleep, awake and unmeasurable time together are the session. */
export function nightDurations(session: SleepSession, write: Write): SleepDurationsData {
  const summed = sumsOf(session);
  if (summed !== null) return summed;
  const { stages } = session;
  if (stages.length === 0) return { other: { duration_in_bed_seconds: inBedSeconds(session) } };
  const asleepSeconds = asleepMs(session) / 1_000;
  return {
    sleep_efficiency: efficiency(asleepSeconds, inBedSeconds(session)),
    asleep: asleep(session, asleepSeconds),
    awake: awake(session),
    other: {
      duration_in_bed_seconds: inBedSeconds(session),
      duration_unmeasurable_sleep_seconds:
        (lengthMs(session) - stages.reduce((sum, stage) => sum + lengthMs(stage), 0)) / 1_000,
    },
    hypnogram_samples: hypnogram(session, write),
  };
}

const secondsIn = ({ stages }: SleepSession, wanted: Stage): number =>
  stages.reduce((sum, one) => (one.stage === wanted ? sum + lengthMs(one) : sum), 0) / 1_000;

/** Devices that do not tell stages apart leave them null. */
function asleep(session: SleepSession, asleepSeconds: number): SleepDurationsData["asleep"] {
  const isStaged = hasStages(session);
  return {
    duration_asleep_state_seconds: asleepSeconds,
    duration_deep_sleep_state_seconds: isStaged ? secondsIn(session, SleepValue.Deep) : null,
    duration_light_sleep_state_seconds: isStaged ? secondsIn(session, SleepValue.Core) : null,
    duration_REM_sleep_state_seconds: isStaged ? secondsIn(session, SleepValue.Rem) : null,
    num_REM_events: isStaged ? session.stages.filter(({ stage }) => stage === SleepValue.Rem).length : null,
  };
}

/** Interruptions are long from 90 seconds on. */
const longInterruptionMs = 90_000;

function awake({ stages }: SleepSession): SleepDurationsData["awake"] {
  const interruptions = stages.filter(({ stage }) => stage === SleepValue.Awake).map(lengthMs);
  const seconds = (some: readonly number[]) => some.reduce((sum, ms) => sum + ms, 0) / 1_000;
  return {
    duration_awake_state_seconds: seconds(interruptions),
    duration_long_interruption_seconds: seconds(interruptions.filter((ms) => ms >= longInterruptionMs)),
    duration_short_interruption_seconds: seconds(interruptions.filter((ms) => ms < longInterruptionMs)),
    num_wakeup_events: interruptions.length,
  };
}

const inBedSeconds = ({ inBed }: SleepSession): number | null =>
  inBed.length === 0 ? null : inBed.reduce((sum, span) => sum + lengthMs(span), 0) / 1_000;

/** Percent. Null where the time in bed was written by another clock, so that the sleep is longer. */
const efficiency = (asleepSeconds: number, bedSeconds: number | null): number | null =>
  bedSeconds === null || bedSeconds < asleepSeconds ? null : (100 * asleepSeconds) / bedSeconds;

/** Time that no row tells of is Unknown. */
function hypnogram({ stages }: SleepSession, write: Write): HypnogramSample[] {
  return stages.flatMap(({ stage, startMs, endMs }, index) => {
    const next = stages[index + 1];
    const sample = { timestamp: write(startMs), level: levels[stage] };
    const hasGap = next !== undefined && next.startMs > endMs;
    return hasGap ? [sample, { timestamp: write(endMs), level: SleepLevel.Unknown }] : [sample];
  });
}

/** Hours of a night by stage, as Health Auto Export sums them up. */
interface Hours {
  readonly total: number | null;
  readonly plain: number | null;
  readonly core: number | null;
  readonly deep: number | null;
  readonly rem: number | null;
  readonly awake: number | null;
  readonly inBed: number | null;
}

/** Returns the durations of a night that a format summed up; null where its rows are stages. */
function sumsOf(session: SleepSession): SleepDurationsData | null {
  const hours = isSum(session) ? hoursOf(session) : null;
  if (hours === null) return null;
  const { core, deep, rem } = hours;
  const isStaged = (core ?? 0) + (deep ?? 0) + (rem ?? 0) > 0;
  // `asleep` is sleep without a stage; `totalSleep` is missing in old versions.
  const asleepHours = Math.max(hours.total ?? 0, sum(core, deep, rem, hours.plain));
  const bedSeconds = hours.inBed ? seconds(hours.inBed) : inBedSeconds(session);
  return {
    sleep_efficiency: efficiency(seconds(asleepHours) ?? 0, bedSeconds),
    asleep: {
      duration_asleep_state_seconds: seconds(asleepHours),
      duration_deep_sleep_state_seconds: isStaged ? seconds(deep) : null,
      duration_light_sleep_state_seconds: isStaged ? seconds(core) : null,
      duration_REM_sleep_state_seconds: isStaged ? seconds(rem) : null,
    },
    awake: { duration_awake_state_seconds: seconds(hours.awake) },
    other: { duration_in_bed_seconds: bedSeconds },
  };
}

const sum = (...hours: readonly (number | null)[]): number =>
  hours.reduce<number>((total, one) => total + (one ?? 0), 0);

/** To the millisecond: hours are written with 17 digits. */
const seconds = (hours: number | null): number | null =>
  hours === null ? null : Math.round(hours * hourMs) / 1_000;

function hoursOf({ rows }: SleepSession): Hours | null {
  const [row] = rows.filter(({ metadata }) => "totalSleep" in metadata || "asleep" in metadata);
  if (row === undefined) return null;
  const { metadata } = row;
  return {
    total: numberOf(metadata.totalSleep),
    plain: numberOf(metadata.asleep),
    core: numberOf(metadata.core),
    deep: numberOf(metadata.deep),
    rem: numberOf(metadata.rem),
    awake: numberOf(metadata.awake),
    inBed: numberOf(metadata.inBed),
  };
}
