/**
 * The neutral body, for apps that read HealthKit themselves: samples and workouts under HealthKit's own identifiers, and
 * what was deleted. This schema is published; bodies are read item by item, so a bad item costs only itself.
 */
import { z } from "zod";

const uuid = z.string().describe("HealthKit's own id, the HKObject's uuid");
const time = z
  .string()
  .describe("ISO 8601. An offset other than Z is taken as that of the person's own clock");
const zone = z
  .string()
  .nullish()
  .describe("The IANA time zone of the recording (HKTimeZone): Europe/Berlin. It decides the local day");
const metadata = z
  .record(z.string(), z.unknown())
  .nullish()
  .describe("HealthKit's metadata by its keys: HKWasUserEntered, HKMenstrualCycleStart, HKFoodMeal");

const source = z
  .object({
    name: z.string().nullish().describe("HKSource's name, as the person sees it"),
    bundle_id: z.string().nullish().describe("HKSource's bundle identifier: com.apple.health.…"),
    product_type: z.string().nullish().describe("HKSourceRevision's product type: Watch7,5"),
  })
  .describe("Where it was recorded. Without it Watch and iPhone cannot be told apart, and steps count twice");

const common = {
  uuid: uuid.nullish(),
  start: time,
  zone,
  source: source.nullish(),
  metadata,
};

const sample = z
  .object({
    ...common,
    type: z.string().describe("HKQuantityTypeIdentifierStepCount, HKCategoryTypeIdentifierSleepAnalysis"),
    end: time.nullish().describe("The start, for a reading of a moment"),
    value: z
      .union([z.number(), z.string()])
      .nullish()
      .describe(
        "A quantity in `unit`, or the case of a category by its number or name. % is a fraction: 0.97",
      ),
    unit: z.string().nullish().describe("HKUnit's text: count, count/min, kcal, km, mmol<180.15588>/L, %"),
  })
  .meta({ title: "Sample" });

const quantity = z.union([z.number(), z.string()]).nullish();

const statistic = z.object({
  type: z.string().describe("HKQuantityTypeIdentifierHeartRate"),
  unit: z.string(),
  sum: quantity,
  average: quantity,
  minimum: quantity,
  maximum: quantity,
});

const event = z.object({
  type: z.int().describe("HKWorkoutEventType: 1 pause, 2 resume, 3 lap, 7 segment"),
  start: time,
  end: time.nullish(),
  metadata,
});

const point = z.object({
  at: time,
  latitude: z.number(),
  longitude: z.number(),
  altitude: z.number().nullish().describe("m"),
  speed: z.number().nullish().describe("m/s"),
  course: z.number().nullish().describe("degrees"),
  horizontal_accuracy: z.number().nullish().describe("m"),
  vertical_accuracy: z.number().nullish().describe("m"),
});

const workout = z
  .object({
    ...common,
    end: time,
    type: z
      .union([z.int(), z.string()])
      .describe("HKWorkoutActivityType by its number or name: 37, HKWorkoutActivityTypeRunning"),
    duration_seconds: z.number().nullish().describe("Without pauses"),
    statistics: z.array(statistic).nullish(),
    events: z.array(event).nullish(),
    route: z.array(point).nullish(),
  })
  .meta({ title: "Workout" });

const deletion = z.union([
  uuid,
  z
    .object({ uuid, type: z.string(), start: time })
    .describe(
      "With the type (HKWorkoutTypeIdentifier for a workout) and the start, where the app knows them",
    ),
]);

const characteristics = z
  .object({
    sex: z.enum(["female", "male", "other"]).nullish(),
    birth_date: z.iso.date().nullish().describe("Shown only where the environment wants it"),
    blood_type: z.string().nullish(),
    skin_type: z.string().nullish().describe("Fitzpatrick's type"),
  })
  .describe("What HealthKit knows of the person");

export const itemSchemas = { sample, workout, deletion, statistic, event, point, characteristics };

export const bodySchema = z
  .object({
    samples: z.array(sample).optional(),
    workouts: z.array(workout).optional(),
    characteristics: characteristics.optional(),
    deleted: z.array(deletion).optional().describe("The uuids of samples and workouts that were deleted"),
  })
  .meta({ title: "HealthKit samples", description: "The body of POST /v2/uploads/apple/healthkit" });

/** The JSON Schema of the body, as it is served. */
export const healthKitJsonSchema = z.toJSONSchema(bodySchema, { target: "draft-2020-12" });
