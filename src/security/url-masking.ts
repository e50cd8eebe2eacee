/** Masks URLs before they are shown: passwords always, and on request everything else in a URL that may be a secret. */

export const mask = "********";

/** Masks a password in an address that is not marked as secret. Other text is returned as it is. */
export function withoutPassword(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.password === "") return text;
  url.password = mask;
  return url.href;
}

/**
 * Masks the password, the values of the query, the fragment, and the path segments that nobody could guess. Many
 * services put the token of an incoming webhook into its path.
 */
export function withoutSecrets(text: string): string {
  const url = URL.parse(text);
  if (url === null) return text;
  if (url.password !== "") url.password = mask;
  if (url.hash !== "") url.hash = mask;
  const path = url.pathname.split("/").map((segment) => (isUnguessable(segment) ? mask : segment));
  url.pathname = path.join("/");
  const names = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${mask}`);
  url.search = names.join("&");
  return url.href === new URL(text).href ? text : url.href;
}

/**
 * Tells whether a segment is an id or a token, not a word: sixteen characters or more with letters and digits, or
 * 24 with small and capital letters, since a random token may have no digit.
 */
const isUnguessable = (segment: string): boolean =>
  (segment.length >= 16 && /[A-Za-z]/.test(segment) && /\d/.test(segment)) ||
  (segment.length >= 24 && /[a-z]/.test(segment) && /[A-Z]/.test(segment));
