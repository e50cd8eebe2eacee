/** The outputs of a command, and the address of the server. */
import { type Config, loadConfig } from "../config.ts";
import type { AdminAddress, ApiClient } from "./admin-client.ts";
import { UsageError } from "./usage.ts";

export interface Terminal {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
  readonly env: NodeJS.ProcessEnv;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** @throws UsageError, SystoleError CONFIG_INVALID */
export function addressOf(
  { url, environment }: { readonly url: string | undefined; readonly environment: string | undefined },
  env: NodeJS.ProcessEnv,
): AdminAddress {
  const config = loadConfig(env);
  const token = config.SYSTOLE_ADMIN_TOKEN ?? env.ADMIN_TOKEN;
  if (!token) throw new UsageError("ADMIN_TOKEN is not set");
  return { url: url ?? adminUrl(config, env), token, environment };
}

/** Returns the environment's own credentials, from the variables that the first start prints. @throws UsageError */
export function clientOf(url: string | undefined, env: NodeJS.ProcessEnv): ApiClient {
  const config = loadConfig(env);
  const devId = env.DEV_ID || config.SYSTOLE_DEV_ID;
  const apiKey = env.API_KEY || config.SYSTOLE_API_KEY;
  if (!devId) throw new UsageError("DEV_ID is not set");
  if (!apiKey) throw new UsageError("API_KEY is not set");
  return { url: url ?? publicUrl(config, env), devId, apiKey };
}

export const publicUrl = (config: Config, { SYSTOLE: given }: NodeJS.ProcessEnv): string =>
  given || config.SYSTOLE_PUBLIC_URL || urlHere(config.SYSTOLE_HOST, config.SYSTOLE_PORT);

/** Returns the admin API's address. The public URL leads to the public port. */
function adminUrl(config: Config, env: NodeJS.ProcessEnv): string {
  const { SYSTOLE_ADMIN_PORT: port, SYSTOLE_ADMIN_HOST: host = config.SYSTOLE_HOST } = config;
  return port === undefined ? publicUrl(config, env) : urlHere(host, port);
}

/** Returns a reachable address of a server that listens on all interfaces. */
function urlHere(host: string, port: number): string {
  const reached = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}
