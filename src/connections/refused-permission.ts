/** Says which of a person's permissions a provider refused, in the details of the error. */
import { type Grant, ProviderError } from "../providers/provider.ts";

export interface RefusedPermission {
  readonly consent: string;
  readonly api: string;
  /** Whether its renewal was refused, and not a call with a token that was good just now. */
  readonly isRenewal: boolean;
  /** Whether the token was refused before its end and the renewal after it: nothing has merely run out. */
  readonly isEarly: boolean;
}

/** Returns the error with the permission; another error than a refusal as it is. */
export function withPermission(
  error: unknown,
  { consent }: Pick<Grant, "consent">,
  { api, isRenewal, isEarly }: Omit<RefusedPermission, "consent">,
): unknown {
  if (!(error instanceof ProviderError) || error.code !== "PROVIDER_UNAUTHORIZED") return error;
  const refused = isRenewal && { reason: "renewal_refused", is_early: isEarly };
  const details = { ...error.details, consent, api, ...refused };
  return new ProviderError(error.code, error.retry, details, { cause: error });
}

/** Returns the permission that an error is about; null where it says none. */
export function refusedPermissionOf({ details }: ProviderError): RefusedPermission | null {
  const { consent, api, reason, is_early } = details as ProviderError["details"] & {
    readonly consent?: unknown;
    readonly api?: unknown;
    readonly reason?: unknown;
    readonly is_early?: unknown;
  };
  if (typeof consent !== "string" || typeof api !== "string") return null;
  return { consent, api, isRenewal: reason === "renewal_refused", isEarly: is_early === true };
}
