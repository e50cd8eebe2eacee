/**
 * Masks settings before they are shown. Values that the schema marks as secret are masked; values that it does not
 * declare are left out, since they could be secrets.
 */
import type { z } from "zod";
import { mask, withoutPassword, withoutSecrets } from "../../security/url-masking.ts";
import { branches, fieldOf, type SettingSchema, settingSchema } from "./setting-schema.ts";

type Settings = Readonly<Record<string, unknown>>;

export function shownSettings(schema: z.ZodType, settings: unknown): unknown {
  return show([settingSchema(schema)], settings);
}

/** Several branches of a union may describe a value; it is masked if any of them calls it secret. */
function show(schemas: readonly SettingSchema[], value: unknown): unknown {
  const described = schemas.flatMap(branches);
  if (value === null || value === undefined) return value;
  if (described.some(({ secret }) => secret === true)) return mask;
  if (Array.isArray(value)) return value.map((item) => show(described.flatMap(itemsOf), item));
  if (typeof value === "object") return showFields(described, value);
  return typeof value === "string" ? showText(described, value) : value;
}

const showText = (described: readonly SettingSchema[], text: string): string =>
  described.some(({ secretsInUrl }) => secretsInUrl === true) ? withoutSecrets(text) : withoutPassword(text);

function showFields(schemas: readonly SettingSchema[], value: object): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const described = schemas.flatMap((schema) => fieldOf(schema, name));
    if (described.length > 0) shown[name] = show(described, child);
  }
  return shown;
}

const itemsOf = ({ items }: SettingSchema): SettingSchema[] => (typeof items === "object" ? [items] : []);

/**
 * Applies a change to the stored settings. Null removes a setting, and a masked value that comes back as it was shown
 * keeps the stored one.
 */
export function mergeSettings(schema: z.ZodType, kept: Settings, change: Settings): Record<string, unknown> {
  const shown = shownSettings(schema, kept) as Settings;
  const merged: Record<string, unknown> = { ...kept };
  for (const [name, value] of Object.entries(change)) {
    if (value === mask || isAsShown(value, shown[name])) continue;
    if (value === null) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

const isAsShown = (value: unknown, shown: unknown): boolean =>
  typeof value === "string" && value.includes(mask) && value === shown;
