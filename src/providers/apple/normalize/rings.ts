/** Apple's own figures of a day, from its activity rings, beside those that were merged from the samples. */
import type { ActivitySummary } from "../healthkit/readings.ts";

/** A figure of the day, as merged from samples and as the rings tell it. Null where one of them tells none. */
interface Figure {
  readonly field: string;
  readonly merged: number | null;
  readonly rings: number | null;
}

export interface MergedFigures {
  readonly activeEnergyKcal: number | null;
  readonly exerciseSeconds: number | null;
  readonly standHours: number | null;
}

/** Differences up to 2 % come from rounding and from the moment at which the rings were read. */
const toleratedPart = 0.02;

/** Returns the figures that differ from Apple's own by more than 2 %. */
export function differences(merged: MergedFigures, rings: ActivitySummary | undefined): Figure[] {
  return figuresOf(merged, rings).filter(
    (one) =>
      one.merged !== null &&
      one.rings !== null &&
      Math.abs(one.merged - one.rings) > toleratedPart * Math.abs(one.rings),
  );
}

/** Returns the fields that only the rings tell. */
export const onlyInRings = (merged: MergedFigures, rings: ActivitySummary | undefined): string[] =>
  figuresOf(merged, rings)
    .filter((one) => one.merged === null && one.rings !== null)
    .map(({ field }) => field);

/** Returns the merged figures, and Apple's where there are no samples. */
export const withRings = (merged: MergedFigures, rings: ActivitySummary | undefined): MergedFigures => ({
  activeEnergyKcal: merged.activeEnergyKcal ?? rings?.activeEnergyKcal ?? null,
  exerciseSeconds: merged.exerciseSeconds ?? exerciseSecondsOf(rings),
  standHours: merged.standHours ?? rings?.standHours ?? null,
});

function figuresOf(merged: MergedFigures, rings: ActivitySummary | undefined): Figure[] {
  return [
    {
      field: "calories_data.net_activity_calories",
      merged: merged.activeEnergyKcal,
      rings: rings?.activeEnergyKcal ?? null,
    },
    {
      field: "active_durations_data.activity_seconds",
      merged: merged.exerciseSeconds,
      rings: exerciseSecondsOf(rings),
    },
    {
      field: "active_durations_data.standing_hours_count",
      merged: merged.standHours,
      rings: rings?.standHours ?? null,
    },
  ];
}

function exerciseSecondsOf(rings: ActivitySummary | undefined): number | null {
  const minutes = rings?.exerciseMinutes ?? null;
  return minutes === null ? null : minutes * 60;
}

/** Returns the rings as `provider_data` offers them. */
export const toldRings = (rings: ActivitySummary | undefined) =>
  rings && {
    active_energy_kcal: rings.activeEnergyKcal,
    active_energy_goal_kcal: rings.activeEnergyGoalKcal,
    move_minutes: rings.moveMinutes,
    move_goal_minutes: rings.moveGoalMinutes,
    exercise_minutes: rings.exerciseMinutes,
    exercise_goal_minutes: rings.exerciseGoalMinutes,
    stand_hours: rings.standHours,
    stand_goal_hours: rings.standGoalHours,
  };

/** Apple writes summaries of zeros for days without a watch. */
export const hasFigures = (rings: ActivitySummary | undefined): rings is ActivitySummary =>
  rings !== undefined &&
  [rings.activeEnergyKcal, rings.exerciseMinutes, rings.standHours, rings.moveMinutes].some(Boolean);
