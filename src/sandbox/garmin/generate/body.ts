/** Weigh-ins in grams, the goal for them, and the age of a body. */
import { Random } from "../../kit/random.ts";
import { type Day, hour, numberOf, rounded, utcOf } from "./plan.ts";

/** Each second or third day; null on the others. */
export function weightBody(day: Day): object | null {
  const random = new Random(...day.key, "weight");
  if (!random.chance(0.4) || day.until < day.midnight + 8 * hour) return null;
  const grams = random.int(69_800, 71_600);
  const at = day.midnight + 7 * hour + random.int(0, 50) * 60_000;
  const weighed = {
    samplePk: numberOf(day, "weight"),
    // The wall clock, already shifted.
    date: at,
    calendarDate: day.date,
    weight: grams,
    bmi: rounded(grams / 1_000 / 1.78 ** 2, 1),
    bodyFat: rounded(random.between(18, 22), 1),
    bodyWater: rounded(random.between(55, 59), 1),
    boneMass: random.int(3_300, 3_500),
    muscleMass: random.int(31_000, 32_500),
    physiqueRating: null,
    visceralFat: null,
    metabolicAge: null,
    sourceType: "INDEX_SCALE",
    timestampGMT: utcOf(day, at),
    weightDelta: random.int(-400, 400),
  };
  return {
    summaryDate: day.date,
    numOfWeightEntries: 1,
    minWeight: grams,
    maxWeight: grams,
    latestWeight: weighed,
    allWeightMetrics: [weighed],
  };
}

const component = (value: number, targetValue: number): object => ({
  value,
  targetValue,
  improvementValue: rounded(value - targetValue, 1),
  potentialAge: 34.5,
  priority: 1,
  stale: false,
  staleInputs: [],
  lastMeasurementDate: null,
  numOfWeeksForIm: 4,
});

export const fitnessAgeBody = (day: Day): object => ({
  chronologicalAge: 40,
  fitnessAge: 36.2,
  achievableFitnessAge: 33.1,
  previousFitnessAge: 36.5,
  components: {
    vigorousDaysAvg: component(2.3, 3),
    vigorousMinutesAvg: component(48, 75),
    rhr: component(day.restingHeartRate, 48),
    bodyFat: component(20.1, 17),
    bmi: component(22.4, 22),
  },
  lastUpdated: `${day.date}T06:00:00.0`,
  invalidReason: null,
});

export const weightGoals = (date: string): object => ({
  userGoals: [
    {
      userGoalCategory: "WEIGHT",
      userGoalType: "WEIGHT",
      startDate: date,
      endDate: null,
      goalName: null,
      goalValue: 69_000,
      updateDate: date,
      createDate: `${date}T06:00:00.0`,
      trackingPeriodType: "DAILY",
    },
  ],
  userGoalRanges: [
    {
      userGoalCategory: "WEIGHT",
      userGoalType: "WEIGHT",
      startDate: date,
      endDate: null,
      lowWeightGoalInGrams: 68_000,
      highWeightGoalInGrams: 70_000,
      weekNum: null,
      trackingPeriodType: "DAILY",
    },
  ],
});
