/**
 * Nights and naps from HealthKit's sleep samples. HealthKit has no sessions: a night is many rows of stages, from several
 * sources that may contradict each other. A session is made of the stages of one source, so that nothing is counted
 * twice.
 */
import { type Interval, united } from "../healthkit/interval.ts";
import type { Sample, Source } from "../healthkit/sample.ts";
import { rankOf, sourceKey } from "../healthkit/source.ts";

/** HKCategoryValueSleepAnalysis, as HealthKit numbers it. */
export const SleepValue = { InBed: 0, Asleep: 1, Awake: 2, Core: 3, Deep: 4, Rem: 5 } as const;
export type Stage = Exclude<(typeof SleepValue)[keyof typeof SleepValue], 0>;

export interface StageInterval extends Interval {
  readonly stage: Stage;
}

export interface SleepSession extends Interval {
  readonly source: Source;
  /** In order, without overlaps; time that no row tells of is in none. Empty where only the time in bed is told. */
  readonly stages: readonly StageInterval[];
  /** From the in-bed rows of any source, in order, without overlaps; empty where none was written. */
  readonly inBed: readonly Interval[];
  /** The sources of other sessions of the same time, which count for nothing. */
  readonly others: readonly Source[];
  /** The rows that the stages are made of, in order of time. */
  readonly rows: readonly Sample[];
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

/**
 * Returns the sessions in order of time; those of one person never overlap.
 *
 * @param priority names or bundle ids of sources, the most trusted first
 */
export function sleepSessions(samples: readonly Sample[], priority: readonly string[] = []): SleepSession[] {
  const bedRows = samples.filter((sample) => sample.value === SleepValue.InBed && hasLength(sample));
  const inBed = united(bedRows);
  const candidates = [...candidateSessions(samples), ...bedRows.flatMap(bedSession)];
  const chosen: SleepSession[] = [];
  for (const candidate of candidates.toSorted(compareTrust(priority))) {
    const rivals = chosen.filter((session) => overlaps(withinGap(session), candidate));
    if (rivals.length === 0) chosen.push(candidate);
    for (const rival of rivals) chosen[chosen.indexOf(rival)] = joined(rival, candidate);
  }
  return chosen
    .map((session) => ({ ...session, inBed: inBed.filter((span) => overlaps(span, session)) }))
    .toSorted((one, other) => one.startMs - other.startMs);
}

/**
 * Adds a session of the same time to the chosen one: its source, since another source's stages count for nothing. Where
 * both only tell the time in bed, the night is as long as both.
 */
function joined(session: SleepSession, other: SleepSession): SleepSession {
  const others = [...session.others, other.source];
  if (session.stages.length > 0) return { ...session, others };
  const [startMs, endMs] = [
    Math.min(session.startMs, other.startMs),
    Math.max(session.endMs, other.endMs),
  ];
  return { ...session, startMs, endMs, others, rows: [...session.rows, ...other.rows] };
}

/** Sessions are at least that far apart. */
const withinGap = ({ startMs, endMs }: Interval): Interval => ({
  startMs: startMs - longestGapMs,
  endMs: endMs + longestGapMs,
});

/** Phones without a watch write the time in bed alone. */
const bedSession = (row: Sample): SleepSession[] => [
  { source: row.source, startMs: row.startMs, endMs: row.endMs, stages: [], inBed: [], others: [], rows: [row] },
];

/** Returns the sessions that each source tells for itself. They may overlap. */
export const candidateSessions = (samples: readonly Sample[]): SleepSession[] =>
  [...Map.groupBy(samples.filter(isStage), ({ source }) => sourceKey(source)).values()].flatMap(sessionsOf);

interface StageSample extends Sample {
  readonly value: Stage;
}

const isStage = (sample: Sample): sample is StageSample =>
  sample.value !== null && Object.hasOwn(stageRank, sample.value) && hasLength(sample);

const hasLength = ({ startMs, endMs }: Interval): boolean => endMs > startMs;

const overlaps = (one: Interval, other: Interval): boolean =>
  one.startMs < other.endMs && other.startMs < one.endMs;

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
  return [{ source, startMs: begin.startMs, endMs: end.endMs, stages, inBed: [], others: [], rows: run }];
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

/**
 * Orders sessions: those with sleep, those of the connection's own list, stages before plain sleep, single rows before a format's sums,
 * then Watch, iPhone, others, then the longer sleep.
 */
const compareTrust =
  (priority: readonly string[]) =>
  (one: SleepSession, other: SleepSession): number =>
    Number(isBedOnly(one)) - Number(isBedOnly(other)) ||
    chosenRank(one, priority) - chosenRank(other, priority) ||
    Number(hasStages(other)) - Number(hasStages(one)) ||
    Number(isSum(one)) - Number(isSum(other)) ||
    rankOf(one.source) - rankOf(other.source) ||
    asleepMs(other) - asleepMs(one) ||
    one.startMs - other.startMs ||
    other.endMs - one.endMs ||
    (sourceKey(one.source) < sourceKey(other.source) ? -1 : 1);

/** Returns the place in the connection's list; all sources that are not in it share the last one. */
const chosenRank = ({ source }: SleepSession, priority: readonly string[]): number =>
  Math.min(rankOf(source, priority), priority.length);

/** Tells whether a format has summed the session up. */
export const isSum = ({ rows }: Pick<SleepSession, "rows">): boolean =>
  rows.every(({ isAggregate }) => isAggregate);

const isBedOnly = ({ stages }: SleepSession): boolean => stages.length === 0;

export const hasStages = ({ stages }: SleepSession): boolean =>
  stages.some(({ stage }) => stage !== SleepValue.Asleep && stage !== SleepValue.Awake);

/** Returns the time asleep, in milliseconds. */
export const asleepMs = ({ stages }: Pick<SleepSession, "stages">): number =>
  stages.reduce(
    (sum, { stage, startMs, endMs }) => (stage === SleepValue.Awake ? sum : sum + endMs - startMs),
    0,
  );
