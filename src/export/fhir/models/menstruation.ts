/** A day of a cycle. */
import { cyclePhases, menstrualFlows } from "../own-codes.ts";
import { coded, date, type FhirTable, flag, loinc, own, quantity, time, under, used } from "../table.ts";
import * as shared from "./shared.ts";

export const menstruationTable: FhirTable = {
  category: "social-history",
  momentOf: "day",
  lists: {
    "menstruation_data.menstruation_flow": { kind: "items", code: own("menstrual-flow"), start: "timestamp" },
    "menstruation_data.intervals": {
      kind: "items",
      code: own("cycle-phase"),
      start: "start_timestamp",
      end: "end_timestamp",
    },
  },
  fields: {
    ...under("metadata", shared.times),
    ...under("menstruation_data", {
      period_start_date: date(loinc("8665-2")),
      period_length_days: quantity(own("period-length"), "d"),
      cycle_length_days: quantity(own("cycle-length"), "d"),
      predicted_cycle_length_days: quantity(own("predicted-cycle-length"), "d"),
      day_in_cycle: quantity(own("day-in-cycle"), "d"),
      current_phase: coded(own("cycle-phase"), cyclePhases),
      length_of_current_phase_days: quantity(own("phase-length"), "d"),
      days_until_next_phase: quantity(own("days-until-next-phase"), "d"),
      is_predicted_cycle: flag(own("is-predicted-cycle")),
      last_updated_time: time(own("cycle-last-logged")),
      "menstruation_flow[].timestamp": used("effectiveDateTime"),
      "menstruation_flow[].flow": coded(own("menstrual-flow"), menstrualFlows, { place: "value" }),
      "intervals[].start_timestamp": used("effectivePeriod.start"),
      "intervals[].end_timestamp": used("effectivePeriod.end"),
      "intervals[].phase": coded(own("cycle-phase"), cyclePhases, { place: "value" }),
      fertility_window_start: date(own("fertility-window-start")),
      fertility_window_end: date(own("fertility-window-end")),
      ovulation_day: date(own("ovulation-day")),
    }),
  },
};
