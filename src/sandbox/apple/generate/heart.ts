/** Heart rate, its resting and walking means, and its variability with beats. */

import { addDays } from "../../kit/clock.ts";
import { clamp, Random } from "../../kit/random.ts";
import { watch } from "./devices.ts";
import { quantity, type Sample } from "./facts.ts";
import { type Family, inZone, rounded, sampleOf } from "./family.ts";
import { HOUR, instantAt, MINUTE, SECOND } from "./local-time.ts";
import type { Wearer } from "./person.ts";
import { chargingOf, isIn, nightOf, type Session, sessionOf } from "./plan.ts";

/** HKHeartRateMotionContext: 0 not set, 1 sedentary, 2 active. */
const context = (value: 0 | 1 | 2) => ({ HKMetadataKeyHeartRateMotionContext: String(value) });

/** Returns the share of the reserve in use at a moment of a session: it rises for eight minutes. */
export function effortAt({ kind, startMs, pause }: Session, ms: number): number {
  const warm = Math.min(1, 0.45 + (0.55 * (ms - startMs)) / (8 * MINUTE));
  return kind.effort * warm * (isIn(pause, ms) ? 0.55 : 1);
}

const rateAt = ({ restingHr, maximumHr }: Wearer, effort: number): number =>
  restingHr + effort * (maximumHr - restingHr);

/** Returns a reading every five seconds of a session. */
function ofSession(wearer: Wearer, session: Session | null): Sample[] {
  if (session === null) return [];
  const random = new Random(wearer.seed, session.startMs, "session heart");
  const samples: Sample[] = [];
  for (let startMs = session.startMs + 4 * SECOND; startMs < session.endMs; startMs += 5 * SECOND) {
    const value = Math.round(rateAt(wearer, effortAt(session, startMs)) + 2 * random.normal());
    samples.push(heartRate(wearer, startMs, clamp(value, 40, 210), 2));
  }
  return [...samples, ...ofRecovery(wearer, session)];
}

/** Returns the readings of the two minutes after a session, while the heart slows down. */
function ofRecovery(wearer: Wearer, session: Session): Sample[] {
  const last = rateAt(wearer, effortAt(session, session.endMs));
  return Array.from({ length: 12 }, (_, index) => {
    const startMs = session.endMs + (10 * index + 6) * SECOND;
    return heartRate(wearer, startMs, Math.round(last - (last - wearer.restingHr - 25) * (index / 16)), 1);
  });
}

const heartRate = (wearer: Wearer, startMs: number, value: number, moving: 0 | 1 | 2): Sample =>
  sampleOf(wearer, {
    type: quantity("HeartRate"),
    device: watch,
    startMs,
    value,
    metadata: context(moving),
  });

/** Returns the readings of the background: one every four to seven minutes while the Watch is worn. */
function ofBackground(wearer: Wearer, date: string): Sample[] {
  const random = new Random(wearer.seed, date, "background heart");
  const session = sessionOf(wearer, date);
  const [night, next] = [nightOf(wearer, date), nightOf(wearer, addDays(date, 1))];
  const end = instantAt(wearer.zone, date, 24 * 60);
  const samples: Sample[] = [];
  let ms = instantAt(wearer.zone, date, 0) + random.int(0, 240) * SECOND;
  for (; ms < end; ms += random.int(240, 420) * SECOND) {
    const isAsleep = isIn(night, ms) || isIn(next, ms);
    const rate = isAsleep ? rateAt(wearer, 0.02) : rateAt(wearer, random.between(0.08, 0.26));
    const value = Math.round(rate + 2.5 * random.normal());
    const isAway = isIn(chargingOf(wearer, date), ms);
    const isBusy = session !== null && ms >= session.startMs && ms < session.endMs + 3 * MINUTE;
    if (!isAway && !isBusy) samples.push(heartRate(wearer, ms, value, isAsleep ? 0 : 1));
  }
  return samples;
}

export const heartRates: Family = {
  types: [quantity("HeartRate")],
  samplesOn: (wearer, date) => [...ofBackground(wearer, date), ...ofSession(wearer, sessionOf(wearer, date))],
};

/** Both have the length of the day that they are computed from, and are written in its evening. */
export const meanRates: Family = {
  types: ["RestingHeartRate", "WalkingHeartRateAverage"].map(quantity),
  samplesOn(wearer, date) {
    const random = new Random(wearer.seed, date, "mean rates");
    const startMs = instantAt(wearer.zone, date, 3 * 60) + random.int(0, 59) * SECOND;
    const common = { device: watch, startMs, endMs: startMs + 18 * HOUR };
    return [
      { ...common, type: quantity("RestingHeartRate"), value: wearer.restingHr + random.int(-2, 3) },
      { ...common, type: quantity("WalkingHeartRateAverage"), value: wearer.restingHr + random.int(34, 46) },
    ].map((one) => sampleOf(wearer, one));
  },
};

const variabilityMs = 60 * SECOND;

/** Returns the beats of a minute, as instantaneous rates around a mean. */
function beatsFrom(wearer: Wearer, startMs: number, mean: number) {
  const random = new Random(wearer.seed, startMs, "beats");
  const beats: { atMs: number; bpm: number }[] = [];
  for (let atMs = startMs + 400; atMs < startMs + variabilityMs; ) {
    const bpm = Math.round(clamp(mean + 4 * random.normal(), 38, 120));
    beats.push({ atMs: Math.round(atMs / 10) * 10, bpm });
    atMs += 60_000 / bpm;
  }
  return beats;
}

/** Variability is measured every four hours or so, for a minute. */
export const variability: Family = {
  types: [quantity("HeartRateVariabilitySDNN")],
  samplesOn(wearer, date) {
    const random = new Random(wearer.seed, date, "variability");
    return [2, 5, 9, 13, 17, 22].map((hour) => {
      const startMs =
        instantAt(wearer.zone, date, hour * 60 + random.int(0, 50)) + random.int(0, 59) * SECOND;
      const isRest = hour < 7;
      return sampleOf(wearer, {
        type: quantity("HeartRateVariabilitySDNN"),
        device: watch,
        startMs,
        endMs: startMs + variabilityMs,
        value: rounded(wearer.sdnnMs * random.between(0.75, 1.2) * (isRest ? 1.1 : 0.85), 4),
        metadata: inZone(wearer),
        beats: beatsFrom(wearer, startMs, wearer.restingHr + (isRest ? 2 : 16)),
      });
    });
  },
};

/** The mean after a walk or run outside. */
export const fitness: Family = {
  types: [quantity("VO2Max")],
  samplesOn(wearer, date) {
    const session = sessionOf(wearer, date);
    if (session === null || session.kind.cadence === 0) return [];
    return [
      sampleOf(wearer, {
        type: quantity("VO2Max"),
        device: watch,
        startMs: session.endMs,
        value: rounded(wearer.vo2max + new Random(wearer.seed, date, "vo2").between(-0.4, 0.4), 2),
        metadata: { HKVO2MaxTestType: "2" },
      }),
    ];
  },
};
