import { z } from "zod";
import { defineProvider, type KeptUpload } from "../provider.ts";
import { exportUpload } from "./formats/export/resource.ts";
import { keyOf } from "./formats/health-auto-export/headers.ts";
import { healthKitJsonSchema } from "./formats/healthkit/schema.ts";
import { settings, zoneBody } from "./formats/settings/settings.ts";
import { normalizers } from "./normalizers.ts";
import { resources } from "./resources.ts";
import { healthAutoExportSetUp } from "./set-up/health-auto-export.ts";

const megabyte = 1024 * 1024;

/** The app's own server takes 200 MB; a day with twenty ECGs has 43. */
const healthAutoExport: KeptUpload = {
  maxBytes: 200 * megabyte,
  resource: "health-auto-export",
  keyOf,
  guide: healthAutoExportSetUp,
};

const healthkit: KeptUpload = {
  maxBytes: 200 * megabyte,
  resource: "healthkit",
  keyOf: () => "body",
  schema: healthKitJsonSchema,
};

/** Received at the SDK's own address. */
const openWearables: KeptUpload = {
  maxBytes: 200 * megabyte,
  resource: "open-wearables",
  keyOf: () => "body",
};

/** Apple Health. It has no cloud: the person's phone pushes, or the person uploads an export. */
export default defineProvider({
  name: "APPLE",
  slug: "apple",
  displayName: "Apple Health",
  dataTypes: ["activity", "daily", "sleep", "body", "nutrition", "menstruation", "athlete"],
  settings: z.object({}),
  connecting: { kind: "upload", zone: { format: "settings", body: zoneBody } },
  uploads: {
    healthkit,
    "health-auto-export": healthAutoExport,
    export: exportUpload,
    "open-wearables": openWearables,
    settings,
  },
  apis: {},
  resources,
  normalizers,
  mapperVersion: 1,
});
