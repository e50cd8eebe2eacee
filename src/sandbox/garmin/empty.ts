/** What Garmin answers for a day of which it knows nothing: the whole body, full of nulls. */
import { addDays } from "../kit/clock.ts";
import type { Person } from "./state.ts";

const nulls = (names: string): Record<string, null> =>
  Object.fromEntries(names.split(" ").map((name) => [name, null]));

/** A day's summary names its person even when nothing was measured. */
export const emptyDay = ({ id }: Person, day: string): object => ({
  userProfileId: id,
  ...nulls(
    "totalKilocalories activeKilocalories bmrKilocalories consumedKilocalories remainingKilocalories totalSteps netCalorieGoal totalDistanceMeters wellnessDistanceMeters userDailySummaryId",
  ),
  calendarDate: day,
  uuid: null,
  dailyStepGoal: 8_000,
  ...nulls(
    "wellnessStartTimeGmt wellnessStartTimeLocal wellnessEndTimeGmt wellnessEndTimeLocal durationInMilliseconds highlyActiveSeconds activeSeconds sedentarySeconds sleepingSeconds",
  ),
  includesWellnessData: false,
  includesActivityData: false,
  includesCalorieConsumedData: false,
  ...nulls(
    "moderateIntensityMinutes vigorousIntensityMinutes floorsAscendedInMeters floorsDescendedInMeters floorsAscended floorsDescended minHeartRate maxHeartRate restingHeartRate averageStressLevel maxStressLevel averageSpo2 lowestSpo2",
  ),
  source: "GARMIN",
});

export const emptyHeartRate = ({ id }: Person, day: string): object => ({
  userProfilePK: id,
  calendarDate: day,
  ...nulls(
    "startTimestampGMT endTimestampGMT startTimestampLocal endTimestampLocal maxHeartRate minHeartRate restingHeartRate lastSevenDaysAvgRestingHeartRate heartRateValueDescriptors heartRateValues",
  ),
});

export const emptySleep = ({ id }: Person, day: string): object => ({
  id: null,
  userProfilePK: id,
  calendarDate: day,
  ...nulls(
    "sleepTimeSeconds napTimeSeconds sleepWindowConfirmed sleepWindowConfirmationType sleepStartTimestampGMT sleepEndTimestampGMT sleepStartTimestampLocal sleepEndTimestampLocal unmeasurableSleepSeconds deepSleepSeconds lightSleepSeconds remSleepSeconds awakeSleepSeconds deviceRemCapable retro sleepFromDevice averageSpO2Value averageRespirationValue awakeCount sleepScores",
  ),
});

export const emptySpo2 = ({ id }: Person, day: string): object => ({
  userProfilePK: id,
  calendarDate: day,
  ...nulls(
    "startTimestampGMT endTimestampGMT startTimestampLocal endTimestampLocal averageSpO2 lowestSpO2 latestSpO2 spO2SingleValues spO2HourlyAverages",
  ),
});

/** The neighbour of a range that has none. */
export const noWeight = nulls(
  "samplePk date calendarDate weight bmi bodyFat bodyWater boneMass muscleMass physiqueRating visceralFat metabolicAge sourceType timestampGMT weightDelta",
);

export const noAverage = ({ from, to }: { readonly from: string; readonly to: string }): object => ({
  from: Date.parse(`${from}T00:00:00Z`),
  until: Date.parse(`${addDays(to, 1)}T00:00:00Z`) - 1,
  ...nulls("weight bmi bodyFat bodyWater boneMass muscleMass physiqueRating visceralFat metabolicAge"),
});

/** A day of somebody with a food diary who has logged nothing. */
export const emptyFoodLog = (day: string): object => ({
  mealDate: day,
  dayStartTime: "00:00:00",
  dayEndTime: "23:59:59",
  dailyNutritionContent: null,
  dailyNutritionGoals: null,
  mealDetails: [],
  loggedFoodsWithServingSizes: [],
});
