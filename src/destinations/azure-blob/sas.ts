/**
 * A shared access signature's URL: the address of the container, and the signed permissions.
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas
 */
import { isIP } from "node:net";

export interface Sas {
  /** The container's URL without the signature. */
  readonly container: URL;
  /** The query as it was given, with its `?`. */
  readonly query: string;
}

/** Signatures for a whole container or account; others are for one blob, one directory or one snapshot. */
const resources = new Set<string | null>(["c", null]);

/** Returns why the URL cannot be used, never quoting it; null when it can. */
export function faultOfSas(sasUrl: string, container: string | undefined): string | null {
  const url = URL.parse(sasUrl);
  if (url === null) return "is no URL";
  if (!url.searchParams.has("sig")) return "has no signature: it is a URL with `sig=` in it";
  if (!resources.has(url.searchParams.get("sr"))) return "is for less than a whole container";
  if (url.hash !== "" || `${url.username}${url.password}` !== "") return "is not a SAS URL";
  const [named, ...others] = containerPath(url).names;
  if (others.length > 0) return "is for something inside a container";
  if ((named ?? container) === undefined) return "names no container: give `container` besides";
  if (named !== undefined && container !== undefined && named !== container)
    return "is for another container than `container`";
  return null;
}

/** Reads settings that have no fault. */
export function readSas(sasUrl: string, container: string | undefined): Sas {
  const url = new URL(sasUrl);
  const { account, names } = containerPath(url);
  const path = [...account, names[0] ?? container].map((part) => `/${part}`).join("");
  return { container: new URL(`${url.origin}${path}`), query: url.search };
}

/** Emulators and Azure Stack with an IP address have the account's name first in the path, Azure has it in the host. */
function containerPath({ hostname, pathname }: URL): { account: string[]; names: string[] } {
  const parts = pathname.split("/").filter(Boolean);
  const inPath = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0 || !hostname.includes(".");
  return { account: parts.slice(0, inPath ? 1 : 0), names: parts.slice(inPath ? 1 : 0) };
}

/** Returns why it is not valid now; null while it is, or where a policy on the container holds its times. */
export function faultOfTime({ query }: Sas, now: Date): string | null {
  const parameters = new URLSearchParams(query);
  const [start, end] = [parameters.get("st"), parameters.get("se")];
  if (end !== null && now >= new Date(end)) return `the SAS expired at ${end}`;
  if (start !== null && now < new Date(start)) return `the SAS is not good before ${start}`;
  return null;
}
