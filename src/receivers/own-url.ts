/**
 * The addresses of built-in receivers. They are on this server itself, whose own address need not be public: the
 * address guard lets requests to exactly these pass.
 */

const token = /^[\w-]{43}$/;

/** @param publicUrl our public address, or that on which we listen where no public one is set */
const baseOf = (publicUrl: string): string => `${new URL(publicUrl).href.replace(/\/+$/, "")}/receivers/`;

export const receiverUrl = (publicUrl: string, secret: string): string => `${baseOf(publicUrl)}${secret}`;

/**
 * Tells whether a URL is that of a receiver here: our own scheme, host, port and path, then a token and nothing else.
 * A parsed URL is compared, so that dots, escapes and other spellings are resolved as the request resolves them.
 */
export function isReceiverUrl(publicUrl: string, { href }: URL): boolean {
  const base = baseOf(publicUrl);
  return href.startsWith(base) && token.test(href.slice(base.length));
}

/** Tells whether a text could be the token of a receiver. */
export const isReceiverToken = (text: string): boolean => token.test(text);
