/** Menstrual flow, for women: five days at the beginning of a cycle, as the person types them in. */
import { daysBetween } from "../../kit/clock.ts";
import { healthApp } from "./devices.ts";
import { category, type Sample } from "./facts.ts";
import { type Family, inZone, sampleOf, userEntered } from "./family.ts";
import { instantAt } from "./local-time.ts";
import type { Wearer } from "./person.ts";

/** HKCategoryValueVaginalBleeding, for the days of a period: 2 light, 3 medium, 4 heavy. */
const flows = [3, 4, 3, 2, 2];
/** Any cycle of the person began on a day that is a multiple of their cycle's length from here. */
const origin = "2020-01-06";

/** Returns the day of the cycle, 0 on the first day of a period. */
function dayOfCycle({ seed, cycleDays }: Wearer, date: string): number {
  const days = daysBetween(origin, date) + (seed % cycleDays);
  return ((days % cycleDays) + cycleDays) % cycleDays;
}

export const cycle: Family = {
  types: [category("MenstrualFlow")],
  samplesOn(wearer, date): Sample[] {
    const day = dayOfCycle(wearer, date);
    const value = wearer.sex === "female" ? flows[day] : undefined;
    if (value === undefined) return [];
    const startMs = instantAt(wearer.zone, date, 12 * 60);
    const metadata = { HKMenstrualCycleStart: day === 0 ? "1" : "0", ...userEntered, ...inZone(wearer) };
    return [
      sampleOf(wearer, { type: category("MenstrualFlow"), device: healthApp, startMs, value, metadata }),
    ];
  },
};
