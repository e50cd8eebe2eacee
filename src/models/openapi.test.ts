import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import * as systole from "./index.ts";
import { flatten, type JsonSchema } from "./json-schema.fixture.ts";

const reference = path.resolve(import.meta.dirname, "../../../shared/reference/terra-v2-openapi.yaml");
const present = existsSync(reference);
const document: JsonSchema = present ? parse(readFileSync(reference, "utf8")) : {};
const schemas = document.components?.schemas ?? {};

/** Deliberate differences from the OpenAPI. A field matches when its path ends with `at`. */
const deviations = [
  ...["start", "center", "end"].map((where) => ({
    at: `position_data.${where}_pos_lat_lng_deg[]`,
    theirs: "number",
    ours: "number | null",
    reason: "its own description says that each of the two numbers can be null",
  })),
  ...[0, 1].map((index) => ({
    at: `coords_lat_lng_deg[${index}]`,
    theirs: "number",
    ours: "number | null",
    reason: "its own description says that each of the two numbers can be null",
  })),
  {
    at: "ConnectionErrorEvent.reason",
    theirs: "absent",
    ours: "optional string",
    reason: "what the person has to do differs: accept terms, or make another key",
  },
  {
    at: "quantity.amount",
    theirs: "number",
    ours: "number | null",
    reason: "a food may be logged without its quantity, and 0 would be an invention",
  },
  {
    at: "version",
    theirs: "string",
    ours: 'one of "2022-03-16"',
    reason: "there is one version; the type keeps every sender to it",
  },
  {
    at: "version",
    theirs: "optional string",
    ours: 'optional one of "2022-03-16"',
    reason: "as above, in user_reauth, where OpenAPI leaves it out of `required`",
  },
  ...["user_id", "provider"].map((name) => ({
    at: `DataSentToWebhook.user.${name}`,
    theirs: "optional string",
    ours: "string",
    reason: "the acknowledgement carries a whole TerraUser",
  })),
  ...["created_at", "scopes"].map((name) => ({
    at: `DataSentToWebhook.user.${name}`,
    theirs: "optional string",
    ours: "optional string | null",
    reason: "the acknowledgement carries a whole TerraUser",
  })),
  {
    at: "AuthSuccessEvent.reference_id",
    theirs: "absent",
    ours: "optional string | null",
    reason: "Terra's published clients require it, the last ones as well",
  },
  {
    at: "DataSentToWebhook.user.active",
    theirs: "optional boolean",
    ours: "optional boolean | null",
    reason: "the acknowledgement carries a whole TerraUser",
  },
];

/** Events of Terra's other products, which Systole does not have. */
const foreignEvents = [
  "planned_workout",
  "hormone",
  "health_observation",
  "lab_report.completed",
  "lab_report.failed",
];
/** Events of Terra's SDK and guides that its OpenAPI leaves out. */
/** Events of ours: of what Terra does not have. */
const ownEvents = ["key_ends_soon"];
const undocumentedEvents = ["healthcheck", "google_no_datasource", "rate_limit_hit", "processing"];

const pairs: Record<string, z.ZodType> = {
  Activity: systole.activitySchema,
  Daily: systole.dailySchema,
  Sleep: systole.sleepSchema,
  Body: systole.bodySchema,
  Nutrition: systole.nutritionSchema,
  Menstruation: systole.menstruationSchema,
  Athlete: systole.athleteSchema,
  TerraUser: systole.terraUserSchema,
  DataSentToWebhook: systole.dataSentToWebhookSchema,
  AuthSuccessEvent: systole.authEventSchema,
  AuthErrorEvent: systole.authCancelledEventSchema,
  DeauthEvent: systole.deauthEventSchema,
  UserReauthEvent: systole.userReauthEventSchema,
  AccessRevokedEvent: systole.accessRevokedEventSchema,
  PermissionChangeEvent: systole.permissionChangeEventSchema,
  ConnectionErrorEvent: systole.connectionErrorEventSchema,
  LargeRequestSendingEvent: systole.largeRequestSendingEventSchema,
  LargeRequestProcessingEvent: systole.largeRequestProcessingEventSchema,
  S3PayloadEvent: systole.s3PayloadEventSchema,
  ActivityEvent: systole.activityEventSchema,
  DailyEvent: systole.dailyEventSchema,
  SleepEvent: systole.sleepEventSchema,
  BodyEvent: systole.bodyEventSchema,
  NutritionEvent: systole.nutritionEventSchema,
  MenstruationEvent: systole.menstruationEventSchema,
  AthleteEvent: systole.athleteEventSchema,
};

const enums: Record<string, Record<string, string | number>> = {
  ActivityType: systole.ActivityType,
  UploadType: systole.UploadType,
  SleepUploadType: systole.SleepUploadType,
  SleepLevel: systole.SleepLevel,
  ActivityLevel: systole.ActivityLevel,
  HeartRateContext: systole.HeartRateContext,
  StressLevel: systole.StressLevel,
  OxygenSaturationType: systole.OxygenSaturationType,
  AFibFlag: systole.AFibFlag,
  GlucoseFlag: systole.GlucoseFlag,
  TrendArrow: systole.TrendArrow,
  KetoneSampleType: systole.KetoneSampleType,
  MenstruationInterval: systole.MenstruationInterval,
  MenstruationFlow: systole.MenstruationFlow,
  MealType: systole.MealType,
  NutritionUnits: systole.NutritionUnits,
  DeviceDataType: systole.DeviceDataType,
};

/** Names that are not the OpenAPI's title without its spaces. */
const renamed: Record<string, string> = {
  "P90X Exercises": "P90x",
  "Third party upload": "ThirdParty",
  "Light sleep": "Light",
  "Deep sleep": "Deep",
  "REM sleep": "Rem",
  "Basal Metabolic Rate": "Bmr",
  "Sleep Classification": "SleepType",
};

interface Difference {
  readonly path: string;
  readonly theirs: string;
  readonly ours: string;
}

function differences(name: string, schema: z.ZodType): Difference[] {
  const theirs = flatten(name, schemas[name] ?? {}, document);
  const ours = flatten(name, z.toJSONSchema(schema) as JsonSchema, document);
  return [...new Set([...theirs.keys(), ...ours.keys()])]
    .map((at) => ({ path: at, theirs: theirs.get(at) ?? "absent", ours: ours.get(at) ?? "absent" }))
    .filter((field) => field.theirs !== field.ours);
}

function documented({ path: at, theirs, ours }: Difference) {
  return deviations.find(
    (deviation) =>
      `.${at}`.endsWith(`.${deviation.at}`) && deviation.theirs === theirs && deviation.ours === ours,
  );
}

const title = present
  ? "models against Terra's OpenAPI"
  : `models against Terra's OpenAPI (skipped: ${reference} is not there)`;

describe.skipIf(!present)(title, () => {
  it.each(Object.entries(pairs))("%s has the same fields, types, nulls and enums", (name, schema) => {
    expect(Object.keys(schemas[name]?.properties ?? {})).not.toHaveLength(0);
    expect(differences(name, schema).filter((field) => !documented(field))).toEqual([]);
  });

  it("every documented deviation still exists", () => {
    const met = Object.entries(pairs).flatMap(([name, schema]) => differences(name, schema).map(documented));
    expect(deviations.filter((deviation) => !met.includes(deviation))).toEqual([]);
  });

  it("knows every webhook event", () => {
    const refs = schemas.WebhookEventType?.oneOf ?? [];
    const theirs = refs.map(
      ({ $ref = "" }) => schemas[$ref.split("/").at(-1) ?? ""]?.properties?.type?.const,
    );
    expect([...systole.eventTypes, ...foreignEvents].sort()).toEqual(
      [...theirs, ...undocumentedEvents, ...ownEvents].sort(),
    );
  });

  it.each(Object.entries(enums))("%s gives every number its own name", (name, ours) => {
    const theirs = (schemas[name]?.oneOf ?? []).map(({ title: words = "", const: value }) => [
      (renamed[words] ?? words.replaceAll(/[\s-]/g, "")).toLowerCase(),
      value,
    ]);
    expect(Object.entries(ours).map(([key, value]) => [key.toLowerCase(), value])).toEqual(theirs);
  });
});
