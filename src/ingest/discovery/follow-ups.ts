/**
 * What belongs to a thing but is fetched by itself: an exercise's files. They may well not be there, and
 * whatever becomes of them the thing they belong to is none the worse.
 */
import { type Part, type Provider, ProviderError, type ResourceRef } from "../../providers/provider.ts";

export const followUpEvent = "FOLLOW_UP";

/** The most that one thing may ask for. */
const mostOfOne = 8;

export function followUpsOf(provider: Provider, part: Part): readonly ResourceRef[] {
  const resource = provider.resources.find(({ name }) => name === part.resource);
  return resource?.followUps?.(part).slice(0, mostOfOne) ?? [];
}

/** Asking again would give the same: it is not there, or nobody can read it. */
export const isFinalForFile = (error: unknown): boolean =>
  error instanceof ProviderError &&
  (error.retry === "never" ? error.code !== "PROVIDER_UNAUTHORIZED" : finalCodes.has(error.code));

/** It came, and cannot be read: that is told, and not taken for a file that is not there. */
export const isRefusedFile = (error: unknown): error is ProviderError =>
  error instanceof ProviderError && isFinalForFile(error) && unreadableCodes.has(error.code);

const unreadableCodes: ReadonlySet<string> = new Set([
  "PROVIDER_BODY_INVALID",
  "PROVIDER_BODY_TOO_LARGE",
  "PROVIDER_BODY_UNPARSABLE",
]);

const finalCodes: ReadonlySet<string> = new Set(["PROVIDER_RESOURCE_MISSING", "PROVIDER_BODY_INVALID"]);
