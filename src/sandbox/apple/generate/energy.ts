/** Energy, and the minutes and hours of the rings. All of it is written by the Watch. */
import { Random } from "../../kit/random.ts";
import { watch } from "./devices.ts";
import { category, quantity, type Sample } from "./facts.ts";
import { type Family, rounded, sampleOf } from "./family.ts";
import { effortAt } from "./heart.ts";
import { HOUR, instantAt, MINUTE } from "./local-time.ts";
import { boutsOf, sessionMinutes } from "./movement.ts";
import type { Wearer } from "./person.ts";
import { isIn, type Session, sessionOf, wakingOf } from "./plan.ts";

/** Energy of movement in kcal a minute, by the weight and the share of the reserve in use. */
const kcalAMinute = ({ weightKg }: Wearer, effort: number): number => weightKg * 0.19 * effort;

function ofSession(wearer: Wearer, session: Session | null): Sample[] {
  if (session === null) return [];
  return sessionMinutes(session).flatMap((startMs) => {
    const common = { device: watch, startMs, endMs: startMs + MINUTE };
    const effort = effortAt(session, startMs);
    const burned = { type: quantity("ActiveEnergyBurned"), value: rounded(kcalAMinute(wearer, effort), 3) };
    const exercise = { type: quantity("AppleExerciseTime"), value: 1 };
    return [burned, ...(effort > 0.25 ? [exercise] : [])].map((one) =>
      sampleOf(wearer, { ...common, ...one }),
    );
  });
}

function ofBouts(wearer: Wearer, date: string): Sample[] {
  return boutsOf(wearer, date)
    .filter(({ byWatch }) => byWatch)
    .flatMap(({ startMs, endMs, cadence }) => {
      const common = { device: watch, startMs, endMs };
      const minutes = (endMs - startMs) / MINUTE;
      const value = rounded(kcalAMinute(wearer, cadence / 480) * minutes, 3);
      const standing = { type: quantity("AppleStandTime"), value: Math.max(1, Math.round(minutes)) };
      return [
        sampleOf(wearer, { ...common, type: quantity("ActiveEnergyBurned"), value }),
        sampleOf(wearer, { ...common, ...standing }),
      ];
    });
}

export const activeEnergy: Family = {
  types: ["ActiveEnergyBurned", "AppleExerciseTime", "AppleStandTime"].map(quantity),
  samplesOn: (wearer, date) => [...ofBouts(wearer, date), ...ofSession(wearer, sessionOf(wearer, date))],
};

/** Returns the hours of a local day by their starts; 23 or 25 of them when clocks change. */
function hoursOf({ zone }: Wearer, date: string): number[] {
  const hours: number[] = [];
  const end = instantAt(zone, date, 24 * 60);
  for (let ms = instantAt(zone, date, 0); ms < end; ms += HOUR) hours.push(ms);
  return hours;
}

/** Mifflin and St Jeor's estimate, spread over the quarters of the day. */
export const basalEnergy: Family = {
  types: [quantity("BasalEnergyBurned")],
  samplesOn(wearer, date) {
    const { weightKg, heightCm, sex } = wearer;
    const aDay = 10 * weightKg + 6.25 * heightCm - (sex === "male" ? 170 : 336);
    return hoursOf(wearer, date).flatMap((hour) => {
      const random = new Random(wearer.seed, hour, "basal");
      return [0, 15, 30, 45].map((minute) =>
        sampleOf(wearer, {
          type: quantity("BasalEnergyBurned"),
          device: watch,
          startMs: hour + minute * MINUTE,
          endMs: hour + (minute + 15) * MINUTE,
          value: rounded((aDay / 96) * random.between(0.97, 1.03), 3),
        }),
      );
    });
  },
};

/** HKCategoryValueAppleStandHour. */
const [stood, idle] = [0, 1];

export const standHours: Family = {
  types: [category("AppleStandHour")],
  samplesOn(wearer, date) {
    const waking = wakingOf(wearer, date);
    const bouts = boutsOf(wearer, date).filter(({ byWatch }) => byWatch);
    return hoursOf(wearer, date)
      .filter((hour) => isIn(waking, hour))
      .map((startMs) => {
        const hour = { startMs, endMs: startMs + HOUR };
        const value = bouts.some((bout) => isIn(hour, bout.startMs)) ? stood : idle;
        return sampleOf(wearer, { ...hour, type: category("AppleStandHour"), device: watch, value });
      });
  },
};
