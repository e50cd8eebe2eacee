/** The variables of the process environment that configure providers: `POLAR_CLIENT_ID` is Polar's `client_id`. */
import { z } from "zod";
import type { Provider } from "./provider.ts";

export interface ProviderVariables {
  readonly all: readonly string[];
  /** Without these it is not configured. */
  readonly required: readonly string[];
}

export function variablesOf(provider: Provider): ProviderVariables {
  const { properties = {}, required = [] } = z.toJSONSchema(provider.settings, { io: "input" });
  const variable = (setting: string): string =>
    `${provider.slug}_${setting}`.toUpperCase().replaceAll("-", "_");
  return { all: Object.keys(properties).map(variable), required: required.map(variable) };
}

/** Those that are missing where others are set; none where nothing is set, or all that is required. */
export function missingVariables(provider: Provider, env: NodeJS.ProcessEnv): string[] {
  const { all, required } = variablesOf(provider);
  return all.some((name) => env[name]) ? required.filter((name) => !env[name]) : [];
}
