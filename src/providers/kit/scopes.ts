/** OAuth scopes, as text and as a list. */

/** Splits a text of scopes. They are separated by spaces as RFC 6749 §3.3 says, or by commas as some providers do. */
export const scopesOf = (text: string): string[] => text.split(/[\s,]+/).filter((scope) => scope !== "");

/** Returns the scopes of a token reply. Where it has none, they are those that were asked for (RFC 6749 §5.1). */
export function grantedScopes(
  replied: string | null | undefined,
  asked: readonly string[],
): readonly string[] {
  const granted = scopesOf(replied ?? "");
  return granted.length > 0 ? granted : asked;
}
