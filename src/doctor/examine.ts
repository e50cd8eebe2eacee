/** All checks of `systole doctor`, one after the other. A check that cannot be made is a finding itself. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type Config, loadConfig } from "../config.ts";
import { databaseAtHand } from "../database-at-hand.ts";
import { errorCatalogue, errorMessage, SystoleError } from "../errors.ts";
import { KeyRing } from "../security/key-ring.ts";
import { readSecretKey } from "../security/secret-key.ts";
import { reachEmbedded } from "../store/embedded/running.ts";
import { storeError } from "../store/store-error.ts";
import type { Tables } from "../store/tables.ts";
import { databaseFindings } from "./database.ts";
import { type Finding, failure, ok } from "./finding.ts";
import { diskFinding, publicUrlFindings } from "./surroundings.ts";
import { workFindings } from "./work.ts";

const connectMs = 10_000;

export async function examine(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Finding[]> {
  const findings = [ok("Node", process.versions.node)];
  let config: Config;
  try {
    config = loadConfig(env);
    findings.push(ok("settings", "every variable has a value that it may have"));
  } catch (error) {
    return [...findings, findingOf("settings", error)];
  }
  findings.push(...(await tried("database", () => storeFindings(config, env, signal))));
  findings.push(...(await tried("disk", async () => [await diskFinding(config)])));
  findings.push(...(await tried("public URL", () => publicUrlFindings(config))));
  return findings;
}

async function tried(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [findingOf(check, error)];
  }
}

/** An error with a code has a remedy. */
function findingOf(check: string, thrown: unknown): Finding {
  const error = storeError(thrown) ?? thrown;
  if (!(error instanceof SystoleError))
    return failure(check, errorMessage(error), "This is a fault of ours: please report it.");
  const facts = Object.values(error.details).flat().join("; ");
  const says = `${error.message} (${error.code})${facts === "" ? "" : `: ${facts}`}`;
  return failure(check, says, errorCatalogue[error.code].remedy);
}

async function storeFindings(
  config: Config,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack();
  const connectionString = await databaseAtHand(config, reachEmbedded, opened, signal);
  const pool = new pg.Pool({ connectionString, max: 2, connectionTimeoutMillis: connectMs });
  pool.on("error", () => {});
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  opened.defer(() => db.destroy());
  const keyRing = await keyRingOf(config);
  const { findings, isCurrent } = await databaseFindings(db, keyRing);
  if (!isCurrent) return findings;
  const publicUrl = config.SYSTOLE_PUBLIC_URL ?? `http://${config.SYSTOLE_HOST}:${config.SYSTOLE_PORT}`;
  return [...findings, ...(await workFindings({ db, keyRing, env, publicUrl }))];
}

async function keyRingOf(config: Config): Promise<KeyRing | null> {
  const { SYSTOLE_SECRET_KEY: given, SYSTOLE_SECRET_KEY_PREVIOUS: former } = config;
  const key =
    given === undefined ? (await readSecretKey(config.SYSTOLE_DATA_DIR))?.key : Buffer.from(given, "base64");
  if (key === undefined) return null;
  return new KeyRing(key, ...(former === undefined ? [] : [Buffer.from(former, "base64")]));
}
