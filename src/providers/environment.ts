/** The variables of the process environment that configure providers: `<SLUG>_CLIENT_ID` is its `client_id`. */
import { z } from "zod";
import type { Provider } from "./provider.ts";

export interface ProviderVariables {
  readonly all: readonly string[];
  /** The provider counts as configured only when these are set. */
  readonly required: readonly string[];
}

/** The common beginning of all variables of a provider. */
export const variablePrefix = ({ slug }: Provider): string => `${slug.toUpperCase().replaceAll("-", "_")}_`;

const variable = (provider: Provider, setting: string): string =>
  `${variablePrefix(provider)}${setting.toUpperCase().replaceAll("-", "_")}`;

function declaredSettings({ settings }: Provider): { all: string[]; required: readonly string[] } {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: "input" });
  return { all: Object.keys(properties), required };
}

export function variablesOf(provider: Provider): ProviderVariables {
  const { all, required } = declaredSettings(provider);
  const named = (settings: readonly string[]) => settings.map((setting) => variable(provider, setting));
  return { all: named(all), required: named(required) };
}

/** Tells whether people can connect without any setting. */
export const needsNoSettings = (provider: Provider): boolean =>
  declaredSettings(provider).required.length === 0;

/**
 * Returns the settings that the process environment gives, not yet validated. Null unless every required one is there,
 * and at least one. An empty variable counts as unset, because compose files turn an unset variable into an empty one.
 */
export function settingsFromEnvironment(
  provider: Provider,
  env: NodeJS.ProcessEnv,
): Record<string, string> | null {
  const { all, required } = declaredSettings(provider);
  const given = Object.fromEntries(
    all.flatMap((setting): [string, string][] => {
      const value = env[variable(provider, setting)];
      return value ? [[setting, value]] : [];
    }),
  );
  const isWhole = required.every((setting) => setting in given);
  return isWhole && Object.keys(given).length > 0 ? given : null;
}

/**
 * Returns the required variables that are missing although others are set. Empty where none is set, or all required
 * ones are.
 */
export function missingVariables(provider: Provider, env: NodeJS.ProcessEnv): string[] {
  const { all, required } = variablesOf(provider);
  return all.some((name) => env[name]) ? required.filter((name) => !env[name]) : [];
}
