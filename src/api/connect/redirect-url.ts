/** The developer's own addresses, to which a browser returns after connecting. */
import { checkRedirectUrl } from "../../connections/redirect-url.ts";

/**
 * The address in the form it goes into a Location header; null when none (or nothing) was given.
 * @throws SystoleError REDIRECT_URL_INVALID
 */
export function readRedirectUrl(given: string | null | undefined): string | null {
  if (given === null || given === undefined || given === "") return null;
  checkRedirectUrl(given);
  return new URL(given).href;
}

/** Adds parameters to an address and leaves what it has as it is: query, fragment, an app's own scheme. */
export function withQuery(url: string, parameters: Readonly<Record<string, string | null>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null);
  if (given.length === 0) return url;
  const hashAt = url.indexOf("#");
  const [address, fragment] = hashAt === -1 ? [url, ""] : [url.slice(0, hashAt), url.slice(hashAt)];
  return `${address}${separatorAfter(address)}${new URLSearchParams(given)}${fragment}`;
}

function separatorAfter(address: string): string {
  const queryAt = address.indexOf("?");
  if (queryAt === -1) return "?";
  const isComplete = queryAt === address.length - 1 || address.endsWith("&");
  return isComplete ? "" : "&";
}
