/** The ledger of samples: what becomes of the values of each HealthKit type. */
import { carried, type Fate, ignored, type Ledger, mapped } from "../../ledger.ts";
import { fieldsOfNutrient } from "../normalize/nutrients.ts";
import { unitOf } from "../normalize/provider-data.ts";
import {
  alcoholicBeverages,
  bodyReadings,
  breathingDisturbances,
  carriedOfBody,
  carriedOfCycle,
  carriedOfDay,
  carriedSums,
  dailySums,
  dietaryEnergy,
  dietaryWater,
  heartRate,
  menstrualFlow,
  nutrients,
  oxygenSaturation,
  physicalEffort,
  respiratoryRate,
  restingHeartRate,
  rmssd,
  sdnn,
  sleepAnalysis,
  standHour,
  symptoms,
  vo2Max,
  wristTemperature,
} from "../normalize/type-homes.ts";
import { carriedOfWorkout, workoutDistances, workoutReadings } from "../normalize/workout-types.ts";

const merged = "derived: merged over sources, and summed";
const exact = "exact; derived: mean, smallest and largest";
const percent = "converted: × 100; derived: mean";
const milliseconds = "converted: × 1000; derived: mean";

const day = (...fields: string[]) => fields.map((field) => `daily.${field}`);
const workout = (...fields: string[]) => fields.map((field) => `activity.${field}`);
const body = (...fields: string[]) => fields.map((field) => `body.${field}`);
const measurement = (field: string, average: string) =>
  body(`measurements_data.measurements.${field}`, `measurements_data.${average}`);

const sums: readonly (readonly [type: string, fate: Fate])[] = [
  [
    dailySums.steps,
    mapped(
      [
        ...day("distance_data.steps", "distance_data.detailed.step_samples.steps"),
        ...workout("distance_data.summary.steps", "distance_data.detailed.step_samples.steps"),
      ],
      merged,
      "whole steps: some formats spread them over minutes",
    ),
  ],
  [
    dailySums.floors,
    mapped(
      [
        ...day(
          "distance_data.floors_climbed",
          "distance_data.detailed.floors_climbed_samples.floors_climbed",
        ),
        ...workout("distance_data.summary.floors_climbed"),
      ],
      merged,
    ),
  ],
  [
    dailySums.distance,
    mapped(
      [
        ...day("distance_data.distance_meters", "distance_data.detailed.distance_samples.distance_meters"),
        ...workout("distance_data.summary.distance_meters"),
      ],
      merged,
    ),
  ],
  [
    dailySums.activeEnergy,
    mapped(
      [
        ...day("calories_data.net_activity_calories", "calories_data.total_burned_calories"),
        ...day("calories_data.calorie_samples.calories"),
        ...workout("calories_data.net_activity_calories", "calories_data.total_burned_calories"),
      ],
      merged,
      "kcal",
    ),
  ],
  [
    dailySums.basalEnergy,
    mapped(
      [
        ...day("calories_data.BMR_calories", "calories_data.total_burned_calories"),
        ...workout("calories_data.BMR_calories", "calories_data.total_burned_calories"),
      ],
      merged,
      "kcal",
    ),
  ],
  [dailySums.exercise, mapped(day("active_durations_data.activity_seconds"), merged)],
  [dailySums.standing, mapped(day("active_durations_data.standing_seconds"), merged)],
  [
    dailySums.strokes,
    mapped(
      [
        ...day("distance_data.swimming.num_strokes"),
        ...workout("distance_data.summary.swimming.num_strokes"),
      ],
      merged,
    ),
  ],
  ...workoutDistances
    .filter((type) => type !== dailySums.distance)
    .map((type): [string, Fate] => [
      type,
      mapped(
        workout("distance_data.summary.distance_meters"),
        merged,
        "of a workout; a day's sum is in `totals`",
      ),
    ]),
];

const hearts: readonly (readonly [type: string, fate: Fate])[] = [
  [
    heartRate,
    mapped(
      ["daily", "sleep", "activity"].flatMap((type) => [
        `${type}.heart_rate_data.detailed.hr_samples.bpm`,
        `${type}.heart_rate_data.summary.avg_hr_bpm`,
        `${type}.heart_rate_data.summary.max_hr_bpm`,
        `${type}.heart_rate_data.summary.min_hr_bpm`,
      ]),
      exact,
    ),
  ],
  [restingHeartRate, mapped(day("heart_rate_data.summary.resting_hr_bpm"), "exact", "the one written last")],
  [
    sdnn,
    mapped(
      ["daily", "sleep"].flatMap((type) => [
        `${type}.heart_rate_data.detailed.hrv_samples_sdnn.hrv_sdnn`,
        `${type}.heart_rate_data.summary.avg_hrv_sdnn`,
      ]),
      milliseconds,
    ),
  ],
  [
    rmssd,
    mapped(
      ["daily", "sleep"].flatMap((type) => [
        `${type}.heart_rate_data.detailed.hrv_samples_rmssd.hrv_rmssd`,
        `${type}.heart_rate_data.summary.avg_hrv_rmssd`,
      ]),
      milliseconds,
    ),
  ],
];

const readings: readonly (readonly [type: string, fate: Fate])[] = [
  [
    oxygenSaturation,
    mapped(
      [
        ...day("oxygen_data.avg_saturation_percentage", "oxygen_data.saturation_samples.percentage"),
        ...body("oxygen_data.avg_saturation_percentage", "oxygen_data.saturation_samples.percentage"),
        "sleep.respiration_data.oxygen_saturation_data.avg_saturation_percentage",
      ],
      percent,
    ),
  ],
  [
    vo2Max,
    mapped(
      [
        ...day("oxygen_data.vo2max_ml_per_min_per_kg", "oxygen_data.vo2_samples.vo2max_ml_per_min_per_kg"),
        ...body("oxygen_data.vo2max_ml_per_min_per_kg", "oxygen_data.vo2_samples.vo2max_ml_per_min_per_kg"),
      ],
      exact,
    ),
  ],
  [physicalEffort, mapped(day("MET_data.MET_samples.level"), "exact", "kcal/kg/hr")],
  [
    respiratoryRate,
    mapped(
      [
        "sleep.respiration_data.breaths_data.samples.breaths_per_min",
        "sleep.respiration_data.breaths_data.avg_breaths_per_min",
      ],
      exact,
      "by day it is offered in Daily's `samples`",
    ),
  ],
  [
    standHour,
    mapped(day("active_durations_data.standing_hours_count"), "derived: the hours stood, each once"),
  ],
  [
    sleepAnalysis,
    mapped(
      [
        "sleep.metadata.start_time",
        "sleep.metadata.end_time",
        "sleep.sleep_durations_data.hypnogram_samples.level",
        "sleep.sleep_durations_data.asleep.duration_asleep_state_seconds",
        "sleep.sleep_durations_data.awake.duration_awake_state_seconds",
        "sleep.sleep_durations_data.other.duration_in_bed_seconds",
      ],
      "derived: sessions of the best source",
    ),
  ],
  [
    wristTemperature,
    mapped(
      body(
        "temperature_data.skin_temperature_samples.temperature_celsius",
        "temperature_data.day_avg_skin_temperature_celsius",
      ),
      exact,
      "a night's own value; also offered in Sleep",
    ),
  ],
  [breathingDisturbances, carried("count, a night's own value, in Sleep as `breathing_disturbances`")],
  [
    menstrualFlow,
    mapped(
      [
        "menstruation.menstruation_data.menstruation_flow.flow",
        "menstruation.menstruation_data.period_start_date",
        "menstruation.menstruation_data.day_in_cycle",
      ],
      "converted: HealthKit's case; derived: from HKMenstrualCycleStart",
    ),
  ],
];

const ofBody: readonly (readonly [type: string, fate: Fate])[] = [
  [bodyReadings.weight, mapped(measurement("weight_kg", "day_avg_weight_kg"), exact)],
  [bodyReadings.height, mapped(measurement("height_cm", "day_avg_height_cm"), "converted: × 100")],
  [bodyReadings.bmi, mapped(measurement("BMI", "day_avg_bmi"), exact)],
  [bodyReadings.fat, mapped(measurement("bodyfat_percentage", "day_avg_bodyfat_percentage"), percent)],
  [bodyReadings.leanMass, mapped(measurement("lean_mass_g", "day_avg_lean_mass_g"), "converted: × 1000")],
  [bodyReadings.insulin, mapped(measurement("insulin_units", "day_avg_insulin_units"), exact)],
  [
    bodyReadings.temperature,
    mapped(
      body(
        "temperature_data.body_temperature_samples.temperature_celsius",
        "temperature_data.day_avg_body_temperature_celsius",
      ),
      exact,
    ),
  ],
  [
    bodyReadings.systolic,
    mapped(
      body("blood_pressure_data.blood_pressure_samples.systolic_bp"),
      exact,
      "paired by moment and source",
    ),
  ],
  [
    bodyReadings.diastolic,
    mapped(body("blood_pressure_data.blood_pressure_samples.diastolic_bp"), exact, "as the systolic one"),
  ],
  [
    bodyReadings.glucose,
    mapped(body("glucose_data.blood_glucose_samples.blood_glucose_mg_per_dL"), "converted: to mg/dL"),
  ],
];

const ofNutrition: readonly (readonly [type: string, fate: Fate])[] = [
  ...[dietaryEnergy, ...nutrients].map((type): [string, Fate] => [
    type,
    mapped(
      fieldsOfNutrient(type),
      "converted: to the unit of the field; derived: merged over sources, and summed",
    ),
  ]),
  [dietaryWater, mapped(["nutrition.summary.water_ml", "nutrition.drink_samples.drink_volume"], merged)],
];

const readingsOfWorkouts: readonly (readonly [type: string, fate: Fate])[] = [
  ...workoutReadings.power.map((type): [string, Fate] => [
    type,
    mapped(workout("power_data.power_samples.watts", "power_data.avg_watts", "power_data.max_watts"), exact),
  ]),
  ...workoutReadings.speed.map((type): [string, Fate] => [
    type,
    mapped(workout("movement_data.speed_samples.speed_meters_per_second"), exact),
  ]),
  ...workoutReadings.cadence.map((type): [string, Fate] => [
    type,
    mapped(workout("movement_data.cadence_samples.cadence_rpm", "movement_data.avg_cadence_rpm"), exact),
  ]),
];

const offered =
  (where: string) =>
  (type: string): [string, Fate] => [type, carried(`${unitOf(type) ?? "HealthKit's case"}, ${where}`)];

const carriedTypes: readonly (readonly [type: string, fate: Fate])[] = [
  ...carriedSums.map(offered("a day's sum, in Daily's `totals`")),
  ...carriedOfDay.map(offered("in Daily's `samples`")),
  ...carriedOfBody.map(offered("in Body's `samples`")),
  ...carriedOfCycle.map(offered("in Menstruation's `samples`")),
  ...carriedOfWorkout.map(offered("in Activity's `samples`")),
  offered("in Nutrition's `samples`")(alcoholicBeverages),
];

const others: readonly (readonly [type: string, fate: Fate])[] = [
  ...[...symptoms.keys()].map((type): [string, Fate] => [
    type,
    mapped(day("tag_data.tags.tag_name", "tag_data.tags.notes"), "converted: the severity's name"),
  ]),
  ["HKDataTypeSleepDurationGoal", ignored("a goal, and Terra has no field for goals of sleep")],
];

/** The fates of all types. Where a type is in two lists, the field comes before the carried value. */
export const typeFates: ReadonlyMap<string, Fate> = new Map([
  ...carriedTypes,
  ...sums,
  ...hearts,
  ...readings,
  ...ofBody,
  ...ofNutrition,
  ...readingsOfWorkouts,
  ...others,
]);

const times = [
  ...["daily", "sleep", "body", "nutrition", "menstruation"].map((type) => `${type}.metadata.start_time`),
  "daily.heart_rate_data.detailed.hr_samples.timestamp",
];
const clock = mapped(times, "derived: the local clock of the sample");

/** The leaves that all samples have. */
export const sampleLeaves: Ledger = {
  "samples[].id": ignored("HealthKit's id: by it a deletion finds the sample"),
  "samples[].uuid": ignored("as `id`"),
  "samples[].identity": ignored("made of the others: equal for the same sample in two formats"),
  "samples[].type": ignored("it says which of the values below this is"),
  "samples[].startMs": mapped(times, "exact"),
  "samples[].endMs": mapped(
    ["sleep.metadata.end_time", "daily.distance_data.detailed.step_samples.timestamp"],
    "exact",
  ),
  "samples[].zone": clock,
  "samples[].offsetMinutes": clock,
  "samples[].source": mapped(
    ["daily.device_data.name", "sleep.device_data.name", "body.device_data.name"],
    "derived: the most trusted of the record's",
    "sources of one type are merged by it",
  ),
  "samples[].isUserEntered": mapped(
    ["daily.metadata.upload_type", "sleep.metadata.upload_type"],
    "converted: Manual",
  ),
  "samples[].isAggregate": ignored("a sum or mean counts only where no single sample does"),
  "samples[].metadata": mapped(
    [
      "daily.heart_rate_data.detailed.hr_samples.context",
      "body.measurements_data.measurements.insulin_type",
      "menstruation.menstruation_data.period_start_date",
    ],
    "converted: by HealthKit's keys; other keys are not used",
  ),
};

export const samplesLedger: Ledger = {
  ...sampleLeaves,
  ...Object.fromEntries([...typeFates].map(([type, fate]) => [`samples[type=${type}].value`, fate])),
};
