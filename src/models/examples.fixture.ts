import { ActivityType, type ModelOf, SleepUploadType, type TerraUser, UploadType } from "./index.ts";

const dayMetadata = {
  start_time: "2026-03-01T00:00:00.000000+02:00",
  end_time: "2026-03-02T00:00:00.000000+02:00",
};
const noon = "2026-03-01T12:00:00.000000+02:00";

/** One small record of every type, each with a sample or an array where its type has any. For tests. */
export const examples: ModelOf = {
  activity: {
    metadata: {
      summary_id: "run-1",
      start_time: "2026-03-01T07:30:00.000000+02:00",
      end_time: "2026-03-01T08:00:00.000000+02:00",
      type: ActivityType.Running,
      upload_type: UploadType.Automatic,
    },
    heart_rate_data: {
      summary: { avg_hr_bpm: 141, hr_zone_data: [{ zone: 0, duration_seconds: 1800 }] },
      detailed: { hr_samples: [{ timestamp: noon, bpm: 140, timer_duration_seconds: 1 }] },
    },
    lap_data: { laps: [{ start_time: noon, total_strokes: 4 }] },
    position_data: {
      start_pos_lat_lng_deg: [60.17, 24.94],
      position_samples: [{ timestamp: noon, coords_lat_lng_deg: [60.17, null] }],
    },
    TSS_data: { TSS_samples: [{ actual: 55 }] },
  },
  daily: {
    metadata: { ...dayMetadata, upload_type: UploadType.Automatic },
    distance_data: { steps: 9000, detailed: { step_samples: [{ timestamp: noon, steps: 4500 }] } },
    stress_data: { samples: [{ timestamp: noon, level: 20 }] },
    tag_data: { tags: [{ timestamp: noon, tag_name: "coffee", notes: "" }] },
  },
  sleep: {
    metadata: {
      start_time: "2026-02-28T23:10:00.000000+02:00",
      end_time: "2026-03-01T06:50:00.000000+02:00",
      upload_type: SleepUploadType.Automatic,
      is_nap: false,
    },
    sleep_durations_data: {
      sleep_efficiency: 91.5,
      hypnogram_samples: [{ timestamp: "2026-02-28T23:10:00.000000+02:00", level: 4 }],
    },
    respiration_data: { breaths_data: { avg_breaths_per_min: 14, samples: [] } },
  },
  body: {
    metadata: dayMetadata,
    measurements_data: { measurements: [{ measurement_time: noon, weight_kg: 70.5 }] },
    heart_data: { ecg_signal: [{ start_timestamp: noon, raw_signal: [{ potential_uV: -12.5 }] }] },
  },
  nutrition: {
    metadata: dayMetadata,
    summary: { macros: { calories: 2100 }, water_ml: 1500 },
    meals: [
      {
        id: "1",
        name: "Oatmeal",
        type: 1,
        timestamp: noon,
        quantity: { unit: 1, amount: 80 },
        macros: { calories: 300 },
        micros: {},
      },
    ],
    drink_samples: [{ timestamp: noon, drink_name: "Tea", drink_unit: 8, drink_volume: 250 }],
  },
  menstruation: {
    metadata: dayMetadata,
    menstruation_data: { period_start_date: "2026-02-27", day_in_cycle: 3, current_phase: 1 },
  },
  athlete: { first_name: "Ada", age: 36, date_of_birth: "1990-01-02" },
};

export const exampleUser: TerraUser = {
  user_id: "40f7",
  provider: "POLAR",
  reference_id: null,
  active: true,
};
