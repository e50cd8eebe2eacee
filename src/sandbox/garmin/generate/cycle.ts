/** A menstrual cycle of 28 days: which day and which phase a date is. */
import { addDays, daysBetween } from "../../kit/clock.ts";
import { Random } from "../../kit/random.ts";
import { type Day, hour, isoText } from "./plan.ts";

const cycleDays = 28;
/** Phases by Garmin's numbers: menstrual, follicular, ovulation, luteal. */
const phases = [
  { number: 1, first: 1, last: 5 },
  { number: 2, first: 6, last: 12 },
  { number: 3, first: 13, last: 16 },
  { number: 4, first: 17, last: cycleDays },
] as const;
const weekOfPregnancy = 20;
const anchor = "2020-01-01";

function cycleOf(day: Day) {
  const shift = new Random("garmin cycle", day.key[1] ?? 0).int(0, cycleDays - 1);
  const dayInCycle = ((((daysBetween(anchor, day.date) + shift) % cycleDays) + cycleDays) % cycleDays) + 1;
  const phase = phases.find(({ last }) => dayInCycle <= last) ?? phases[3];
  return { dayInCycle, phase, startDate: addDays(day.date, 1 - dayInCycle) };
}

/** The fertile window begins with a day number of the cycle, which counts from 1. */
export function cycleBody(day: Day): object {
  const { dayInCycle, phase, startDate } = cycleOf(day);
  return {
    startDate,
    endDate: null,
    dayInCycle,
    periodLength: 5,
    currentPhase: phase.number,
    lengthOfCurrentPhase: phase.last - phase.first + 1,
    daysUntilNextPhase: phase.last - dayInCycle + 1,
    fertileWindowStart: 11,
    lengthOfFertileWindow: 6,
    lutealPhaseStart: 17,
    predictedCycleLength: cycleDays,
    predictedCycle: false,
    predictedOvulationDate: addDays(startDate, 13),
    cycleType: "REGULAR",
    pregnancyCycle: day.isPregnant,
    numberOfWeek: day.isPregnant ? weekOfPregnancy : null,
    dueDate: day.isPregnant ? addDays(day.date, 7 * (40 - weekOfPregnancy)) : null,
    deliveryDate: null,
    overlapCycleList: [{ periodLength: 5, startDate: addDays(startDate, -cycleDays) }],
    isSkinTempMct: false,
    educationContentMod: 3,
    feedbackPhrase: null,
    analysis: {
      cycleTypeAnalysis: {
        cycleLengthDeviationDays: 1,
        cycleStartDate: startDate,
        cycleType: "REGULAR",
        cycleVariability: 2,
        cycleVariabilityClassifier: "NORMAL",
        follicularLengthDeviationDays: 1,
        hasAmenorrhea: false,
        isAtypical: false,
        lutealLengthDeviationDays: 0,
        medianCycleLength: cycleDays,
        medianCycleLengthClassifier: "NORMAL",
        periodLengthDeviationDays: 0,
        prolongedPeriods: 0,
        prolongedPeriodsClassifier: "NORMAL",
      },
      perimenopauseDetected: false,
    },
  };
}

const goalsOfWeek = { highWeightGoalInGrams: 79_000, lowWeightGoalInGrams: 76_000, weekNum: weekOfPregnancy };

const movementOf = (day: Day): object => ({
  count: 10,
  duration: 1_800,
  movementType: "KICK",
  startTimestamp: isoText(day.midnight + 20 * hour),
});

const flows = ["MEDIUM", "HEAVY", "MEDIUM", "LIGHT", "LIGHT"] as const;

export function cycleDayBody(day: Day): object {
  const { dayInCycle } = cycleOf(day);
  return {
    daySummary: cycleBody(day),
    dayLog: {
      userProfilePk: day.person,
      calendarDate: day.date,
      symptoms: dayInCycle <= 2 ? ["CRAMPS"] : [],
      moods: [],
      discharge: [],
      flow: flows[dayInCycle - 1] ?? null,
      sexDrive: null,
      sexualActivity: null,
      notes: null,
      ovulationDay: false,
      hasGlucoseLog: false,
      hasBabyMovement: day.isPregnant,
      babyMovements: day.isPregnant ? [movementOf(day)] : [],
      reportTimestamp: isoText(day.midnight + 8 * hour),
    },
    weightGoals: day.isPregnant ? goalsOfWeek : null,
  };
}
