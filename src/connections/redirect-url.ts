/** Where a browser may be sent: web pages and apps' own schemes, never script or local content. */
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
