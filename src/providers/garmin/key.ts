/** Connecting by a key of the Personal API, which each person makes for their own data. */
import { z } from "zod";
import { bearer, call, jsonOf } from "../kit/call.ts";
import { cleaned } from "../kit/clean-item.ts";
import type { FailureRules } from "../kit/failure.ts";
import {
  type Grant,
  type KeyConnecting,
  type PastedKey,
  type ProviderAccess,
  ProviderError,
} from "../provider.ts";
import { failureRules } from "./api.ts";
import { keyPage, keySteps } from "./key-steps.ts";
import { garminApi, snakeCase } from "./names.ts";
import type { GarminSettings } from "./settings.ts";

const tokenPath = "/personalapitoken-service/personal-api/personal-api-key/token";
const personPath = "/usersummary-service/usersummary/daily";

/** "400, 401 and 403 all mean a bad key" (Garmin's client): wrong, ended or revoked. */
const badKey: ReadonlySet<number> = new Set([400, 401, 403]);
/** Other refusals say nothing about the key, nor about the resource that a token is wanted for. */
const isNoAnswer = (status: number): boolean => status < 500 && status !== 429;
const rulesWith = (ofKey: ReadonlySet<number>): FailureRules => ({
  ...failureRules,
  verdict({ status }) {
    if (ofKey.has(status)) return { code: "PROVIDER_UNAUTHORIZED", retry: "never" };
    return isNoAnswer(status) ? { code: "PROVIDER_UNAVAILABLE", retry: "later" } : null;
  },
});
const exchangeRules = rulesWith(badKey);
const personRules = rulesWith(new Set([401]));

const claims = z.object({ exp: z.number().positive() });

/** Returns the token of an answer: bare text, perhaps in quotes and with a line break, in place of JSON. */
function tokenIn(body: Buffer): string {
  const token = body
    .toString("utf8")
    .trim()
    .replace(/^"(.*)"$/s, "$1")
    .trim();
  if (/^[\w.~+/=-]{1,16384}$/.test(token)) return token;
  throw new ProviderError("PROVIDER_BODY_INVALID", "later", { path: tokenPath, reason: "not a token" });
}

/** Returns the end that the token itself states (`exp`, RFC 7519 §4.1.4); null where it cannot be read. */
export function endOf(token: string): Date | null {
  const [, payload = ""] = token.split(".");
  try {
    const { exp } = claims.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
    const end = new Date(exp * 1_000);
    return Number.isNaN(end.getTime()) ? null : end;
  } catch {
    // A token is opaque to its user. A 401 tells the end as well.
    return null;
  }
}

const person = z.looseObject({ user_profile_id: z.union([z.int(), z.string().min(1)]) });

/** Asks whose key it is. No endpoint tells it, but each day's summary names the person, even when nothing was measured. */
async function personOf(
  { settings: { api_url }, http }: ProviderAccess<GarminSettings>,
  token: string,
  signal: AbortSignal,
): Promise<string> {
  const today = new Date().toISOString().slice(0, 10);
  const url = `${api_url}${personPath}?calendarDate=${today}`;
  const asked = { method: "GET", url, authorization: bearer(token), signal } as const;
  const answer = await call(http, { ...asked, credentials: "person" }, personRules);
  const named = jsonOf(answer, z.unknown(), personPath);
  const read = person.safeParse(cleaned(named, snakeCase, { odd: false }));
  if (read.success) return String(read.data.user_profile_id);
  throw new ProviderError("PROVIDER_BODY_INVALID", "later", { path: personPath }, { cause: read.error });
}

/** Exchanges the key for a token of a day. There is no refresh token: the next one is made from the key again. */
async function exchange(
  access: ProviderAccess<GarminSettings>,
  { key, endsAt }: PastedKey,
  signal: AbortSignal,
  knownId?: string,
): Promise<Grant> {
  const asked = {
    method: "POST",
    url: `${access.settings.api_url}${tokenPath}`,
    authorization: `ApiKey ${key}`,
    accept: "*/*",
    signal,
  } as const;
  const answer = await call(access.http, { ...asked, credentials: "person" }, exchangeRules);
  const accessToken = tokenIn(answer.body);
  return {
    consent: "key",
    accessToken,
    expiresAt: endOf(accessToken),
    renewal: { kind: "key", key, endsAt },
    providerUserId: knownId ?? (await personOf(access, accessToken, signal)),
    scopes: [],
  };
}

export const connecting: KeyConnecting<GarminSettings> = {
  kind: "key",
  apis: [garminApi],
  instructions: { url: keyPage, steps: keySteps },
  hasEndDate: true,
  exchange,
};
