/** Schemas of a provider's addresses, as an operator sets them. */
import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/ });

/**
 * An address that Systole calls, alone or with a path appended. It may have no query and no fragment: they would
 * swallow the path, so that the setting alone decided what is read. It may have no credentials: they would be shown
 * with the address.
 */
export const baseUrl = httpUrl
  .refine((url) => !/[?#]/.test(url), "must have no query and no fragment")
  .refine((url) => !hasCredentials(url), "must not carry credentials")
  .transform((url) => url.replace(/\/+$/, ""))
  .meta({ address: true, called: true });

/** An address that a person's browser is sent to. Systole never calls it. */
export const pageUrl = httpUrl.transform((url) => url.replace(/\/+$/, "")).meta({ address: true });

function hasCredentials(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && `${url.username}${url.password}` !== "";
}
