/**
 * Rotation of a secret that Systole issued. For a while the former secret is valid beside the new one, so that the
 * receiver need not change at the same moment. Every kind that issues secrets has these settings.
 */
import { z } from "zod";

const secret = z.string().min(16).max(512);

/**
 * Chooses the secrets that sign while two are valid. Some clients read the first signature only, others accept only
 * one.
 */
export const overlap = z
  .enum(["new-first", "old-first", "new-only"])
  .describe(
    "How requests are signed while a rotation lasts: with both secrets, the new one first (as when nothing is said) or the old one first, or with the new one alone, for receivers that refuse two signatures.",
  );

export const rotatingSecret = {
  secret: secret
    .meta({ secret: true, sent: false })
    .describe("Signs every request. Made by Systole and shown once; bring your own to keep one."),
  previous_secret: secret
    .meta({ secret: true, sent: false })
    .optional()
    .describe("Signs too, beside the new one, while a rotation lasts."),
  previous_secret_until: z.iso
    .datetime({ offset: true })
    .optional()
    .describe(
      "When the rotation is over; while it is absent, the previous secret signs as long as it is set.",
    ),
  overlap: overlap.optional(),
} as const;

export type RotatingSecret = z.output<z.ZodObject<typeof rotatingSecret>>;

/**
 * Returns the valid secrets in the order in which they sign. It is called for each signature, so that an overlap
 * ends by itself.
 */
export function secretsInForce(settings: RotatingSecret, now: Date): string[] {
  const { secret: newest, previous_secret: previous, previous_secret_until: until } = settings;
  const over = until !== undefined && Date.parse(until) <= now.getTime();
  if (previous === undefined || over || settings.overlap === "new-only") return [newest];
  return settings.overlap === "old-first" ? [previous, newest] : [newest, previous];
}

type Settings = Readonly<Record<string, unknown>>;

/** Drops the oldest of three secrets; without `until` the former secret is not valid any longer. */
export function withNewSecret(settings: Settings, secret: string, until: Date | null): Settings {
  const { secret: former, previous_secret, previous_secret_until, ...others } = settings;
  if (until === null) return { ...others, secret };
  return { ...others, secret, previous_secret: former, previous_secret_until: until.toISOString() };
}

/**
 * Settings that were changed by hand. A secret that is replaced stays valid until `until`, unless the change itself
 * names the previous secret; an overlap without an end given does not end by itself.
 */
export function withOverlap(
  kept: Settings,
  changed: Settings,
  named: ReadonlySet<string>,
  until: Date,
): Settings {
  if (named.has("previous_secret")) {
    const { previous_secret_until, ...openEnded } = changed;
    return named.has("previous_secret_until") ? changed : openEnded;
  }
  const { secret: given } = changed;
  if (typeof given !== "string" || given === kept.secret || kept.secret === undefined) return changed;
  return withNewSecret({ ...changed, secret: kept.secret }, given, until);
}
