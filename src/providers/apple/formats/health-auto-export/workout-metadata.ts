/** The figures of a workout beside its statistics, under HealthKit's own keys and in the form of Apple's export. */
import { z } from "zod";
import type { Metadata } from "../../healthkit/sample.ts";
import { measured, number } from "../fields.ts";

/** By the field's name. The app once misspelt `intensity`. */
const keys: Readonly<Record<string, string>> = {
  intesity: "HKAverageMETs",
  intensity: "HKAverageMETs",
  temperature: "HKWeatherTemperature",
  humidity: "HKWeatherHumidity",
  elevationUp: "HKElevationAscended",
  elevationDown: "HKElevationDescended",
  lapLength: "HKLapLength",
  speed: "HKAverageSpeed",
  avgSpeed: "HKAverageSpeed",
  maxSpeed: "HKMaximumSpeed",
  swolfScore: "HKSWOLFScore",
  strokeStyle: "HKSwimmingStrokeStyle",
};

/** Fields without a key of HealthKit's: they keep their own names. */
const others = ["stepCadence", "swimCadence", "salinity", "location"];

export const metadataFields: readonly string[] = [...Object.keys(keys), ...others];

const elevation = z.object({
  ascent: number,
  descent: number,
  units: z.string(),
});

export function workoutMetadata(told: Readonly<Record<string, unknown>>): Metadata {
  const found: [string, string | number][] = [
    ...plainEntries(told.metadata),
    ...elevationOf(told.elevation),
    ...metadataFields.flatMap((field) => entryOf(keys[field] ?? field, told[field])),
  ];
  return Object.fromEntries(found);
}

function entryOf(key: string, value: unknown): [string, string | number][] {
  if (typeof value === "number" || (typeof value === "string" && value !== "")) return [[key, value]];
  const { data } = measured.safeParse(value);
  return data === undefined ? [] : [[key, `${data.qty} ${data.units ?? ""}`.trim()]];
}

function plainEntries(metadata: unknown): [string, string | number][] {
  if (typeof metadata !== "object" || metadata === null) return [];
  return Object.entries(metadata).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === "string" || typeof entry[1] === "number",
  );
}

/** Version 1. */
function elevationOf(value: unknown): [string, string][] {
  const { data } = elevation.safeParse(value);
  if (data === undefined) return [];
  const figures = [
    ["HKElevationAscended", data.ascent],
    ["HKElevationDescended", data.descent],
  ] as const;
  return figures.flatMap(([key, qty]): [string, string][] =>
    typeof qty === "number" ? [[key, `${qty} ${data.units}`]] : [],
  );
}
