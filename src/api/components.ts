/** Schemas that many routes return. The OpenAPI document names each and describes it once. */
import { z } from "zod";
import { type DataType, dataSentToWebhookSchema, models, terraUserSchema } from "../models/index.ts";
import { component } from "./schema.ts";

export const terraUserComponent = component("TerraUser", terraUserSchema);

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** A field beside Terra's, so that none of Terra's has to mean something else. */
const providerData = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .optional()
  .describe(
    "The provider's data that no other field holds, by provider and resource; absent when there is none. " +
      "Each provider's guide lists it. Clients may ignore it",
  );

/** The data models by type. */
export const modelComponents = Object.fromEntries(
  Object.entries(models).map(([type, schema]) => [
    type,
    component<z.ZodType>(capitalized(type), schema.extend({ provider_data: providerData })),
  ]),
) as Record<DataType, z.ZodType>;

export const acknowledgementComponent = component(
  "DataSentToWebhook",
  dataSentToWebhookSchema.extend({ user: terraUserComponent }),
);

export const problemComponent = component(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string().describe("The HTTP status in words"),
    status: z.literal("error"),
    message: z.string(),
    detail: z.string(),
    instance: z.string().describe("Path and query of the request"),
    code: z.string().describe("A stable code; docs/errors.md lists every one"),
    details: z.record(z.string(), z.unknown()),
  }),
);
