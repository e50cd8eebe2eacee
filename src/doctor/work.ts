/** The work: destinations that get nothing, deliveries and jobs that wait, providers' credentials and webhooks. */
import { sql } from "kysely";
import { providers } from "../providers/registry.ts";
import type { KeyRing } from "../security/key-ring.ts";
import { startNotes } from "../start-notes.ts";
import { type Backlog, readBacklogs } from "../store/destination-health.ts";
import { listProviderConfigs, openSettings, type ProviderConfig } from "../store/provider-configs.ts";
import type { Database } from "../store/tables.ts";
import { type Finding, failure, ok, warning } from "./finding.ts";

const lateSeconds = 900;
const lostSeconds = 3_600;
const jobSeconds = 900;

export interface Asked {
  readonly db: Database;
  readonly keyRing: KeyRing | null;
  readonly env: NodeJS.ProcessEnv;
  readonly publicUrl: string;
}

export async function workFindings({ db, keyRing, env, publicUrl }: Asked): Promise<Finding[]> {
  const configs = await listProviderConfigs(db);
  const backlogs = await readBacklogs(db);
  const notes = await startNotes(db, env, publicUrl);
  return [
    ...destinations(backlogs),
    await jobs(db),
    ...configs.flatMap((config) => providerFindings(config, keyRing)),
    ...settingsFindings(notes),
  ];
}

/** A note may have several lines. */
const settingsFindings = (notes: readonly string[]): Finding[] =>
  notes.length === 0
    ? []
    : [
        warning(
          "settings",
          notes.join(" "),
          "docs/configuration.md and the provider's README name each setting.",
        ),
      ];

function destinations(backlogs: readonly Backlog[]): Finding[] {
  const wrong = backlogs.flatMap((backlog) => destination(backlog));
  if (wrong.length > 0) return wrong;
  return [ok("destinations", `${backlogs.length} destinations, none fails and none is late`)];
}

function destination({ kind, destinationId, pending, oldestSeconds, failingSeconds }: Backlog): Finding[] {
  const check = "destinations";
  const name = `${kind} ${destinationId}`;
  if (failingSeconds !== null && failingSeconds > lostSeconds) {
    return [
      failure(
        check,
        `${name} has got nothing for ${hours(failingSeconds)} h; ${pending} deliveries wait`,
        "Its last attempt in the dashboard has the error's code, and docs/errors.md the remedy. Nothing is lost for 42 days, or as long as the environment keeps events.",
      ),
    ];
  }
  if (oldestSeconds === null || oldestSeconds < lateSeconds) return [];
  const says = `${name} is behind by ${hours(oldestSeconds)} h; ${pending} deliveries wait`;
  return [warning(check, says, "It fails or is slow (see its attempts), or there are too few workers.")];
}

const hours = (seconds: number): string => (seconds / 3_600).toFixed(1);

async function jobs(db: Database): Promise<Finding> {
  const check = "queue";
  const { rows } = await sql<{ name: string; count: number; seconds: number }>`
    SELECT name, count(*)::int AS count, extract(epoch FROM now() - min(start_after))::float8 AS seconds
    FROM (
      SELECT name, start_after FROM pgboss.job WHERE state = 'created' AND name <> 'deliver'
      UNION ALL SELECT 'deliver', due_at FROM due_deliveries
    ) job WHERE start_after < now() - ${jobSeconds} * interval '1 second'
    GROUP BY name ORDER BY seconds DESC`.execute(db);
  const [oldest] = rows;
  if (oldest === undefined) return ok(check, "no job has been due for long");
  return failure(
    check,
    `${oldest.count} jobs of ${oldest.name} are due for up to ${hours(oldest.seconds)} h`,
    "Is a process with the role worker running, and does it answer at SYSTOLE_METRICS_PORT?",
  );
}

function providerFindings(config: ProviderConfig, keyRing: KeyRing | null): Finding[] {
  const provider = providers.find(({ slug }) => slug === config.provider);
  const check = `provider ${config.provider}`;
  if (provider === undefined)
    return [warning(check, "this Systole does not know it", "Run the version that has it.")];
  const credentials = credentialsFinding(check, config, provider.settings, keyRing);
  if (credentials.level !== "ok") return [credentials];
  if (config.subscription_state === "failed") {
    const reason = config.subscription_error ?? "no reason is known";
    return [
      failure(
        check,
        `its webhook is broken: ${reason}`,
        "It is tried again each minute; SYSTOLE_PUBLIC_URL has to be reachable.",
      ),
    ];
  }
  if (config.subscription_silent_since !== null) {
    const since = config.subscription_silent_since.toISOString();
    return [
      warning(
        check,
        `its webhook is silent since ${since}`,
        "Data still comes by asking. See its health in the dashboard.",
      ),
    ];
  }
  return [credentials];
}

function credentialsFinding(
  check: string,
  config: ProviderConfig,
  settings: { safeParse(value: unknown): { success: boolean } },
  keyRing: KeyRing | null,
): Finding {
  try {
    if (keyRing !== null && settings.safeParse(openSettings(keyRing, config)).success) {
      return ok(check, "its credentials are complete, and its webhook works as far as is known");
    }
  } catch {
    // Sealed with a key that is not at hand.
  }
  return failure(
    check,
    "its credentials cannot be opened or are not complete",
    "Enter them again: the dashboard, Providers.",
  );
}
