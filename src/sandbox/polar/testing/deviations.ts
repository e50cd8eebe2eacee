/** Differences between real devices or answers and Polar's own document. The sandbox follows the devices. */

export type Schemas = Record<string, { properties?: Record<string, unknown>; [key: string]: unknown }>;

interface Deviation {
  reason: string;
  apply(schemas: Schemas): void;
}

function rename(schemas: Schemas, schema: string, names: Record<string, string>): void {
  const found = schemas[schema];
  const renamed = Object.entries(found?.properties ?? {}).map(([key, value]) => [names[key] ?? key, value]);
  Object.assign(found ?? {}, { properties: Object.fromEntries(renamed) });
}

export const DEVIATIONS: Record<string, Deviation> = {
  "samples in snake_case": {
    reason: "captured exercises say recording_rate and sample_type, the type being an integer",
    apply(schemas) {
      rename(schemas, "sample", { "recording-rate": "recording_rate", "sample-type": "sample_type" });
      Object.assign(schemas.sample?.properties ?? {}, { sample_type: { type: "integer" } });
    },
  },
  "zones in snake_case": {
    reason: "captured exercises say lower_limit, upper_limit and in_zone",
    apply: (schemas) =>
      rename(schemas, "zone", {
        "lower-limit": "lower_limit",
        "upper-limit": "upper_limit",
        "in-zone": "in_zone",
      }),
  },
  running_index: {
    reason: "captured exercises say running_index",
    apply: (schemas) => rename(schemas, "exerciseHashId", { "running-index": "running_index" }),
  },
  very_high: {
    reason: "the captured cardio load says very_high",
    apply: (schemas) => rename(schemas, "cardio-load-levels", { "very-high": "very_high" }),
  },
  NON_WEAR: {
    reason: "a captured activity has zones of NON_WEAR",
    apply(schemas) {
      const zone = schemas["activity-zone-sample2"]?.properties?.zone as { enum: string[] };
      zone.enum.push("NON_WEAR");
    },
  },
};

/** Answers whose whole shape differs from the documented one. */
export const OTHER_ANSWERS: Record<string, { reason: string; schema: object }> = {
  "GET /v3/users/continuous-heart-rate": {
    reason: "the captured range is wrapped in heart_rates",
    schema: {
      type: "object",
      required: ["heart_rates"],
      additionalProperties: false,
      properties: {
        heart_rates: { type: "array", items: { $ref: "#/components/schemas/continuous-heartrate" } },
      },
    },
  },
};
