/** The menstrual cycle, as it stands on a day. */
import { z } from "zod";
import { date, integer, text } from "../../kit/fields.ts";
import { carried, composite, ignored, type Ledger, mapped } from "../../ledger.ts";
import { declareDays, often } from "../collection.ts";
import { each, numbers, words } from "../ledger-groups.ts";

/** Garmin's client, MenstrualCycleSummary. */
const cycle = z.looseObject({
  start_date: date.nullish(),
  day_in_cycle: integer,
  period_length: integer,
  current_phase: integer,
  length_of_current_phase: integer,
  days_until_next_phase: integer,
  fertile_window_start: integer,
  length_of_fertile_window: integer,
  predicted_cycle_length: integer,
  predicted_cycle: z.boolean().nullish(),
  predicted_ovulation_date: date.nullish(),
  pregnancy_cycle: z.boolean().nullish(),
  number_of_week: integer,
});

export type GarminCycle = z.output<typeof cycle>;

const to = (name: string) => `menstruation.menstruation_data.${name}`;
const fertile = "day of the cycle, counted from 1";

const cycleLedger: Ledger = {
  start_date: mapped(to("period_start_date"), "exact"),
  day_in_cycle: mapped(to("day_in_cycle"), "exact"),
  period_length: mapped(to("period_length_days"), "exact"),
  current_phase: mapped(
    to("current_phase"),
    "converted: 1 → Period, 2 → Follicular, 3 → Ovulation, 4 → Luteal",
    "other codes → null",
  ),
  length_of_current_phase: mapped(to("length_of_current_phase_days"), "exact"),
  days_until_next_phase: mapped(to("days_until_next_phase"), "exact"),
  fertile_window_start: mapped(
    [to("fertility_window_start"), to("fertility_window_end")],
    "converted: start of the period + day − 1",
    fertile,
  ),
  length_of_fertile_window: mapped(to("fertility_window_end"), "derived: first day + length − 1", "days"),
  predicted_cycle_length: mapped(to("predicted_cycle_length_days"), "exact"),
  predicted_cycle: mapped(to("is_predicted_cycle"), "exact"),
  predicted_ovulation_date: mapped(to("ovulation_day"), "exact"),
  pregnancy_cycle: mapped(to("current_phase"), "converted: true → a trimester, by `number_of_week`"),
  number_of_week: mapped(to("current_phase"), "converted: ≤ 13 → first trimester, ≤ 27 → second, else third"),
  ...numbers({ luteal_phase_start: fertile, education_content_mod: "Garmin's number of a text" }),
  ...words({
    end_date: "the last day of the cycle",
    cycle_type: "such as REGULAR",
    due_date: "of a pregnancy",
    delivery_date: "of a pregnancy",
    is_skin_temp_mct: "whether skin temperature was used",
    feedback_phrase: "Garmin's code for its advice",
  }),
  overlap_cycle_list: composite(carried("other cycles of the same days")),
  analysis: composite(carried("Garmin's analysis of many cycles")),
};

/** Whether an answer tells of a cycle: it may be an empty object, or one full of nulls. */
export const isCycle = (cycle: GarminCycle | null | undefined): cycle is GarminCycle =>
  cycle?.start_date != null || cycle?.current_phase != null || cycle?.pregnancy_cycle === true;

/** Garmin has kept cycles since 2019. */
const reachDays = 8 * 365;

/**
 * GET /periodichealth-service/menstrualcycle/summary/{day}: 204 for those who do not track. The body names no day. Where
 * it tells of a cycle, the day's view follows.
 */
export const cycleSummary = declareDays({
  name: "menstrual-summary",
  reach: reachDays,
  path: (day) => `/periodichealth-service/menstrualcycle/summary/${day}`,
  schema: cycle,
  ledger: cycleLedger,
  keys: (_item, day) => [day],
  followUps: ({ key, value }) => (isCycle(value) ? [{ resource: cycleDay.name, key }] : []),
});

const dayView = z.looseObject({
  day_summary: cycle.nullish(),
  day_log: z.looseObject({ calendar_date: date.nullish(), flow: text, report_timestamp: text }).nullish(),
});

export type GarminCycleDay = z.output<typeof dayView>;

const prefixed = (prefix: string, ledger: Ledger): Ledger =>
  Object.fromEntries(Object.entries(ledger).map(([path, fate]) => [`${prefix}${path}`, fate]));

const dayViewLedger: Ledger = {
  ...prefixed("day_summary.", cycleLedger),
  "day_log.flow": mapped(
    to("menstruation_flow.flow"),
    "converted: NONE, LIGHT, MEDIUM, HEAVY",
    "other words → Unknown",
  ),
  "day_log.report_timestamp": mapped(to("last_updated_time"), "exact", "local time without an offset"),
  "day_log.calendar_date": ignored("the day, as it was asked for"),
  ...each(
    [
      "symptoms",
      "moods",
      "discharge",
      "sex_drive",
      "sexual_activity",
      "notes",
      "ovulation_day",
      "has_glucose_log",
      "has_baby_movement",
      "baby_movements",
    ].map((name) => `day_log.${name}`),
    ignored("intimate, and nothing of Terra's model"),
  ),
  "day_log.user_profile_pk": ignored("names the person"),
  weight_goals: composite(carried("grams, the range for a week of pregnancy")),
};

/**
 * GET /periodichealth-service/menstrualcycle/dayview/{day}; `{}` or 204 where nothing is logged. The newest days are asked
 * for by themselves, since what somebody logs changes no summary; older ones where the summary tells of a cycle.
 */
export const cycleDay = declareDays({
  name: "menstrual-day",
  reach: often.rereadDays + 1,
  path: (day) => `/periodichealth-service/menstrualcycle/dayview/${day}?todayDate=${day}`,
  schema: dayView,
  ledger: dayViewLedger,
  keys: (item, day) => (item.day_summary == null && item.day_log == null ? [] : [day]),
});
