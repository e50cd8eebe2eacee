/** Where a command writes to, and where it finds the server. */
import { loadConfig } from "../config.ts";
import type { AdminAddress } from "./admin-client.ts";
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
  const { SYSTOLE_ADMIN_TOKEN: token, SYSTOLE_ADMIN_PORT: adminPort } = config;
  const host = (adminPort === undefined ? null : config.SYSTOLE_ADMIN_HOST) ?? config.SYSTOLE_HOST;
  const port = adminPort ?? config.SYSTOLE_PORT;
  if (token === undefined) throw new UsageError("SYSTOLE_ADMIN_TOKEN is not set");
  // A server that listens everywhere is reached here too.
  const reached = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  const here = `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
  // The public URL leads to the public port.
  const known = adminPort === undefined ? config.SYSTOLE_PUBLIC_URL : undefined;
  return { url: url ?? known ?? here, token, environment };
}
