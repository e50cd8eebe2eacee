/** The measurements of the body on one day: vital signs, laboratory values and an electrocardiogram. */
import { afibResults, glucoseTrends, ketoneSampleTypes } from "../own-codes.ts";
import {
  type Code,
  coded,
  type FhirTable,
  type FieldRule,
  loinc,
  omitted,
  own,
  quantity,
  samples,
  sampleTime,
  series,
  text,
  under,
  used,
} from "../table.ts";
import * as shared from "./shared.ts";

const component = { place: "component" } as const;
const value = { place: "value" } as const;
const average = { statistic: "average" } as const;
const laboratory = { category: "laboratory" } as const;

type Unit = Parameters<typeof quantity>[1];
/** What a scale or a tape measures: the field of a measurement, that of the day's average, the code and the unit. */
const measured: readonly (readonly [field: string, ofDay: string | null, code: Code, unit: Unit])[] = [
  ["BMI", "day_avg_bmi", loinc("39156-5"), "kg/m2"],
  ["BMR", "day_avg_bmr", own("basal-metabolic-rate"), "kcal/d"],
  ["RMR", "day_avg_rmr", own("resting-metabolic-rate"), "kcal/d"],
  ["estimated_fitness_age", "day_avg_estimated_fitness_age", own("fitness-age"), "a"],
  ["skin_fold_mm", "day_avg_skin_fold_mm", own("skin-fold"), "mm"],
  ["bodyfat_percentage", "day_avg_bodyfat_percentage", loinc("41982-0"), "%"],
  ["weight_kg", "day_avg_weight_kg", loinc("29463-7"), "kg"],
  ["height_cm", "day_avg_height_cm", loinc("8302-2"), "cm"],
  ["bone_mass_g", "day_avg_bone_mass_g", own("bone-mass"), "g"],
  ["muscle_mass_g", "day_avg_muscle_mass_g", own("muscle-mass"), "g"],
  ["lean_mass_g", "day_avg_lean_mass_g", loinc("91557-9"), "g"],
  ["water_percentage", "day_avg_water_percentage", own("body-water-percentage"), "%"],
  ["insulin_units", "day_avg_insulin_units", own("insulin-given"), "[IU]"],
  ["visceral_fat_level", "day_avg_visceral_fat_level", own("visceral-fat-level"), "{score}"],
];

const measurements: Record<string, FieldRule> = under("measurements_data", {
  ...Object.fromEntries(
    measured.map(([field, , code, unit]) => [`measurements[].${field}`, quantity(code, unit)]),
  ),
  ...Object.fromEntries(measured.map(([, ofDay, code, unit]) => [ofDay, quantity(code, unit, average)])),
  "measurements[].measurement_time": used("effectiveDateTime"),
  "measurements[].insulin_type": text(own("insulin-type")),
  "measurements[].urine_color": text(own("urine-color")),
  "measurements[].user_notes": text(own("measurement-notes")),
  "measurements[].visceral_fat_category": text(own("visceral-fat-category")),
});

const ecg = under("ecg_signal[]", {
  start_timestamp: used("effective[x]"),
  avg_hr_bpm: quantity(loinc("8867-4"), "/min", component),
  afib_classification: coded(own("afib-classification"), afibResults, component),
  "raw_signal[].timestamp": sampleTime,
  // A factor keeps the microvolts as they are, where a division would round them.
  "raw_signal[].potential_uV": series([{ source: "ieee-11073", code: "131328" }], "mV", {
    signed: true,
    factor: 0.001,
    category: "procedure",
  }),
});

const heart = under("heart_data", {
  ...shared.heart(shared.heartCodesOfDay),
  "rr_interval_samples[].timestamp": sampleTime,
  "rr_interval_samples[].rr_interval_ms": series(own("rr-interval"), "ms"),
  "rr_interval_samples[].hr_bpm": series(loinc("8867-4"), "/min"),
  "pulse_wave_velocity_samples[].timestamp": sampleTime,
  "pulse_wave_velocity_samples[].pulse_wave_velocity_meters_per_second": series(
    own("pulse-wave-velocity"),
    "m/s",
  ),
  "afib_classification_samples[].timestamp": used("effectiveDateTime"),
  "afib_classification_samples[].afib_classification": coded(own("afib-classification"), afibResults, value),
  ...ecg,
});

const pressures = [loinc("8480-6"), loinc("8462-4")];
const ofDay = { ...component, group: "blood-pressure-of-day" };
const bloodPressure = under("blood_pressure_data", {
  day_avg_systolic_bp: quantity(loinc("8480-6"), "mm[Hg]", ofDay),
  day_avg_diastolic_bp: quantity(loinc("8462-4"), "mm[Hg]", ofDay),
  "blood_pressure_samples[].timestamp": used("effectiveDateTime"),
  "blood_pressure_samples[].systolic_bp": quantity(loinc("8480-6"), "mm[Hg]", component),
  "blood_pressure_samples[].diastolic_bp": quantity(loinc("8462-4"), "mm[Hg]", component),
});

const glucoseAverage = quantity(loinc("41653-7"), "mg/dL", { ...average, ...laboratory });
const percentile = (code: Code): FieldRule => quantity(code, "mg/dL", component);
const noCodeBeside = omitted("SampledData has one number at each time and no code beside it");

const glucose = under("glucose_data", {
  day_avg_blood_glucose_mg_per_dL: glucoseAverage,
  day_avg_blood_glucose_mg_per_dl: omitted("repeats day_avg_blood_glucose_mg_per_dL"),
  day_avg_detailed_blood_glucose_mg_per_dL: quantity(loinc("99504-3"), "mg/dL", {
    ...average,
    ...laboratory,
  }),
  gmi: quantity(loinc("97506-0"), "%", laboratory),
  time_in_range: quantity(own("glucose-time-in-range"), "{score}", laboratory),
  sensor_usage: quantity(own("glucose-readings"), "{count}", laboratory),
  "daily_patterns[].time_from_midnight": quantity(own("hour-of-day"), "h", component),
  "daily_patterns[].percentile_5": percentile(own("percentile-5")),
  "daily_patterns[].percentile_25": percentile(own("percentile-25")),
  "daily_patterns[].percentile_50": percentile(own("percentile-50")),
  "daily_patterns[].percentile_75": percentile(own("percentile-75")),
  "daily_patterns[].percentile_95": percentile(own("percentile-95")),
  "blood_glucose_samples[].timestamp": used("effectiveDateTime"),
  "blood_glucose_samples[].blood_glucose_mg_per_dL": quantity(loinc("41653-7"), "mg/dL", value),
  "blood_glucose_samples[].glucose_level_flag": coded(
    loinc("41653-7"),
    new Map<unknown, string>([
      [0, "N"],
      [1, "H"],
      [2, "L"],
    ]),
    { place: "interpretation" },
  ),
  "blood_glucose_samples[].trend_arrow": coded(own("glucose-trend"), glucoseTrends, component),
  "detailed_blood_glucose_samples[].timestamp": sampleTime,
  "detailed_blood_glucose_samples[].blood_glucose_mg_per_dL": series(loinc("99504-3"), "mg/dL", laboratory),
  "detailed_blood_glucose_samples[].glucose_level_flag": noCodeBeside,
  "detailed_blood_glucose_samples[].trend_arrow": noCodeBeside,
});

const temperatures = under("temperature_data", {
  day_avg_ambient_temperature_celsius: quantity(own("ambient-temperature"), "Cel", {
    ...average,
    signed: true,
  }),
  day_avg_body_temperature_celsius: quantity(loinc("8310-5"), "Cel", average),
  day_avg_skin_temperature_celsius: quantity(own("skin-temperature"), "Cel", { ...average, signed: true }),
  "ambient_temperature_samples[].timestamp": sampleTime,
  "ambient_temperature_samples[].temperature_celsius": series(own("ambient-temperature"), "Cel", {
    signed: true,
  }),
  "body_temperature_samples[].timestamp": sampleTime,
  "body_temperature_samples[].temperature_celsius": series(loinc("8310-5"), "Cel"),
  "skin_temperature_samples[].timestamp": sampleTime,
  "skin_temperature_samples[].temperature_celsius": series(own("skin-temperature"), "Cel", { signed: true }),
});

export const bodyTable: FhirTable = {
  category: "exam",
  momentOf: "day",
  groups: { "blood-pressure-of-day": { code: loinc("85354-9"), ...average, required: pressures } },
  lists: {
    ...shared.oxygenLists,
    ...under("heart_data", shared.heartLists),
    "measurements_data.measurements": { kind: "items", start: "measurement_time" },
    "heart_data.rr_interval_samples": samples,
    "heart_data.pulse_wave_velocity_samples": samples,
    "heart_data.afib_classification_samples": {
      kind: "items",
      code: own("afib-classification"),
      start: "timestamp",
    },
    "heart_data.ecg_signal": {
      kind: "items",
      code: [{ source: "ieee-11073", code: "131328" }],
      category: "procedure",
      start: "start_timestamp",
    },
    "heart_data.ecg_signal[].raw_signal": samples,
    "blood_pressure_data.blood_pressure_samples": {
      kind: "items",
      code: loinc("85354-9"),
      start: "timestamp",
      required: pressures,
    },
    "glucose_data.daily_patterns": { kind: "items", code: own("glucose-hour"), ...laboratory },
    "glucose_data.blood_glucose_samples": {
      kind: "items",
      code: loinc("41653-7"),
      start: "timestamp",
      ...laboratory,
    },
    "glucose_data.detailed_blood_glucose_samples": samples,
    "hydration_data.hydration_amount_samples": samples,
    "ketone_data.ketone_samples": { kind: "items", code: own("ketones"), start: "timestamp", ...laboratory },
    "temperature_data.ambient_temperature_samples": samples,
    "temperature_data.body_temperature_samples": samples,
    "temperature_data.skin_temperature_samples": samples,
  },
  fields: {
    ...under("metadata", shared.times),
    ...shared.device,
    ...shared.oxygen,
    ...measurements,
    ...heart,
    ...bloodPressure,
    ...glucose,
    ...under("hydration_data", {
      day_total_water_consumption_ml: quantity(own("water-consumption"), "mL", {
        category: "social-history",
      }),
      day_avg_hydration_kg: quantity(own("body-water-mass"), "kg", average),
      "hydration_amount_samples[].timestamp": sampleTime,
      "hydration_amount_samples[].hydration_kg": series(own("body-water-mass"), "kg"),
    }),
    ...under("ketone_data", {
      day_avg_ketone_mg_per_dL: quantity(own("ketones"), "mg/dL", { ...average, ...laboratory }),
      "ketone_samples[].timestamp": used("effectiveDateTime"),
      "ketone_samples[].ketone_mg_per_dL": quantity(own("ketones"), "mg/dL", value),
      "ketone_samples[].sample_type": coded(own("ketone-sample-type"), ketoneSampleTypes, component),
    }),
    ...temperatures,
  },
};
