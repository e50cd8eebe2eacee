/**
 * Puts a token reply into the form of RFC 6749 §5.1. The provider may have rotated the refresh token already, so an
 * odd field must not cost the reply.
 */
import { z } from "zod";

const seconds = z.coerce.number().positive().finite();
const tokenReply = z.looseObject({ access_token: z.string().min(1) });

/**
 * Returns the reply; null when it has no access token. Fields that are null are left out, as are a lifetime that
 * is no positive number, a refresh token or scopes that are no text, and the id token, whose signature nobody checks
 * here. A list of scopes becomes text, and a missing token type `bearer`.
 */
export function standardReply(body: Buffer): object | null {
  const read = tokenReply.safeParse(parsed(body));
  if (!read.success) return null;
  const { expires_in, scope, refresh_token, token_type, id_token: _unchecked, ...others } = read.data;
  const lifetime = typeof expires_in === "boolean" ? null : seconds.safeParse(expires_in).data;
  const standard = {
    ...withoutNull(others),
    token_type: textIn(token_type) ?? "bearer",
    refresh_token: textIn(refresh_token),
    expires_in: lifetime,
    scope: Array.isArray(scope) ? scope.join(" ") : textIn(scope),
  };
  return withoutNull(standard);
}

const textIn = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

const withoutNull = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
