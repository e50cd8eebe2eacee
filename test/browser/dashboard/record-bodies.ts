/** Records whose values are easy to compute: an activity, a night, a day, and a body for each of many days. */
const pad = (value: number): string => String(value).padStart(2, "0");

/** Nepal's offset: no zone of whole hours. */
export const offset = "+05:45";

/** @param minutes from the beginning of the day */
const at = (day: string, minutes: number): string =>
  `${day}T${pad(Math.floor(minutes / 60))}:${pad(Math.floor(minutes % 60))}:${pad(Math.round((minutes % 1) * 60))}.000000${offset}`;

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Twenty minutes from 06:10, a sample each ten seconds; the heart rate has no value from 06:14:30 to 06:15:30. */
export const gap = { from: 27, to: 33 };
export const heartRate = (index: number): number | null =>
  index >= gap.from && index <= gap.to ? null : 100 + index / 2;

export function activity(day: string, { hasRoute }: { readonly hasRoute: boolean }) {
  const sampled = <Fields>(read: (index: number) => Fields) =>
    many(121, (index) => ({ timestamp: at(day, 370 + index / 6), ...read(index) }));
  const lap = (from: number) => ({
    start_time: at(day, from),
    end_time: at(day, from + 10),
    distance_meters: 1_500,
    trigger_method: "MANUAL",
  });
  return {
    metadata: {
      start_time: at(day, 370),
      end_time: at(day, 390),
      summary_id: `run of ${day}`,
      name: "RUNNING",
    },
    heart_rate_data: {
      summary: { avg_hr_bpm: 130 },
      detailed: { hr_samples: sampled((index) => ({ bpm: heartRate(index) })) },
    },
    movement_data: { speed_samples: sampled(() => ({ speed_meters_per_second: 2.5 })) },
    distance_data: {
      summary: { distance_meters: 3_000 },
      detailed: { elevation_samples: sampled((index) => ({ elev_meters: 1_300 + index })) },
    },
    power_data: { power_samples: sampled((index) => ({ watts: 200 + index })) },
    position_data: {
      position_samples: hasRoute
        ? sampled((index) => ({ coords_lat_lng_deg: [27.7 + index / 10_000, 85.3] }))
        : [],
    },
    lap_data: { laps: [lap(370), lap(380)] },
  };
}

/** Six hours from midnight: awake, light, deep, light, rem, light, each for an hour. */
export function night(day: string) {
  const levels = [1, 4, 5, 4, 6, 4];
  return {
    metadata: { start_time: at(day, 0), end_time: at(day, 360), summary_id: `night of ${day}` },
    sleep_durations_data: {
      hypnogram_samples: levels.map((level, hour) => ({ timestamp: at(day, hour * 60), level })),
    },
    heart_rate_data: {
      detailed: {
        hr_samples: many(73, (index) => ({ timestamp: at(day, index * 5), bpm: 50 + (index % 10) })),
        hrv_samples_rmssd: many(73, (index) => ({ timestamp: at(day, index * 5), hrv_rmssd: 60 })),
      },
    },
    respiration_data: {
      breaths_data: {
        samples: many(73, (index) => ({ timestamp: at(day, index * 5), breaths_per_min: 14.5 })),
      },
    },
  };
}

/** 600 steps from seven to eight, 1,200 from eight to nine, and no sample after that. */
export function day(date: string) {
  return {
    metadata: { start_time: at(date, 0), end_time: at(date, 1_439) },
    distance_data: {
      steps: 1_800,
      detailed: {
        step_samples: many(13, (index) => ({
          timestamp: at(date, 420 + index * 10),
          steps: index <= 6 ? index * 100 : 600 + (index - 6) * 200,
        })),
      },
    },
    heart_rate_data: {
      summary: {
        user_max_hr_bpm: 200,
        hr_zone_data: [
          { zone: 0, start_percentage: 50, end_percentage: 60, duration_seconds: 5_400 },
          { zone: 1, start_percentage: 60, end_percentage: 70, duration_seconds: 1_800 },
        ],
      },
      detailed: {
        hr_samples: many(288, (index) => ({ timestamp: at(date, index * 5), bpm: 60 + (index % 40) })),
      },
    },
  };
}

/** @param index of the day: the weight sinks by a tenth of a kilogram each */
export const body = (date: string, index: number) => ({
  metadata: { start_time: at(date, 0), end_time: at(date, 1_439) },
  measurements_data: { measurements: [{ measurement_time: at(date, 420), weight_kg: 80 - index / 10 }] },
  blood_pressure_data: { day_avg_systolic_bp: 120 + (index % 10), day_avg_diastolic_bp: 80 },
});
