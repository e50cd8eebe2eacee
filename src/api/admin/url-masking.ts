/** URLs as they may be shown: passwords are masked, and on request whatever else in a URL may be a secret. */

export const mask = "********";

/** An address may carry a password without being called a secret. Other text is returned as it is. */
export function withoutPassword(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.password === "") return text;
  url.password = mask;
  return url.href;
}

/**
 * The URL without its password, the values of its query, its fragment, and the segments of its path that nobody
 * could guess. Many services put the token of an incoming webhook into its path.
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

/** Sixteen characters or more with letters and digits among them: an id or a token, not a word. */
const isUnguessable = (segment: string): boolean =>
  segment.length >= 16 && /[A-Za-z]/.test(segment) && /\d/.test(segment);
