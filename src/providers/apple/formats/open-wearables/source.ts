/** The source of a record: version 0.6 of the SDK names app and device, older versions the app alone. */
import { z } from "zod";
import type { Source } from "../../healthkit/sample.ts";
import { nameIn, text } from "../fields.ts";

export const sourceSchema = z.object({
  appId: text,
  bundleIdentifier: text,
  name: text,
  deviceName: text,
  deviceModel: text,
  deviceType: text,
  deviceHardwareVersion: text,
  productType: text,
  recordingMethod: text,
});
type Told = z.output<typeof sourceSchema>;

/** The kinds of devices that decide the order of sources, by the SDK's word. */
const models: Readonly<Record<string, string>> = { watch: "Watch", phone: "iPhone" };

export function sourceOf(told: Told | null | undefined): Source {
  return {
    name: nameIn(told?.name || told?.deviceName),
    bundleId: told?.bundleIdentifier || told?.appId || null,
    model: modelOf(told),
  };
}

function modelOf(told: Told | null | undefined): string | null {
  const model = told?.productType || told?.deviceHardwareVersion || told?.deviceModel;
  if (model) return model;
  const type = told?.deviceType ?? "";
  return Object.hasOwn(models, type) ? (models[type] ?? null) : null;
}
