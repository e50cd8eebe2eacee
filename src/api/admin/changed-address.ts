/**
 * Protects stored secrets when an address changes: they are not sent to the new one. Users who may change settings
 * cannot read the secrets among them; by pointing the address at a server of their own they could.
 */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { mask } from "../../security/url-masking.ts";
import { branches, fieldOf, type SettingSchema, settingSchema } from "./setting-schema.ts";

type Settings = Readonly<Record<string, unknown>>;

interface Change {
  readonly kept: Settings;
  readonly change: Settings;
  /** The stored settings with the change applied. */
  readonly merged: Settings;
}

/** @throws SystoleError SETTINGS_SECRETS_WANTED with the secrets that a change of address must give again */
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

/** Tells whether the address changed. An address that is not set is the default one. */
function isMoved(described: readonly SettingSchema[], kept: unknown, merged: unknown): boolean {
  const usual = described.find((schema) => schema.default !== undefined)?.default;
  return placeOf(kept ?? usual) !== placeOf(merged ?? usual);
}

/** Returns the server of an address. The path of a URL may change, because the server stays the same. */
function placeOf(address: unknown): string {
  const text = String(address);
  const origin = URL.parse(text)?.origin;
  return origin === undefined || origin === "null" ? text : origin;
}
