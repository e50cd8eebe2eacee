/** v3's body of a session, as far as v4's repeats it. */
export interface V3Exercise {
  readonly start_time: string;
  readonly calories: number;
  readonly distance?: number;
  readonly heart_rate: { readonly average: number; readonly maximum: number };
  readonly detailed_sport_info: string;
  readonly running_index?: number;
  readonly fat_percentage: number;
  readonly carbohydrate_percentage: number;
  readonly protein_percentage: number;
  readonly heart_rate_zones: readonly { readonly lower_limit: number; readonly upper_limit: number }[];
  readonly samples: readonly { readonly sample_type: number; readonly data: string }[];
  readonly route?: readonly { readonly latitude: number; readonly longitude: number }[];
  readonly training_load_pro: Readonly<Record<string, number | string>>;
}
