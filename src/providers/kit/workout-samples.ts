/** The lists of samples that a workout may have, in columns. */
import type {
  CadenceSample,
  DistanceSample,
  ElevationSample,
  HeartRateSample,
  PositionSample,
  PowerSample,
  SampleColumns,
  SpeedSample,
} from "../../models/index.ts";

export interface WorkoutSamples {
  readonly heartRate: SampleColumns<HeartRateSample>;
  readonly speed: SampleColumns<SpeedSample>;
  readonly cadence: SampleColumns<CadenceSample>;
  readonly elevation: SampleColumns<ElevationSample>;
  readonly power: SampleColumns<PowerSample>;
  readonly distance: SampleColumns<DistanceSample>;
  readonly position: SampleColumns<PositionSample>;
}
