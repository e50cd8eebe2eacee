/** The settings of a Firestore destination. */
import { z } from "zod";
import { googleSettings } from "../kit/google/settings.ts";

const google = googleSettings(
  "https://firestore.googleapis.com",
  "Another address of Firestore: a region's own, Private Service Connect, an emulator.",
);

export const settings = z.strictObject({
  project_id: z
    .string()
    .regex(/^[a-z][a-z0-9.:-]{4,100}$/, "is not the id of a project")
    .describe("The Google Cloud project's id, not its name or number."),
  service_account: google.service_account,
  database: z
    .string()
    .regex(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, "is not the id of a database")
    .default("(default)")
    .describe("The database's id. It must be there already, in native mode."),
  endpoint: google.endpoint,
});

export type Settings = z.output<typeof settings>;
