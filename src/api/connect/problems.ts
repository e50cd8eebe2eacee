/** Errors in the words of the pages. A code that no person can do anything about is told as what it is: unexpected. */
import type { ErrorCode } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import type { PageError, Words } from "./words/en.ts";

const byCode: Readonly<Partial<Record<ErrorCode, PageError>>> = {
  SESSION_NOT_FOUND: "linkInvalid",
  ROUTE_NOT_FOUND: "linkInvalid",
  SESSION_USED: "linkUsed",
  OAUTH_STATE_INVALID: "loginExpired",
  OAUTH_OTHER_BROWSER: "otherBrowser",
  OAUTH_DENIED: "denied",
  OAUTH_EXCHANGE_FAILED: "exchangeFailed",
  PROVIDER_REGISTRATION_FAILED: "termsMissing",
  PROVIDER_KEY_REFUSED: "keyRefused",
  PROVIDER_UNAVAILABLE: "unreachable",
  PROVIDER_RATE_LIMITED: "unreachable",
  PROVIDER_BUDGET_SPENT: "unreachable",
  PROVIDER_UNKNOWN: "notOffered",
  PROVIDER_NOT_CONFIGURED: "notOffered",
  CONSENT_UNKNOWN: "notOffered",
  CONSENT_OTHER_ACCOUNT: "otherAccount",
  REPLACEMENT_DECLINED: "kept",
  REPLACEMENT_EXPIRED: "questionClosed",
  USER_NOT_FOUND: "ended",
};

/** Their texts name the provider. */
const aboutProvider: ReadonlySet<PageError> = new Set([
  "exchangeFailed",
  "termsMissing",
  "keyRefused",
  "unreachable",
  "otherAccount",
]);

export function problemOf(
  { errors }: Words,
  code: ErrorCode,
  provider: Pick<Provider, "displayName"> | null,
): { readonly title: string; readonly text: string } {
  const told = byCode[code] ?? "unknown";
  const { title, text } = errors[provider === null && aboutProvider.has(told) ? "unknown" : told];
  return { title, text: text(provider?.displayName ?? "") };
}
