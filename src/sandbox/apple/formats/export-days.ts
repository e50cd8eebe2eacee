/** The elements after the records of an export: correlations, workouts and rings. */
import { type Correlation, quantity, type Workout } from "../generate/facts.ts";
import { dayOf } from "../generate/index.ts";
import { type Exported, metadataElements, originOf, recordElement, timesOf } from "./export-record.ts";
import { routeName } from "./gpx.ts";
import { quantities } from "./quantities.ts";
import { spacedAt } from "./times.ts";

/** Yields the elements kind by kind, as a phone writes them. */
export function* daysElements(exported: Exported, dates: readonly string[]): Generator<string> {
  const days = function* () {
    for (const date of dates) yield dayOf(exported.wearer, date, exported.period.now);
  };
  for (const day of days()) for (const one of day.correlations) yield correlationElement(exported, one);
  for (const day of days()) for (const one of day.workouts) yield workoutElement(exported, one);
  for (const { rings } of days())
    yield ` <ActivitySummary dateComponents="${rings.date}" activeEnergyBurned="${rings.activeEnergyKcal}" activeEnergyBurnedGoal="${rings.activeEnergyGoalKcal}" activeEnergyBurnedUnit="kcal" appleMoveTime="0" appleMoveTimeGoal="0" appleExerciseTime="${rings.exerciseMinutes}" appleExerciseTimeGoal="30" appleStandHours="${rings.standHours}" appleStandHoursGoal="12"/>\n`;
}

/** Its members stand once more at the top level. */
function correlationElement(exported: Exported, one: Correlation): string {
  const members = one.members.map((member) => recordElement(exported, member, 2)).join("");
  return ` <Correlation type="${one.type}"${originOf(one.device)}${timesOf(exported, one)}>\n${metadataElements(one.metadata, 2)}${members} </Correlation>\n`;
}

function workoutElement(exported: Exported, workout: Workout): string {
  const { activity, durationSeconds, device } = workout;
  const open = ` <Workout workoutActivityType="HKWorkoutActivityType${activity.healthKit}" duration="${durationSeconds / 60}" durationUnit="min"${originOf(device)}${timesOf(exported, workout)}>\n`;
  const inner = [
    metadataElements(workout.metadata, 2),
    events(exported, workout),
    part(exported, workout),
    statistics(exported, workout, 2),
    route(exported, workout),
  ];
  return `${open}${inner.join("")} </Workout>\n`;
}

const eventNames = { 1: "Pause", 2: "Resume", 7: "Segment" } as const;

const events = ({ offset }: Exported, workout: Workout): string =>
  workout.events
    .map(({ type, startMs, endMs }) => {
      const length = endMs > startMs ? ` duration="${(endMs - startMs) / 60_000}" durationUnit="min"` : "";
      return `  <WorkoutEvent type="HKWorkoutEventType${eventNames[type]}" date="${spacedAt(offset, startMs)}"${length}/>\n`;
    })
    .join("");

/** The only activity of the workout, which repeats its statistics. */
function part(exported: Exported, workout: Workout): string {
  const { uuid, startMs, endMs, durationSeconds } = workout;
  return `  <WorkoutActivity uuid="${uuid}" startDate="${spacedAt(exported.offset, startMs)}" endDate="${spacedAt(exported.offset, endMs)}" duration="${durationSeconds / 60}" durationUnit="min">\n${statistics(exported, workout, 3)}  </WorkoutActivity>\n`;
}

const statistics = ({ offset }: Exported, workout: Workout, depth: number): string =>
  workout.statistics
    .map(({ type, ...figures }) => {
      const told = Object.entries(figures).map(([name, value]) => ` ${name}="${value}"`);
      const span = ` startDate="${spacedAt(offset, workout.startMs)}" endDate="${spacedAt(offset, workout.endMs)}"`;
      return `${" ".repeat(depth)}<WorkoutStatistics type="${quantity(type)}"${span}${told.join("")} unit="${quantities.get(quantity(type))?.unit}"/>\n`;
    })
    .join("");

function route(exported: Exported, workout: Workout): string {
  if (workout.route.length === 0) return "";
  const path = `/workout-routes/${routeName(exported.wearer, workout)}`;
  return `  <WorkoutRoute${originOf(workout.device)}${timesOf(exported, workout)}>\n   <FileReference path="${path}"/>\n  </WorkoutRoute>\n`;
}
