/**
 * Finds webhooks that are silent though there was something to announce, which reconciliation notices; such a
 * webhook is checked at once instead of at its next turn.
 */
import { providerBySlug } from "../providers/registry.ts";
import { listProviderConfigs, type ProviderConfig } from "../store/provider-configs.ts";
import {
  claimSilence,
  endSilence,
  lastGapAt,
  lastNotificationAt,
  usualIntervalMs,
} from "../store/webhook-health.ts";
import type { ConnectionsDeps } from "./deps.ts";
import { ensureSubscriptions } from "./subscriptions.ts";

/** A pause this short is normal, however often a provider usually notifies. */
const shortestSilenceMs = 15 * 60_000;
/** After a day with something to announce it is time to check, however seldom a provider notifies. */
const longestUsualMs = 24 * 3_600_000;

/** Checks for silent webhooks. `mends`: this process has a public address to point a webhook at. */
export async function watchWebhooks(
  deps: ConnectionsDeps,
  mends: boolean,
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const configs = await listProviderConfigs(deps.store.db);
  const silent: ProviderConfig[] = [];
  for (const config of configs) if (await isNewlySilent(deps, config, now)) silent.push(config);
  if (silent.length > 0 && mends) await ensureSubscriptions(deps, signal);
}

async function isNewlySilent(deps: ConnectionsDeps, config: ProviderConfig, now: Date): Promise<boolean> {
  if (config.subscription_url === null) return false;
  const { db } = deps.store;
  const id = { environmentId: config.environment_id, provider: config.provider };
  const gapAt = await lastGapAt(db, id, announcedResources(config.provider));
  if (gapAt === null) return false;
  const about = { provider: id.provider, environment_id: id.environmentId };
  const last = await lastNotificationAt(db, id);
  if (last !== null && last >= gapAt) {
    if (await endSilence(db, id)) deps.log.info(about, "the provider's webhook sends notifications again");
    return false;
  }
  const since = last ?? config.updated_at;
  const usual = last === null ? 0 : Math.min(longestUsualMs, await usualIntervalMs(db, id, last));
  if (now.getTime() - since.getTime() < Math.max(usual, shortestSilenceMs)) return false;
  if (!(await claimSilence(db, id, since, gapAt))) return false;
  deps.log.warn(
    { ...about, last_notification_at: last, usual_interval_ms: Math.round(usual), gap_found_at: gapAt },
    "the provider's webhook is silent though there was something to announce",
  );
  deps.metrics?.webhookSilent(id.provider);
  return true;
}

const announcedResources = (slug: string): string[] =>
  providerBySlug(slug)
    .resources.filter(({ discovery }) => discovery?.announced)
    .map(({ name }) => name);
