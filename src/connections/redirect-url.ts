/**
 * Checks addresses that a browser may be sent to: web pages and apps' own schemes, never script or local
 * content; and only an environment's own list of origins, if it has one.
 */
import { SystoleError } from "../errors.ts";

const refused = new Set([
  "javascript:",
  "data:",
  "vbscript:",
  "file:",
  "blob:",
  "about:",
  "view-source:",
  "filesystem:",
]);

/** @throws SystoleError REDIRECT_URL_INVALID */
export function checkRedirectUrl(url: string | null): void {
  if (url === null) return;
  const parsed = URL.parse(url);
  if (parsed === null || refused.has(parsed.protocol))
    throw new SystoleError("REDIRECT_URL_INVALID", { url });
}

/** @throws SystoleError REDIRECT_ORIGIN_REFUSED */
export function checkRedirectOrigin(url: string | null, allowed: readonly string[] | null): void {
  if (url === null || allowed === null) return;
  const origin = originOf(new URL(url));
  if (!allowed.includes(origin)) throw new SystoleError("REDIRECT_ORIGIN_REFUSED", { origin, allowed });
}

/** Returns an entry of the list in its comparable form; null if it is not an origin. */
export function readOrigin(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || refused.has(url.protocol)) return null;
  const bare = ["", "/"].includes(url.pathname) && url.search + url.hash + url.username === "";
  return bare && (isWeb(url) || url.host === "") ? originOf(url) : null;
}

/** An app's address is compared by its scheme alone. */
const originOf = (url: URL): string => (isWeb(url) ? url.origin : url.protocol);
const isWeb = ({ protocol }: URL): boolean => protocol === "https:" || protocol === "http:";
