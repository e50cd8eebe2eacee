/** Checks who can reach the admin API, and whether the admin token is strong enough for that. */
import type { Config } from "./config.ts";
import { SystoleError } from "./errors.ts";
import { isLoopback } from "./security/loopback.ts";
import { safeTokenLength } from "./store/admin-tokens.ts";

/** Whether the admin API is reachable from another machine: by its address, or through the public URL. */
function isExposed({
  SYSTOLE_HOST,
  SYSTOLE_ADMIN_HOST,
  SYSTOLE_ADMIN_PORT,
  SYSTOLE_PUBLIC_URL,
}: Config): boolean {
  if (SYSTOLE_ADMIN_PORT !== undefined) return !isLoopback(SYSTOLE_ADMIN_HOST ?? SYSTOLE_HOST);
  const isPublic = SYSTOLE_PUBLIC_URL !== undefined && !isLoopback(new URL(SYSTOLE_PUBLIC_URL).hostname);
  return isPublic || !isLoopback(SYSTOLE_HOST);
}

export const isShort = (token: string | undefined): boolean =>
  token !== undefined && token.length < safeTokenLength;

/** @throws SystoleError CONFIG_INVALID for a guessable token that can be tried from another machine */
export function assertTokenFits(config: Config, short: boolean): void {
  if (!short || !config.SYSTOLE_ROLES.includes("api") || !isExposed(config)) return;
  const rule = `must have ${safeTokenLength} characters or more where others can reach the admin API`;
  const ways = "SYSTOLE_HOST, SYSTOLE_PUBLIC_URL and SYSTOLE_ADMIN_HOST decide that";
  throw new SystoleError("CONFIG_INVALID", { variables: [`SYSTOLE_ADMIN_TOKEN: ${rule} (${ways})`] });
}
