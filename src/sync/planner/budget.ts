/**
 * The calls that a provider's client has left: the pure core of the planner. Every call is reserved before it
 * is sent and settled when it has ended, so that calls in flight count in all processes:
 *
 *     used = the provider's latest count
 *          + calls that ended without an answer, until the answer to a later call shows whether they counted
 *          + calls reserved and not settled
 *
 * Times are milliseconds of one clock, the database's. The state is stored as JSON between calls.
 */
import type { RateLimitReading, RateLimitRule, RateWindow } from "../../providers/provider.ts";
import { priorityOf, type Rank, ranks } from "../../store/ranks.ts";
import { countCall, type Demand, noDemand, quarterMs } from "./demand.ts";
import { reservedAbove, setAside } from "./reserves.ts";
import { noTurns, type Turns, taken, turnOf, waitingFor } from "./turns.ts";
import { begun, heard, longestCallMs, lost, newWindow, rolled, type WindowState } from "./window.ts";

export interface Flight {
  readonly id: number;
  readonly at: number;
}

/** Version 1 let requests wait for a forecast, up to a day. */
export const stateVersion = 2;

export interface BudgetState {
  readonly version: typeof stateVersion;
  /** The windows in the order of the provider's rules. */
  readonly windows: readonly WindowState[];
  readonly inFlight: readonly Flight[];
  readonly nextId: number;
  readonly unsureBefore: number;
  readonly unsureAt: number;
  /** The provider refused calls: none is made before this time. */
  readonly blockedUntil: number;
  /** For each priority, the time until which calls of that rank were told to wait. Lower ranks wait as long. */
  readonly heldUntil: readonly number[];
  readonly demand: Demand;
  /** Absent before the first call, and where calls need not be apart. */
  readonly turns?: Turns;
}

export interface Situation {
  readonly rules: readonly RateLimitRule[];
  /** The most calls in flight at the same time; unlimited when absent. */
  readonly parallelCalls?: number | undefined;
  /** The shortest time between the beginnings of two calls; none when absent. */
  readonly gapMs?: number | undefined;
  readonly users: number;
  readonly now: number;
}

export type Decision =
  | { readonly go: true; readonly state: BudgetState; readonly callId: number }
  | {
      readonly go: false;
      readonly state: BudgetState;
      readonly until: number;
      /** All windows have calls left: the calls in flight are too many just now, or the next turn is a moment away. */
      readonly isBusy: boolean;
      /** How long to wait before asking again, where it is busy. */
      readonly pauseMs: number;
    };

export const newBudget = ({ rules, now }: Pick<Situation, "rules" | "now">): BudgetState => ({
  version: stateVersion,
  windows: rules.map(() => newWindow),
  inFlight: [],
  nextId: 1,
  unsureBefore: 0,
  unsureAt: 0,
  blockedUntil: 0,
  heldUntil: ranks.map(() => 0),
  demand: noDemand(now),
});

/** Returns the provider's limit; before it has told one, the documented limit. */
export const limitOf = (window: WindowState, rule: RateLimitRule, users: number): number =>
  window.limit ?? rule.callsOfClient + rule.callsPerUser * users;

export const usedOf = (window: WindowState, inFlight: number): number =>
  window.counted + window.unsure + inFlight;

/** When several ranks were told to wait for the same moment, the higher ranks start earlier by this time. */
const headStartMs = 10_000;
/** The wait before asking again when calls become available gradually; ranks for which nobody waits ask seldom. */
const retryMs: Readonly<Record<Rank, number>> = {
  notification: 1_000,
  request: 5_000,
  reconcile: 60_000,
  backfill: 60_000,
};

/** Roughly the duration of a call. */
const busyMs = 1_000;
/** How soon one of several calls in flight may have ended. */
const busyPauseMs = 200;

/** Decides whether a call of this rank may be sent now. If so, it is reserved and must be settled. */
export function reserve(before: BudgetState, situation: Situation, rank: Rank): Decision {
  const { now, rules, parallelCalls, gapMs } = situation;
  const state = tidied(before, situation);
  const waits = rules.map((rule, index) => {
    const window = state.windows[index] ?? newWindow;
    return waitFor(state, { window, rule }, situation, rank);
  });
  const until = Math.max(state.blockedUntil, heldBack(state, rank), ...waits);
  if (until > now) {
    const heldUntil = state.heldUntil.map((held, priority) =>
      priority === priorityOf(rank) ? Math.max(held, until) : held,
    );
    return { go: false, state: { ...state, heldUntil }, until, isBusy: false, pauseMs: until - now };
  }
  // A full number of calls in flight holds no rank back: the next caller takes the next free place.
  if (state.inFlight.length >= placesFor(rank, parallelCalls)) {
    return { go: false, state, until: now + busyMs, isBusy: true, pauseMs: busyPauseMs };
  }
  const { turns = noTurns } = state;
  const turn = gapMs === undefined ? now : turnOf(turns, gapMs, rank, now);
  if (turn > now) {
    const waiting = { ...state, turns: waitingFor(turns, rank, turn) };
    return { go: false, state: waiting, until: turn, isBusy: true, pauseMs: turn - now };
  }
  const windows = state.windows.map((window, index) => {
    const rule = rules[index];
    return rule === undefined ? window : begun(window, rule, now);
  });
  const flight = { id: state.nextId, at: now };
  const reserved = {
    ...state,
    windows,
    inFlight: [...state.inFlight, flight],
    nextId: flight.id + 1,
    demand: countCall(state.demand, rank, now),
    ...(gapMs !== undefined && { turns: taken(turns, now) }),
  };
  return { go: true, state: reserved, callId: flight.id };
}

/** The calls in flight beside which one of this rank may be made: backfill leaves a place to the others. */
const placesFor = (rank: Rank, parallelCalls = Number.POSITIVE_INFINITY): number =>
  rank === "backfill" ? Math.max(1, parallelCalls - 1) : parallelCalls;

function heldBack(state: BudgetState, rank: Rank): number {
  const higher = state.heldUntil.slice(priorityOf(rank) + 1).filter((until) => until > 0);
  return higher.length === 0 ? 0 : Math.max(...higher) + headStartMs;
}

/** Begins new windows whose time is over, and settles the calls of dead processes as unanswered. */
function tidied(state: BudgetState, situation: Pick<Situation, "rules" | "now">): BudgetState {
  const { rules, now } = situation;
  const windows = state.windows.map((window, index) => {
    const rule = rules[index];
    return rule === undefined ? window : rolled(window, rule, now);
  });
  const overdue = state.inFlight.filter(({ at }) => at < now - longestCallMs);
  return overdue.reduce<BudgetState>((rest, { id }) => unanswered(rest, id, situation), {
    ...state,
    windows,
  });
}

/** Returns 0 if a call fits, otherwise the time at which one may. */
function waitFor(
  state: BudgetState,
  { window, rule }: { readonly window: WindowState; readonly rule: RateLimitRule },
  { now, users }: Situation,
  rank: Rank,
): number {
  const limit = limitOf(window, rule, users);
  const until = window.resetsAt ?? now + rule.lengthMs;
  const stretch = { limit, lengthMs: rule.lengthMs, now, until };
  const available = limit - setAside(limit);
  const reserved = reservedAbove(rank, state.demand, stretch);
  const used = usedOf(window, state.inFlight.length);
  // A window that has not begun would never pass, so the first call may have any rank.
  const isFree = used === 0 && window.resetsAt === null && available >= 1;
  if (isFree || used + 1 + reserved <= available) return 0;
  if (mayProbe(state, window, now) && window.counted + 1 + reserved <= available) return 0;
  if (used - state.inFlight.length + 1 > available || window.resetsAt === null) return until;
  // A call in flight may be counted already, so it counts twice until it is answered.
  if (used + 1 > available) return Math.min(until, now + retryMs[rank]);
  // The reserve shrinks as the window passes: calls become available when it has shrunk enough.
  const bit = Math.max(2, limit / 500);
  const shrunk = until - ((until - now) * Math.max(0, available - used - bit)) / reserved;
  // The forecast is updated with every counted quarter of an hour, so a call waits no longer than that for this one.
  return Math.min(until, now + quarterMs, Math.max(Math.ceil(shrunk), now + retryMs[rank]));
}

/**
 * Whether a probe may be sent. Calls whose answers were lost in an outage may fill a window for a day though
 * the provider never counted one; one call a minute finds that out.
 */
function mayProbe({ inFlight, unsureAt }: BudgetState, window: WindowState, now: number): boolean {
  const reportsLimits = window.limit !== null;
  return reportsLimits && window.unsure > 0 && inFlight.length === 0 && now >= unsureAt + longestCallMs;
}

/** Settles an answered call, with what the answer says about the limits. */
export function observed(
  state: BudgetState,
  callId: number,
  reading: RateLimitReading | null,
  situation: Pick<Situation, "rules" | "now">,
): BudgetState {
  const { rules, now } = situation;
  if (reading === null || reading.length !== rules.length || !reading.every(isSane)) {
    return unanswered(state, callId, situation);
  }
  const call = state.inFlight.find(({ id }) => id === callId) ?? { id: 0, at: now - longestCallMs };
  const { nextId, unsureBefore } = state;
  const windows = state.windows.map((window, index) => {
    const rule = rules[index];
    const said = reading[index];
    if (rule === undefined || said === undefined) return window;
    // A window ends within its length, whatever a header says.
    const resetMs = Math.min(rule.lengthMs, Math.max(0, said.resetMs));
    return heard(window, rule, { reading: { ...said, resetMs }, call, now, nextId, unsureBefore });
  });
  return { ...state, windows, inFlight: without(state.inFlight, callId) };
}

/** Whether a reading can be believed. With a limit of zero no call would ever go through to bring another reading. */
const isSane = ({ used, limit, resetMs }: RateWindow): boolean =>
  [used, limit, resetMs].every(Number.isFinite) && used >= 0 && limit >= 1;

/** Settles a call without an answer: whether the provider counted it is unknown. */
export function unanswered(
  state: BudgetState,
  callId: number,
  { rules, now }: Pick<Situation, "rules" | "now">,
): BudgetState {
  const inFlight = without(state.inFlight, callId);
  if (inFlight.length === state.inFlight.length) return state;
  const windows = state.windows.map((window, index) => {
    const rule = rules[index];
    return rule === undefined ? window : lost(window, rule, now);
  });
  return { ...state, windows, inFlight, unsureBefore: state.nextId, unsureAt: now };
}

/**
 * Notes that the provider refused a call because of its limits; another application uses the client, so all
 * calls wait.
 */
export const refused = (state: BudgetState, until: number): BudgetState => ({
  ...state,
  blockedUntil: Math.max(state.blockedUntil, until),
});

const without = (flights: readonly Flight[], callId: number): readonly Flight[] =>
  flights.filter(({ id }) => id !== callId);
