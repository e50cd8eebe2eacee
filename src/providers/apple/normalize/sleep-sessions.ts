/**
 * Nights and naps from HealthKit's sleep samples. HealthKit has no sessions: a night is many rows of stages, from several
 * sources that may contradict each other. A session is made of the stages of one source, so that nothing is counted
 * twice.
 */
import type { Interval } from "../healthkit/merge.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import { rankOf } from "../healthkit/source.ts";

/** HKCategoryValueSleepAnalysis, as HealthKit numbers it. */
export const SleepValue = { InBed: 0, Asleep: 1, Awake: 2, Core: 3, Deep: 4, Rem: 5 } as const;
export type Stage = Exclude<(typeof SleepValue)[keyof typeof SleepValue], 0>;

export interface StageInterval extends Interval {
  readonly stage: Stage;
}

export interface SleepSession extends Interval {
  readonly source: Source;
  /** In order, without overlaps; time that no row tells of is in none. */
  readonly stages: readonly StageInterval[];
  /** From the in-bed rows of any source, in order, without overlaps; empty where none was written. */
  readonly inBed: readonly Interval[];
  /** The sources of other sessions of the same time, which count for nothing. */
  readonly others: readonly Source[];
}

/** A longer gap between two rows of one source is the end of a session. */
const longestGapMs = 2 * 3_600_000;

/** Of two stages at one time that with the higher rank holds: the finer statement, and wakefulness over plain sleep. */
const stageRank: Readonly<Record<Stage, number>> = {
  [SleepValue.Deep]: 5,
  [SleepValue.Rem]: 4,
  [SleepValue.Core]: 3,
  [SleepValue.Awake]: 2,
  [SleepValue.Asleep]: 1,
};

/** Returns the sessions in order of time; those of one person never overlap. */
export function sleepSessions(samples: readonly Sample[]): SleepSession[] {
  const inBed = united(samples.filter(({ value }) => value === SleepValue.InBed));
  const candidates = bySource(samples.filter(isStage)).flatMap(sessionsOf);
  const chosen: SleepSession[] = [];
  for (const candidate of candidates.toSorted(compareTrust)) {
    const rivals = chosen.filter((session) => overlaps(session, candidate));
    if (rivals.length === 0) chosen.push(candidate);
    for (const rival of rivals) {
      chosen[chosen.indexOf(rival)] = { ...rival, others: [...rival.others, candidate.source] };
    }
  }
  return chosen
    .map((session) => ({ ...session, inBed: inBed.filter((span) => overlaps(span, session)) }))
    .toSorted((one, other) => one.startMs - other.startMs);
}

interface StageSample extends Sample {
  readonly value: Stage;
}

const isStage = (sample: Sample): sample is StageSample =>
  sample.value !== null && Object.hasOwn(stageRank, sample.value) && sample.endMs > sample.startMs;

const overlaps = (one: Interval, other: Interval): boolean =>
  one.startMs < other.endMs && other.startMs < one.endMs;

function bySource(samples: readonly StageSample[]): StageSample[][] {
  const groups = new Map<string, StageSample[]>();
  for (const sample of samples) {
    const { name, bundleId, model } = sample.source;
    const key = JSON.stringify([name, bundleId, model]);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  return [...groups.values()];
}

function sessionsOf(samples: readonly StageSample[]): SleepSession[] {
  const runs: StageSample[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const sample of samples.toSorted((one, other) => one.startMs - other.startMs)) {
    const run = runs.at(-1);
    if (run === undefined || sample.startMs - endMs > longestGapMs) runs.push([sample]);
    else run.push(sample);
    endMs = Math.max(endMs, sample.endMs);
  }
  return runs.flatMap(sessionOf);
}

/** Returns none where the person never slept: rows of wakefulness alone are no sleep. */
function sessionOf(run: readonly StageSample[]): SleepSession[] {
  const [first] = run;
  if (first === undefined || run.every(({ value }) => value === SleepValue.Awake)) return [];
  const stages = withoutOverlaps(run);
  const [begin, end] = [stages[0], stages.at(-1)];
  if (begin === undefined || end === undefined) return [];
  const { source } = first;
  return [{ source, startMs: begin.startMs, endMs: end.endMs, stages, inBed: [], others: [] }];
}

/** Cuts time at each beginning and end, and gives each piece the highest stage that covers it. */
function withoutOverlaps(run: readonly StageSample[]): StageInterval[] {
  const cuts = [...new Set(run.flatMap(({ startMs, endMs }) => [startMs, endMs]))].toSorted((a, b) => a - b);
  const ordered = run.toSorted((one, other) => one.startMs - other.startMs);
  const stages: StageInterval[] = [];
  let next = 0;
  let open: StageSample[] = [];
  for (const [index, startMs] of cuts.slice(0, -1).entries()) {
    open = open.filter(({ endMs }) => endMs > startMs);
    for (; ordered[next]?.startMs === startMs; next += 1) open.push(ordered[next] as StageSample);
    const stage = highest(open);
    const endMs = cuts[index + 1] ?? startMs;
    const last = stages.at(-1);
    if (stage === null) continue;
    if (last?.stage === stage && last.endMs === startMs) stages[stages.length - 1] = { ...last, endMs };
    else stages.push({ stage, startMs, endMs });
  }
  return stages;
}

const highest = (open: readonly StageSample[]): Stage | null =>
  open.reduce<Stage | null>(
    (best, { value }) => (best === null || stageRank[value] > stageRank[best] ? value : best),
    null,
  );

/** Joins intervals that overlap or touch. */
function united(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = [];
  for (const { startMs, endMs } of intervals.toSorted((one, other) => one.startMs - other.startMs)) {
    const last = joined.at(-1);
    if (last === undefined || last.endMs < startMs) joined.push({ startMs, endMs });
    else joined[joined.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) };
  }
  return joined;
}

/** Orders sessions: stages before plain sleep, then Watch, iPhone, others, then the longer sleep. */
function compareTrust(one: SleepSession, other: SleepSession): number {
  return (
    Number(hasStages(other)) - Number(hasStages(one)) ||
    rankOf(one.source) - rankOf(other.source) ||
    asleepMs(other) - asleepMs(one) ||
    one.startMs - other.startMs ||
    (JSON.stringify(one.source) < JSON.stringify(other.source) ? -1 : 1)
  );
}

const hasStages = ({ stages }: SleepSession): boolean =>
  stages.some(({ stage }) => stage !== SleepValue.Asleep && stage !== SleepValue.Awake);

/** Returns the time asleep, in milliseconds. */
export const asleepMs = ({ stages }: Pick<SleepSession, "stages">): number =>
  stages.reduce(
    (sum, { stage, startMs, endMs }) => (stage === SleepValue.Awake ? sum : sum + endMs - startMs),
    0,
  );
