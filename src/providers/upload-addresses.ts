/** The addresses to which a person's own client uploads. */
import type { Provider } from "./provider.ts";

const addressOf = ({ slug }: Pick<Provider, "slug">, publicUrl: string, format: string): string =>
  `${publicUrl}/v2/uploads/${slug}/${format}`;

const formatsOf = ({ uploads = {} }: Pick<Provider, "uploads">): string[] => Object.keys(uploads);

/** Returns the address of each upload format. */
export const uploadAddresses = (provider: Provider, publicUrl: string): Record<string, string> =>
  Object.fromEntries(formatsOf(provider).map((format) => [format, addressOf(provider, publicUrl, format)]));

/** Returns the address of the format that is declared first: the one for developers' own apps. */
export const uploadAddress = (provider: Provider, publicUrl: string): string =>
  addressOf(provider, publicUrl, formatsOf(provider)[0] ?? "");
