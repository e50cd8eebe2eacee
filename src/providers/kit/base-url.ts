/** Addresses of a provider as an operator sets them. */
import { z } from "zod";

const httpUrl = z.url({ protocol: /^https?$/ });

/**
 * An address that Systole itself calls, alone or with a path appended. A query or a fragment would swallow
 * that path, so that the setting alone would decide what is read; credentials would be shown with the address.
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
