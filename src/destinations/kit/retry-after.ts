/** The time that a target asks us to wait (RFC 9110 §10.2.3). */

/** Reads seconds or an HTTP date, as options of a DeliveryError; empty when it is absent or neither. */
export function retryAfter(
  value: string | readonly string[] | null | undefined,
  now = new Date(),
): { readonly retryAfterMs?: number } {
  const text = [value].flat()[0]?.trim();
  if (!text) return {};
  if (/^\d+$/.test(text)) return { retryAfterMs: Number(text) * 1_000 };
  const at = Date.parse(text);
  return Number.isNaN(at) ? {} : { retryAfterMs: Math.max(0, at - now.getTime()) };
}
