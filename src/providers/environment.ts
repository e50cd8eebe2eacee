/** The variables of the process environment that configure providers: `<SLUG>_CLIENT_ID` is its `client_id`. */
import { z } from "zod";
import type { Provider } from "./provider.ts";

export interface ProviderVariables {
  readonly all: readonly string[];
  /** Without these it is not configured. */
  readonly required: readonly string[];
}

/** What all variables of a provider begin with. */
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

/** Whether nothing has to be set before people can connect. */
export const needsNoSettings = (provider: Provider): boolean =>
  declaredSettings(provider).required.length === 0;

/**
 * The settings that the process environment gives, not yet validated; null unless all that are required are there,
 * and one at least. An empty variable counts as unset: that is what a compose file makes of an unset one.
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

/** Those that are missing where others are set; none where nothing is set, or all that is required. */
export function missingVariables(provider: Provider, env: NodeJS.ProcessEnv): string[] {
  const { all, required } = variablesOf(provider);
  return all.some((name) => env[name]) ? required.filter((name) => !env[name]) : [];
}
