/**
 * Nights and naps from HealthKit's sleep samples. HealthKit has no sessions: a night is many rows of stages, from several
 * sources that may contradict each other. A session is made of the stages of one source, so that nothing is counted
 * twice.
 */
import { hourMs } from "../../kit/iso-time.ts";
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
export const longestGapMs = 2 * hourMs;

/**
 * Returns the sessions in order of time; those of one person never overlap.
 *
 * @param priority names or bundle ids of sources, the most trusted first
 */
export function sleepSessions(given: readonly Sample[], priority: readonly string[] = []): SleepSession[] {
  const samples = given.toSorted(compareRows);
  const bedRows = samples.filter((sample) => sample.value === SleepValue.InBed && hasLength(sample));
  const inBed = united(bedRows);
  const chosen: (SleepSession & { readonly others: Source[] })[] = [];
  for (const candidate of candidateSessions(samples).toSorted(compareTrust(priority))) {
    const rivals = chosen.filter((session) => overlaps(withinGap(session), candidate));
    if (rivals.length === 0) chosen.push({ ...candidate, others: [] });
    for (const { others } of rivals) others.push(candidate.source);
  }
  return [...chosen, ...bedSessions(bedRows, samples.filter(isStage))]
    .map((session) => ({ ...session, inBed: inBed.filter((span) => overlaps(span, session)) }))
    .toSorted((one, other) => one.startMs - other.startMs);
}

/** Sessions are at least that far apart. */
const withinGap = ({ startMs, endMs }: Interval): Interval => ({
  startMs: startMs - longestGapMs,
  endMs: endMs + longestGapMs,
});

/** Of rows with one time, those of two sources or stages have an order too, so that all have. */
const compareRows = (one: Sample, other: Sample): number =>
  one.startMs - other.startMs || one.endMs - other.endMs || (rowKey(one) < rowKey(other) ? -1 : 1);

const rowKey = ({ source, value, zone, offsetMinutes }: Sample): string =>
  `${sourceKey(source)} ${value} ${zone} ${offsetMinutes}`;

/** Phones without a watch write the time in bed alone. Where a device watched over the sleep, it is no session. */
function bedSessions(rows: readonly Sample[], stages: readonly Interval[]): SleepSession[] {
  const runs = runsOf(rows).flatMap(([first, ...more]): SleepSession[] => {
    if (first === undefined) return [];
    const { source, startMs } = first;
    const endMs = more.reduce((end, row) => Math.max(end, row.endMs), first.endMs);
    return [{ source, startMs, endMs, stages: [], inBed: [], others: [], rows: [first, ...more] }];
  });
  return runs.filter((run) => !stages.some((stage) => overlaps(withinGap(stage), run)));
}

/** Returns the sessions that each source tells for itself. They may overlap. */
const candidateSessions = (samples: readonly Sample[]): SleepSession[] =>
  [...Map.groupBy(samples.filter(isStage), ({ source }) => sourceKey(source)).values()].flatMap((rows) =>
    runsOf(rows).flatMap(sessionOf),
  );

interface StageSample extends Sample {
  readonly value: Stage;
}

const isStage = (sample: Sample): sample is StageSample =>
  byRank.some((stage) => stage === sample.value) && hasLength(sample);

const hasLength = ({ startMs, endMs }: Interval): boolean => endMs > startMs;

const overlaps = (one: Interval, other: Interval): boolean =>
  one.startMs < other.endMs && other.startMs < one.endMs;

/** Splits rows where nothing is told for longer than the gap between two sessions. */
export function runsOf<Row extends Interval>(rows: readonly Row[]): Row[][] {
  const runs: Row[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const row of rows.toSorted((one, other) => one.startMs - other.startMs || one.endMs - other.endMs)) {
    const run = runs.at(-1);
    if (run === undefined || row.startMs - endMs > longestGapMs) runs.push([row]);
    else run.push(row);
    endMs = Math.max(endMs, row.endMs);
  }
  return runs;
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
  const changes = run.flatMap(({ value, startMs, endMs }) => [
    { stage: value, atMs: startMs, by: 1 },
    { stage: value, atMs: endMs, by: -1 },
  ]);
  const open: Record<Stage, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0 };
  const stages: StageInterval[] = [];
  let startMs = Number.NaN;
  for (const { stage, atMs, by } of changes.toSorted((one, other) => one.atMs - other.atMs)) {
    if (atMs > startMs) addPiece(stages, highest(open), { startMs, endMs: atMs });
    open[stage] += by;
    startMs = atMs;
  }
  return stages;
}

/** Adds a piece of time, or lengthens the last one where it is of the same stage and ends there. */
function addPiece(stages: StageInterval[], stage: Stage | null, { startMs, endMs }: Interval): void {
  if (stage === null) return;
  const last = stages.at(-1);
  if (last?.stage === stage && last.endMs === startMs) stages[stages.length - 1] = { ...last, endMs };
  else stages.push({ stage, startMs, endMs });
}

/** Of two stages at one time, the first in this list holds: the finer statement, and wakefulness over plain sleep. */
const byRank: readonly Stage[] = [
  SleepValue.Deep,
  SleepValue.Rem,
  SleepValue.Core,
  SleepValue.Awake,
  SleepValue.Asleep,
];

/** @param open the number of rows of each stage that cover a moment */
const highest = (open: Readonly<Record<Stage, number>>): Stage | null =>
  byRank.find((stage) => open[stage] > 0) ?? null;

/**
 * Orders sessions: those of the connection's own list, stages before plain sleep, single rows before a format's sums,
 * then Watch, iPhone, others, then the longer sleep.
 */
const compareTrust =
  (priority: readonly string[]) =>
  (one: SleepSession, other: SleepSession): number =>
    chosenRank(one, priority) - chosenRank(other, priority) ||
    Number(hasStages(other)) - Number(hasStages(one)) ||
    Number(isSum(one)) - Number(isSum(other)) ||
    rankOf(one.source) - rankOf(other.source) ||
    asleepMs(other) - asleepMs(one);

/** Returns the place in the connection's list; all sources that are not in it share the last one. */
const chosenRank = ({ source }: SleepSession, priority: readonly string[]): number =>
  Math.min(rankOf(source, priority), priority.length);

/** Tells whether a format has summed the session up. */
export const isSum = ({ rows }: Pick<SleepSession, "rows">): boolean =>
  rows.every(({ isAggregate }) => isAggregate);

export const hasStages = ({ stages }: SleepSession): boolean =>
  stages.some(({ stage }) => stage !== SleepValue.Asleep && stage !== SleepValue.Awake);

/** Returns the time asleep, in milliseconds. */
export const asleepMs = ({ stages }: Pick<SleepSession, "stages">): number =>
  stages.reduce(
    (sum, { stage, startMs, endMs }) => (stage === SleepValue.Awake ? sum : sum + endMs - startMs),
    0,
  );
