/** Notes about the configuration at a start: none of them is an error, and each would be a surprise later. */
import { settings } from "./config.ts";
import { hookUrl } from "./connections/subscriptions.ts";
import { missingVariables, variablePrefix, variablesOf } from "./providers/environment.ts";
import type { Provider } from "./providers/provider.ts";
import { providers } from "./providers/registry.ts";
import { listProviderConfigs, type ProviderConfig } from "./store/provider-configs.ts";
import type { Database } from "./store/tables.ts";

export async function startNotes(db: Database, env: NodeJS.ProcessEnv, publicUrl: string): Promise<string[]> {
  const half = providers.flatMap((provider) => halfConfigured(provider, env));
  const configs = await listProviderConfigs(db);
  const isAnyConfigured = half.length > 0 || configs.length > 0;
  const byHand = providers.flatMap((provider) => webhookByHand(provider, configs, publicUrl));
  return [...(isAnyConfigured ? half : noProvider()), ...byHand, ...unknownVariables(env)];
}

/** Returns a note about a webhook that only the operator can create; none if the provider says that it exists. */
function webhookByHand(
  { slug, displayName, subscription }: Provider,
  configs: readonly ProviderConfig[],
  publicUrl: string,
): string[] {
  const isMissing = configs.some(
    ({ provider, subscription_state }) => provider === slug && subscription_state !== "active",
  );
  if (subscription?.kind !== "manual" || !isMissing) return [];
  const steps = subscription.steps(hookUrl(publicUrl, slug)).join(" ");
  return [`${displayName} tells nothing by itself before its webhook is made by hand: ${steps}`];
}

function halfConfigured(provider: Provider, env: NodeJS.ProcessEnv): string[] {
  const missing = missingVariables(provider, env);
  if (missing.length === 0) return [];
  return [`${provider.displayName} is configured half and ignored: ${missing.join(" and ")} missing.`];
}

function noProvider(): string[] {
  const needed = providers.map(
    (provider) => `${provider.displayName}: ${variablesOf(provider).required.join(", ")}`,
  );
  return [
    `No provider is configured, so nobody can connect yet. Set its credentials (${needed.join("; ")}) and start again,`,
    "or try it without: README.md, “Without a provider”.",
  ];
}

/** Tests and benchmarks have their own variables. */
const notSettings = /^SYSTOLE_(TEST|BENCH|SOAK)_/;

export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...Object.keys(settings), ...providers.flatMap((provider) => variablesOf(provider).all)];
  const prefixes = ["SYSTOLE_", ...providers.map(variablePrefix)];
  return Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.includes(name))
    .filter((name) => !notSettings.test(name))
    .map((name) => `${name} is no setting and is ignored.${meant(name, known)}`);
}

function meant(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? " All settings: docs/configuration.md" : ` Was ${nearest.candidate} meant?`;
}

/** Returns how many letters have to be added, removed or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...b].entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
