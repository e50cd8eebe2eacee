/** A cycle of Garmin's as a Menstruation. */
import { describe, expect, it } from "vitest";
import { MenstruationFlow, MenstruationInterval } from "../../../models/index.ts";
import * as bodies from "../testing/bodies.ts";
import { make, partsOf } from "../testing/make.ts";

const day = "2025-05-12";

describe("a cycle", () => {
  const view = (body: object) => partsOf("menstrual-day", day, body);

  it("counts fertile days from 1, and has the day's flow", () => {
    const data = make("menstruation", day, view(bodies.cycleView))?.menstruation_data;
    expect(data).toMatchObject({
      period_start_date: "2025-05-01",
      current_phase: MenstruationInterval.Follicular,
      fertility_window_start: "2025-05-11",
      fertility_window_end: "2025-05-17",
      ovulation_day: "2025-05-16",
      last_updated_time: "2025-05-12T08:00:00.000000",
    });
    expect(data?.menstruation_flow).toEqual([
      { timestamp: "2025-05-12T00:00:00.000000", flow: MenstruationFlow.Heavy },
    ]);
  });

  it("does not guess a flow that it has no word for", () => {
    const dayLog = { ...bodies.cycleView.dayLog, flow: "SPOTTING" };
    const data = make("menstruation", day, view({ ...bodies.cycleView, dayLog }))?.menstruation_data;
    expect(data?.menstruation_flow?.map(({ flow }) => flow)).toEqual([MenstruationFlow.Unknown]);
  });

  it("of the summary stands where the day's view is empty", () => {
    expect(view({})).toEqual([]);
    const record = make("menstruation", day, view({}), partsOf("menstrual-summary", day, bodies.cycle));
    expect(record?.menstruation_data?.day_in_cycle).toBe(12);
  });

  it.each([
    [13, MenstruationInterval.FirstTrimester],
    [14, MenstruationInterval.SecondTrimester],
    [27, MenstruationInterval.SecondTrimester],
    [28, MenstruationInterval.ThirdTrimester],
  ])("of a pregnancy in week %d is a trimester", (numberOfWeek, phase) => {
    const body = { daySummary: { ...bodies.cycle, pregnancyCycle: true, currentPhase: 6, numberOfWeek } };
    expect(make("menstruation", day, view(body))?.menstruation_data?.current_phase).toBe(phase);
  });

  it("keeps what is intimate out of the record", () => {
    const text = JSON.stringify(make("menstruation", day, view(bodies.cycleView)));
    expect(text).not.toMatch(/CRAMPS|private/);
  });
});
