/** The account of a request as it is kept with its attempt: readable, short, and without a secret. */
import type { SentRequest } from "../destinations/destination.ts";
import { isSecretHeader } from "../security/secret-headers.ts";
import { mask, withoutSecrets } from "../security/url-masking.ts";
import type { KeptRequest } from "../store/tables.ts";
import { storable } from "./storable.ts";

const mostHeaders = 40;
const mostCharacters = 512;

export function keptRequest({ method, target, headers, secretHeaders, bytes }: SentRequest): KeptRequest {
  return {
    method: short(method),
    target: typeof target === "string" ? short(target) : shownUrl(target),
    headers: headers === undefined ? null : shownHeaders(headers, new Set(secretHeaders)),
    bytes,
  };
}

/** A sender has one URL for all its requests. */
const shownUrls = new WeakMap<URL, string>();

function shownUrl(url: URL): string {
  const shown = shownUrls.get(url) ?? short(withoutSecrets(url.href));
  shownUrls.set(url, shown);
  return shown;
}

function shownHeaders(
  headers: Readonly<Record<string, string>>,
  secret: ReadonlySet<string>,
): Record<string, string> {
  const shown = Object.entries(headers)
    .slice(0, mostHeaders)
    .map(([name, value]) => {
      const isSecret = secret.has(name) || isSecretHeader(name);
      return [short(name), isSecret ? mask : short(value)] as const;
    });
  return Object.fromEntries(shown);
}

const short = (text: string): string => storable(text.length > mostCharacters ? cut(text) : text);
const cut = (text: string): string => `${text.slice(0, mostCharacters - 1)}…`;
