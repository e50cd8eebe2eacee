/**
 * Guards kept secrets: they do not follow a changed address. Whoever may change settings cannot read the secrets among them;
 * pointing the address at a server of their own would show the secrets to them.
 */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { branches, fieldOf, type SettingSchema, settingSchema } from "./setting-schema.ts";
import { mask } from "./url-masking.ts";

type Settings = Readonly<Record<string, unknown>>;

interface Change {
  readonly kept: Settings;
  readonly change: Settings;
  /** The kept settings with the change laid over them. */
  readonly merged: Settings;
}

/** @throws SystoleError SETTINGS_SECRETS_WANTED naming the secrets that a change of address must give again */
export function assertSecretsGiven(schema: z.ZodType, change: Change): void {
  const secrets = secretsWantedAgain(schema, change);
  if (secrets.length > 0) throw new SystoleError("SETTINGS_SECRETS_WANTED", { settings: secrets });
}

function secretsWantedAgain(schema: z.ZodType, { kept, change, merged }: Change): string[] {
  const top = branches(settingSchema(schema));
  const names = [...new Set([...Object.keys(kept), ...Object.keys(merged)])];
  const moved = names.some((name) => {
    const described = schemasOf(top, name);
    return described.some(({ address }) => address === true) && isMoved(described, kept[name], merged[name]);
  });
  if (!moved) return [];
  const isGiven = (name: string) => change[name] !== undefined && change[name] !== mask;
  return names.filter((name) => kept[name] !== undefined && isSent(schemasOf(top, name)) && !isGiven(name));
}

const schemasOf = (schemas: readonly SettingSchema[], name: string): SettingSchema[] =>
  schemas.flatMap((schema) => fieldOf(schema, name)).flatMap(branches);

const isSent = (described: readonly SettingSchema[]): boolean =>
  described.some(({ secret, sent }) => secret === true && sent !== false);

/** An address that is not set is the default one. */
function isMoved(described: readonly SettingSchema[], kept: unknown, merged: unknown): boolean {
  const usual = described.find((schema) => schema.default !== undefined)?.default;
  return placeOf(kept ?? usual) !== placeOf(merged ?? usual);
}

/** A URL's path may change: the server behind it is the same. */
function placeOf(address: unknown): string {
  const text = String(address);
  const origin = URL.parse(text)?.origin;
  return origin === undefined || origin === "null" ? text : origin;
}
