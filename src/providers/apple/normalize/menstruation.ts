import { complete, type Menstruation, MenstruationInterval } from "../../../models/index.ts";
import type { Normalizer } from "../../provider.ts";
import { cycleOn, flowOf } from "./cycle.ts";
import { DayItems } from "./day-items.ts";
import { possibleDatesOf, shiftDate, timeWriter, utcDaysOf } from "./local-clock.ts";
import { recordDay } from "./local-day.ts";
import { longestCycleDays } from "./longest-cycle.ts";
import { beside, carriedSamples } from "./provider-data.ts";
import { isGrowing, needsOf, RecordParts, sampleRefs, settingsRef, typeOfPart } from "./record-parts.ts";
import { carriedOfCycle, menstrualFlow } from "./type-homes.ts";

const typesOfCycle: ReadonlySet<string> = new Set([menstrualFlow, ...carriedOfCycle]);

function normalizeDay(date: string, parts: RecordParts): object | null {
  const day = new DayItems(date, parts);
  const flows = day.samples(menstrualFlow);
  const carried = carriedOfCycle.flatMap((type) => day.samples(type));
  if (flows.length === 0 && carried.length === 0) return null;
  const { metadata, clock } = recordDay(date, [...flows, ...carried], day.clockOf);
  const cycle = cycleOn(date, parts.samples(menstrualFlow), day.clockOf);
  const write = timeWriter();
  const menstruation: Menstruation = complete("menstruation", {
    metadata,
    menstruation_data: {
      period_start_date: cycle?.startDate,
      period_length_days: cycle?.periodDays,
      cycle_length_days: cycle?.lengthDays,
      day_in_cycle: cycle?.dayInCycle,
      current_phase: cycle?.isInPeriod ? MenstruationInterval.Period : null,
      menstruation_flow: flows.map((sample) => ({
        timestamp: write(day.clockOf(sample), sample.startMs),
        flow: flowOf(sample),
      })),
    },
  });
  return beside(menstruation, { clock, samples: { samples: carriedSamples(carried, day.clockOf) } });
}

/** Returns the UTC days in which the flows of a date's cycle, and the start of the next one, can be. */
const daysOfCycle = (date: string): string[] =>
  Array.from({ length: 2 * longestCycleDays + 3 }, (_, index) =>
    shiftDate(date, index - longestCycleDays - 1),
  );

export const menstruationNormalizer: Normalizer = {
  type: "menstruation",
  needs: needsOf("samples"),
  affects(part) {
    if (!isGrowing("samples", part) || !typesOfCycle.has(typeOfPart(part))) return [];
    return possibleDatesOf(part.value).map((naturalKey) => ({ type: "menstruation", naturalKey }));
  },
  partsOf: (date) => [
    settingsRef,
    ...sampleRefs(daysOfCycle(date), [menstrualFlow]),
    ...sampleRefs(utcDaysOf(date), carriedOfCycle),
  ],
  normalize: (parts, date) => normalizeDay(date, new RecordParts(parts)),
};
