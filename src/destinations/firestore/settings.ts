/** What a developer says about their Firestore. */
import { z } from "zod";
import { serviceAccountSetting } from "../kit/google/service-account.ts";

export const settings = z.strictObject({
  project_id: z
    .string()
    .regex(/^[a-z][a-z0-9.:-]{4,100}$/, "is not the id of a project")
    .describe("The Google Cloud project's id, not its name or number."),
  service_account: serviceAccountSetting
    .meta({ secret: true })
    .describe("A service account's key: the whole JSON file that Google Cloud gave you."),
  database: z
    .string()
    .regex(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, "is not the id of a database")
    .default("(default)")
    .describe("The database's id. It must be there already, in native mode."),
  endpoint: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .refine((url) => URL.parse(url)?.origin === url.replace(/\/$/, ""), "must be an origin, without a path")
    .default("https://firestore.googleapis.com")
    .meta({ address: true })
    .describe("Another address of Firestore: a region's own, Private Service Connect, an emulator."),
});

export type Settings = z.output<typeof settings>;
