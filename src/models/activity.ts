import { z } from "zod";
import { activityTypeSchema } from "./activity-type.ts";
import { timestampLocalizationSchema, uploadTypeSchema } from "./enums.ts";
import {
  cadenceSampleSchema,
  positionSampleSchema,
  powerSampleSchema,
  speedSampleSchema,
  torqueSampleSchema,
} from "./samples.ts";
import { contributors, integer, list, number, section, text, time } from "./section.ts";
import {
  activeDurationsDataSchema,
  caloriesDataSchema,
  deviceDataSchema,
  distanceDetailedSchema,
  distanceSummarySchema,
  heartRateDataSchema,
  metDataSchema,
  oxygenDataSchema,
  strainDataSchema,
} from "./shared.ts";
import { timestampSchema } from "./timestamp.ts";

export const activityMetadataSchema = section({
  /** Unique for the person, perhaps not globally. */
  summary_id: z.string(),
  start_time: timestampSchema,
  end_time: timestampSchema,
  type: activityTypeSchema,
  upload_type: uploadTypeSchema,
  /** Given by the person or the provider. */
  name: text,
  city: text,
  state: text,
  country: text,
  timestamp_localization: timestampLocalizationSchema.nullish(),
});

export const activityDistanceDataSchema = section({
  summary: distanceSummarySchema.nullish(),
  detailed: distanceDetailedSchema.nullish(),
});

export const energyDataSchema = section({
  energy_kilojoules: number,
  /** The goal set before the workout. */
  energy_planned_kilojoules: number,
});

export const lapSchema = section({
  start_time: time,
  end_time: time,
  distance_meters: number,
  /** Kilocalories. */
  calories: number,
  avg_hr_bpm: number,
  avg_speed_meters_per_second: number,
  avg_watts: number,
  total_strokes: integer,
  /** Swimming only; see StrokeType. */
  stroke_type: text,
  active_duration_seconds: integer,
  /**
   * The cause of the lap's end: MANUAL, TIME, DISTANCE, POSITION_START, POSITION_LAP, POSITION_WAYPOINT,
   * POSITION_MARKED, SESSION_END, FITNESS_EQUIPMENT or UNSPECIFIED. Manual and automatic laps share one list.
   */
  trigger_method: text,
});
export const lapDataSchema = section({ laps: list(lapSchema) });

export const movementDataSchema = section({
  avg_speed_meters_per_second: number,
  max_speed_meters_per_second: number,
  normalized_speed_meters_per_second: number,
  adjusted_max_speed_meters_per_second: number,
  /** A quantity apart from speed, of few providers. */
  avg_velocity_meters_per_second: number,
  max_velocity_meters_per_second: number,
  avg_pace_minutes_per_kilometer: number,
  max_pace_minutes_per_kilometer: number,
  avg_cadence_rpm: number,
  max_cadence_rpm: number,
  avg_torque_newton_meters: number,
  max_torque_newton_meters: number,
  cadence_samples: list(cadenceSampleSchema),
  speed_samples: list(speedSampleSchema),
  torque_samples: list(torqueSampleSchema),
});

/** The whole route as an encoded polyline. */
export const polylineMapDataSchema = section({ summary_polyline: text });

/** Latitude, then longitude; empty when not known. */
const position = list(z.number().nullable());
export const positionDataSchema = section({
  start_pos_lat_lng_deg: position,
  center_pos_lat_lng_deg: position,
  end_pos_lat_lng_deg: position,
  position_samples: list(positionSampleSchema),
});

export const powerDataSchema = section({
  avg_watts: number,
  max_watts: number,
  power_samples: list(powerSampleSchema),
});

/** Training stress score: 100 is one hour at the threshold. */
export const tssSampleSchema = section({
  planned: number,
  actual: number,
  /** How the score was computed. */
  method: text,
  intensity_factor_planned: number,
  intensity_factor_actual: number,
  normalized_power_watts: number,
});
export const tssDataSchema = section({ TSS_samples: list(tssSampleSchema) });

export const workDataSchema = section({ work_kilojoules: number });

/** Terra's own scores; null here. */
export const activityEnrichmentSchema = section({
  efficiency_score: number,
  efficiency_contributors: contributors,
  strain_score: number,
  strain_contributors: contributors,
  /** Recovery-corrected relative strain. */
  rcrs_score: number,
  rcrs_contributors: contributors,
  /** Training impulse. */
  trimp_score: number,
  trimp_contributors: contributors,
});

/** One workout. */
export const activitySchema = section({
  metadata: activityMetadataSchema,
  device_data: deviceDataSchema.nullish(),
  heart_rate_data: heartRateDataSchema.nullish(),
  calories_data: caloriesDataSchema.nullish(),
  active_durations_data: activeDurationsDataSchema.nullish(),
  MET_data: metDataSchema.nullish(),
  oxygen_data: oxygenDataSchema.nullish(),
  strain_data: strainDataSchema.nullish(),
  distance_data: activityDistanceDataSchema.nullish(),
  energy_data: energyDataSchema.nullish(),
  lap_data: lapDataSchema.nullish(),
  movement_data: movementDataSchema.nullish(),
  polyline_map_data: polylineMapDataSchema.nullish(),
  position_data: positionDataSchema.nullish(),
  power_data: powerDataSchema.nullish(),
  TSS_data: tssDataSchema.nullish(),
  work_data: workDataSchema.nullish(),
  /** Whether the provider suspects the record is not honest. */
  cheat_detection: number,
  data_enrichment: activityEnrichmentSchema.nullish(),
});

export type ActivityMetadata = z.infer<typeof activityMetadataSchema>;
export type ActivityDistanceData = z.infer<typeof activityDistanceDataSchema>;
export type EnergyData = z.infer<typeof energyDataSchema>;
export type Lap = z.infer<typeof lapSchema>;
export type LapData = z.infer<typeof lapDataSchema>;
export type MovementData = z.infer<typeof movementDataSchema>;
export type PolylineMapData = z.infer<typeof polylineMapDataSchema>;
export type PositionData = z.infer<typeof positionDataSchema>;
export type PowerData = z.infer<typeof powerDataSchema>;
export type TssSample = z.infer<typeof tssSampleSchema>;
export type TssData = z.infer<typeof tssDataSchema>;
export type WorkData = z.infer<typeof workDataSchema>;
export type ActivityEnrichment = z.infer<typeof activityEnrichmentSchema>;
export type Activity = z.infer<typeof activitySchema>;
