/** Prepares a new installation: an environment with a key, an admin token, the provider's credentials. */
import { sql } from "kysely";
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";
import { assertAddressesAllowed } from "./providers/addresses.ts";
import { settingsFromEnvironment } from "./providers/environment.ts";
import type { Provider } from "./providers/provider.ts";
import { providers } from "./providers/registry.ts";
import { createProviderGuard } from "./security/address-guard.ts";
import type { KeyRing } from "./security/key-ring.ts";
import { newSecret } from "./security/secrets.ts";
import { giveToken, makeToken, tokenInForce } from "./store/admin-tokens.ts";
import { beginAudit, endAudit } from "./store/audit-log.ts";
import {
  addApiKey,
  type Environment,
  findEnvironment,
  firstEnvironment,
  insertEnvironment,
} from "./store/environments.ts";
import { saveProviderConfig } from "./store/provider-configs.ts";
import type { Store } from "./store/store.ts";
import type { DatabaseTransaction } from "./store/tables.ts";

/** Secrets made by this start, to be shown once; null for those that were configured or existed. */
export interface Made {
  readonly devId: string;
  readonly apiKey: string | null;
  readonly adminToken: string | null;
}

export interface FirstRun {
  readonly environment: Environment;
  readonly adminToken: {
    /** Too short to be used from another machine. */
    readonly short: boolean;
    /** The configured token had been replaced before, so it stays out of force. */
    readonly ignored: boolean;
  };
  readonly made: Made;
}

/**
 * Prepares the installation. Safe to run at every start, and in several processes at once: one prepares, the
 * others find it done.
 * @throws SystoleError CONFIG_INVALID, PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN
 */
export function prepareFirstRun(store: Store, config: Config, env: NodeJS.ProcessEnv): Promise<FirstRun> {
  return store.db.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('systole first run'))`.execute(tx);
    return prepare(tx, store.keyRing, config, env);
  });
}

async function prepare(
  tx: DatabaseTransaction,
  keyRing: KeyRing,
  config: Config,
  env: NodeJS.ProcessEnv,
): Promise<FirstRun> {
  const { environment, apiKey } = await prepareEnvironment(tx, config);
  const admin = await prepareAdminToken(tx, config);
  for (const provider of providers) {
    const settings = settingsGiven(provider, config, env);
    if (settings === null) continue;
    const id = { environmentId: environment.environment_id, provider: provider.slug };
    await saveProviderConfig(tx, keyRing, id, settings, "process");
  }
  return {
    environment,
    adminToken: { short: admin.short, ignored: admin.ignored },
    made: { devId: environment.dev_id, apiKey, adminToken: admin.made },
  };
}

/** Returns the configured environment, else the first one, else a new one. A configured key is added to it. */
async function prepareEnvironment(
  db: DatabaseTransaction,
  { SYSTOLE_DEV_ID: devId, SYSTOLE_API_KEY: givenKey }: Config,
): Promise<{ environment: Environment; apiKey: string | null }> {
  const known = devId === undefined ? await firstEnvironment(db) : await findEnvironment(db, devId);
  if (known !== null) {
    if (givenKey) await addApiKey(db, known.environment_id, { label: "SYSTOLE_API_KEY", key: givenKey });
    return { environment: known, apiKey: null };
  }
  const name = devId ?? `systole-${newSecret().slice(0, 10)}`;
  const environment =
    (await insertEnvironment(db, { devId: name, name })) ?? (await findEnvironment(db, name));
  if (environment === null) throw new Error(`environment ${name} was taken away while it was made`);
  const made = await addApiKey(db, environment.environment_id, {
    label: givenKey ? "SYSTOLE_API_KEY" : "first key",
    ...(givenKey ? { key: givenKey } : {}),
  });
  return { environment, apiKey: givenKey ? null : made.key };
}

/** Puts a configured token into force; without one, and with none in force, makes one. */
async function prepareAdminToken(
  tx: DatabaseTransaction,
  { SYSTOLE_ADMIN_TOKEN: given }: Config,
): Promise<{ short: boolean; ignored: boolean; made: string | null }> {
  const before = await tokenInForce(tx);
  const made = given === undefined && before === null ? await makeToken(tx, "made") : null;
  const taken = given === undefined ? "unchanged" : await giveToken(tx, given);
  if (taken === "replaced" && before !== null) await auditReplacement(tx);
  const now = await tokenInForce(tx);
  return { short: now?.short === true, ignored: taken === "retired", made };
}

async function auditReplacement(tx: DatabaseTransaction): Promise<void> {
  const actor = { kind: "process", id: "start", name: "SYSTOLE_ADMIN_TOKEN" } as const;
  const id = await beginAudit(tx, { actor, action: "start", target: "admin token" });
  await endAudit(tx, id, { status: 200 });
}

/**
 * Returns a provider's credentials from the process's environment variables, which belong to the first
 * environment and are renewed at every start.
 * @throws SystoleError CONFIG_INVALID, PROVIDER_ADDRESS_PRIVATE, PROVIDER_ADDRESS_PLAIN
 */
function settingsGiven(provider: Provider, config: Config, env: NodeJS.ProcessEnv): unknown {
  const given = settingsFromEnvironment(provider, env);
  if (given === null) return null;
  const parsed = provider.settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new SystoleError("CONFIG_INVALID", { provider: provider.name, variables: problems });
  }
  const guard = createProviderGuard({ allowPrivate: config.SYSTOLE_ALLOW_PRIVATE_DESTINATIONS });
  assertAddressesAllowed(provider, parsed.data, guard);
  return parsed.data;
}
