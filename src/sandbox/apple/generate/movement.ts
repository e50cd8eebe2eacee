/** Steps, distance and flights: the Watch counts what the arm does, the phone counts what the pocket does. */
import { clamp, Random } from "../../kit/random.ts";
import { healthApp, phone, watch } from "./devices.ts";
import { type Device, quantity, type Sample } from "./facts.ts";
import { type Family, rounded, sampleOf, userEntered } from "./family.ts";
import { instantAt, MINUTE, SECOND } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import {
  chargingOf,
  isIn,
  napOf,
  overlaps,
  type Session,
  type Span,
  sessionOf,
  wakingOf,
  weekday,
} from "./plan.ts";

/** A walk of some minutes between two rests. */
export interface Bout extends Span {
  /** Steps a minute. */
  readonly cadence: number;
  readonly byWatch: boolean;
  readonly byPhone: boolean;
}

const metresOfStep = ({ heightCm }: Wearer): number => (heightCm * 0.41) / 100;

/** Returns the walks of a day, in order of time, beside its session. */
export function boutsOf(wearer: Wearer, date: string): Bout[] {
  const random = new Random(wearer.seed, date, "bouts");
  const waking = wakingOf(wearer, date);
  const session = sessionOf(wearer, date);
  const nap = napOf(wearer, date);
  const bouts: Bout[] = [];
  let startMs = waking.startMs + random.int(3, 15) * MINUTE;
  for (; startMs < waking.endMs - 12 * MINUTE; startMs += random.int(9, 58) * MINUTE) {
    const endMs = startMs + random.int(70, 560) * SECOND;
    const bout = { startMs, endMs, cadence: random.between(48, 108) };
    startMs = endMs;
    const isElsewhere = (span: Span | null): boolean => span !== null && overlaps(span, bout);
    const byWatch = !isElsewhere(chargingOf(wearer, date));
    const byPhone = random.chance(0.65) || !byWatch;
    if (!isElsewhere(session) && !isElsewhere(nap)) bouts.push({ ...bout, byWatch, byPhone });
  }
  return bouts;
}

/** Returns the rows of a device over a walk: at most ten minutes each. */
function rowsOf(wearer: Wearer, device: Device, span: Span, steps: number): Sample[] {
  const rows = Math.ceil((span.endMs - span.startMs) / (10 * MINUTE));
  const lengthMs = Math.floor((span.endMs - span.startMs) / rows / SECOND) * SECOND;
  return Array.from({ length: rows }, (_, index) => {
    const startMs = span.startMs + index * lengthMs;
    const endMs = index === rows - 1 ? span.endMs : startMs + lengthMs;
    const counted = Math.round(steps / rows);
    const common = { device, startMs, endMs };
    return [
      sampleOf(wearer, { ...common, type: quantity("StepCount"), value: counted }),
      sampleOf(wearer, {
        ...common,
        type: quantity("DistanceWalkingRunning"),
        value: rounded((counted * metresOfStep(wearer)) / 1_000, 6),
      }),
    ];
  }).flat();
}

function ofBout(wearer: Wearer, bout: Bout): Sample[] {
  const random = new Random(wearer.seed, bout.startMs, "bout");
  const steps = (bout.cadence * (bout.endMs - bout.startMs)) / MINUTE;
  // A pocket moves a little later than an arm, and misses some steps.
  const late = {
    startMs: bout.startMs + random.int(2, 20) * SECOND,
    endMs: bout.endMs + random.int(1, 9) * SECOND,
  };
  return [
    ...(bout.byWatch ? rowsOf(wearer, watch, bout, steps) : []),
    ...(bout.byPhone ? rowsOf(wearer, phone, late, steps * random.between(0.88, 1.02)) : []),
    ...(bout.byPhone && random.chance(0.3) ? [flights(wearer, bout, random)] : []),
  ];
}

const flights = (wearer: Wearer, { endMs }: Bout, random: Random): Sample =>
  sampleOf(wearer, {
    type: quantity("FlightsClimbed"),
    device: phone,
    startMs: endMs,
    endMs: endMs + 20 * SECOND,
    value: random.int(1, 3),
  });

/** Returns one row a minute of a session on foot. */
function ofSession(wearer: Wearer, session: Session | null): Sample[] {
  if (session === null || session.kind.cadence === 0) return [];
  const random = new Random(wearer.seed, session.startMs, "session steps");
  const samples: Sample[] = [];
  for (let startMs = session.startMs; startMs + MINUTE <= session.endMs; startMs += MINUTE) {
    if (isIn(session.pause, startMs)) continue;
    const common = { device: watch, startMs, endMs: startMs + MINUTE };
    const pace = clamp(1 + 0.06 * random.normal(), 0.7, 1.3);
    samples.push(
      sampleOf(wearer, {
        ...common,
        type: quantity("StepCount"),
        value: Math.round(session.kind.cadence * pace),
      }),
      sampleOf(wearer, {
        ...common,
        type: quantity("DistanceWalkingRunning"),
        value: rounded((session.kind.speed * pace * 60) / 1_000, 6),
      }),
    );
  }
  return samples;
}

/** On some Fridays the person types in steps that no device counted. */
function typedIn(wearer: Wearer, date: string): Sample[] {
  if (weekday(date) !== 5 || !new Random(wearer.seed, date, "typed").chance(0.5)) return [];
  const startMs = instantAt(wearer.zone, date, 6 * 60);
  return [
    sampleOf(wearer, {
      type: quantity("StepCount"),
      device: healthApp,
      startMs,
      endMs: startMs,
      value: 400,
      metadata: userEntered,
    }),
  ];
}

export const movement: Family = {
  types: ["StepCount", "DistanceWalkingRunning", "FlightsClimbed"].map(quantity),
  samplesOn: (wearer, date) => [
    ...boutsOf(wearer, date).flatMap((bout) => ofBout(wearer, bout)),
    ...ofSession(wearer, sessionOf(wearer, date)),
    ...typedIn(wearer, date),
  ],
};

/** Distance on a bicycle and in the water. */
export const otherDistances: Family = {
  types: ["DistanceCycling", "DistanceSwimming", "SwimmingStrokeCount"].map(quantity),
  samplesOn(wearer, date) {
    const session = sessionOf(wearer, date);
    const type = session?.kind.distanceType ?? "DistanceWalkingRunning";
    if (session === null || type === "DistanceWalkingRunning") return [];
    return sessionMinutes(session).flatMap((startMs) => {
      const common = { device: watch, startMs, endMs: startMs + MINUTE };
      const metres = session.kind.speed * 60;
      const isWater = type === "DistanceSwimming";
      const value = isWater ? rounded(metres, 1) : rounded(metres / 1_000, 6);
      const distance = sampleOf(wearer, { ...common, type: quantity(type), value });
      if (!isWater) return [distance];
      return [distance, sampleOf(wearer, { ...common, type: quantity("SwimmingStrokeCount"), value: 28 })];
    });
  },
};

/** Returns the starts of the whole minutes of a session outside its pause. */
export function sessionMinutes(session: Session): number[] {
  const starts: number[] = [];
  for (let startMs = session.startMs; startMs + MINUTE <= session.endMs; startMs += MINUTE)
    if (!isIn(session.pause, startMs)) starts.push(startMs);
  return starts;
}
