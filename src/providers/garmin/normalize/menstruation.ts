import {
  complete,
  formatTimestamp,
  type Menstruation,
  MenstruationFlow,
  MenstruationInterval,
  TimestampLocalization,
} from "../../../models/index.ts";
import { isParsed, parseTime, shiftDate } from "../../kit/iso-time.ts";
import { isOneOf, namesOf, refsTo, valueFrom } from "../../kit/parts.ts";
import { notNegative, positive } from "../../kit/values.ts";
import type { Normalizer } from "../../provider.ts";
import { withProviderData } from "../../provider-data.ts";
import {
  cycleDay,
  cycleSummary,
  type GarminCycle,
  type GarminCycleDay,
  isCycle,
} from "../resources/menstruation.ts";
import { midnights, noOffset } from "../times.ts";

const phases: ReadonlyMap<number, MenstruationInterval> = new Map([
  [1, MenstruationInterval.Period],
  [2, MenstruationInterval.Follicular],
  [3, MenstruationInterval.Ovulation],
  [4, MenstruationInterval.Luteal],
]);

/** The last weeks of the first two trimesters. */
const lastWeeks = { first: 13, second: 27 } as const;

function trimester(week: number | null): MenstruationInterval | null {
  if (week === null) return null;
  if (week <= lastWeeks.first) return MenstruationInterval.FirstTrimester;
  return week <= lastWeeks.second
    ? MenstruationInterval.SecondTrimester
    : MenstruationInterval.ThirdTrimester;
}

/** Returns the phase. Garmin's own codes of a pregnancy are not known: its week tells the trimester. */
function phaseOf(cycle: GarminCycle): MenstruationInterval | null {
  if (cycle.pregnancy_cycle === true) return trimester(notNegative(cycle.number_of_week));
  return cycle.current_phase == null ? null : (phases.get(cycle.current_phase) ?? null);
}

/** More days than any cycle has; a pregnancy is one, too. */
const longestCycle = 400;

const daysOfCycle = (days: number | null | undefined): number | null =>
  days != null && days <= longestCycle ? positive(days) : null;

/** Returns the first and the last fertile day. Garmin counts the days of a cycle from 1. */
function fertileDays(cycle: GarminCycle) {
  const { start_date: start } = cycle;
  const first = daysOfCycle(cycle.fertile_window_start);
  const length = daysOfCycle(cycle.length_of_fertile_window);
  if (start == null || first === null) return { fertility_window_start: null, fertility_window_end: null };
  return {
    fertility_window_start: shiftDate(start, first - 1),
    fertility_window_end: length === null ? null : shiftDate(start, first - 1 + length - 1),
  };
}

const flows: Readonly<Record<string, MenstruationFlow>> = {
  NONE: MenstruationFlow.None,
  NO_FLOW: MenstruationFlow.None,
  LIGHT: MenstruationFlow.Light,
  MEDIUM: MenstruationFlow.Medium,
  HEAVY: MenstruationFlow.Heavy,
};

type Log = GarminCycleDay["day_log"];

/** Returns the flow of the day; `Unknown` for a word that is not known. */
function flowSamples(day: string, log: Log) {
  const word = log?.flow?.toUpperCase();
  if (word === undefined) return [];
  const flow = Object.hasOwn(flows, word) ? flows[word] : undefined;
  return [{ timestamp: midnights(day, noOffset).start_time, flow: flow ?? MenstruationFlow.Unknown }];
}

function lastUpdate(log: Log): string | null {
  const told = log?.report_timestamp;
  if (told == null || !isParsed(() => parseTime(told))) return null;
  const { localMs, offsetMinutes } = parseTime(told);
  return formatTimestamp(localMs, offsetMinutes);
}

function menstruationData(day: string, cycle: GarminCycle, log: Log): Menstruation["menstruation_data"] {
  return {
    period_start_date: cycle.start_date ?? null,
    period_length_days: positive(cycle.period_length),
    predicted_cycle_length_days: positive(cycle.predicted_cycle_length),
    day_in_cycle: positive(cycle.day_in_cycle),
    current_phase: phaseOf(cycle),
    length_of_current_phase_days: notNegative(cycle.length_of_current_phase),
    days_until_next_phase: notNegative(cycle.days_until_next_phase),
    is_predicted_cycle: cycle.predicted_cycle ?? null,
    ovulation_day: cycle.predicted_ovulation_date ?? null,
    last_updated_time: lastUpdate(log),
    menstruation_flow: flowSamples(day, log),
    ...fertileDays(cycle),
  };
}

const sources = [cycleDay, cycleSummary];

/**
 * Converts the cycle of a day (GET /periodichealth-service/menstrualcycle/dayview and …/summary) to a Menstruation. Null
 * for people who do not track, whose answer may be an empty object.
 */
const fromParts: Normalizer = {
  type: "menstruation",
  needs: namesOf(sources),
  affects: (part) => (isOneOf(sources, part) ? [{ type: "menstruation", naturalKey: part.key }] : []),
  partsOf: (day) => refsTo(sources, day),
  normalize(parts, day) {
    const view = valueFrom(parts, cycleDay);
    const cycle = [view?.day_summary, valueFrom(parts, cycleSummary)].find(isCycle);
    if (cycle === undefined && view?.day_log?.flow == null) return null;
    return complete("menstruation", {
      metadata: { ...midnights(day, noOffset), timestamp_localization: TimestampLocalization.Local },
      menstruation_data: menstruationData(day, cycle ?? {}, view?.day_log),
    });
  },
};

export const menstruationNormalizer = withProviderData("garmin", fromParts, { one: sources });
