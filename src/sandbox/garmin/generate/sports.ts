/** The sports of generated activities, with Garmin's numbers of their types. */
export const sports: Readonly<
  Record<
    string,
    { readonly typeId: number; readonly parentTypeId: number; readonly metresPerMinute: number | null }
  >
> = {
  running: { typeId: 1, parentTypeId: 17, metresPerMinute: 170 },
  cycling: { typeId: 2, parentTypeId: 17, metresPerMinute: 420 },
  hiking: { typeId: 3, parentTypeId: 17, metresPerMinute: 70 },
  mountain_biking: { typeId: 5, parentTypeId: 2, metresPerMinute: 260 },
  strength_training: { typeId: 13, parentTypeId: 29, metresPerMinute: null },
  lap_swimming: { typeId: 27, parentTypeId: 26, metresPerMinute: 40 },
  single_gas_diving: { typeId: 145, parentTypeId: 144, metresPerMinute: null },
  bouldering: { typeId: 174, parentTypeId: 29, metresPerMinute: null },
  wheelchair_push_run: { typeId: 200, parentTypeId: 199, metresPerMinute: 120 },
  resort_skiing: { typeId: 251, parentTypeId: 165, metresPerMinute: 300 },
  jump_rope: { typeId: 254, parentTypeId: 29, metresPerMinute: null },
  yoga: { typeId: 163, parentTypeId: 29, metresPerMinute: null },
};

export const sportNames = Object.keys(sports);
