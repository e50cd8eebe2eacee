/**
 * Access tokens for a service account: a claim signed with its key is exchanged for a token that is valid for
 * an hour (RFC 7523; https://developers.google.com/identity/protocols/oauth2/service-account).
 */
import { sign } from "node:crypto";
import type { DeliveryError } from "../../destination.ts";
import { type AccessTokens, keepToken, type Token } from "../access-tokens.ts";
import { failure } from "../failure.ts";
import { type Answer, type GuardedHttp, jsonObject } from "../http.ts";
import type { ServiceAccount } from "./service-account.ts";

/**
 * The longest lifetime of a claim. It begins in the past, because Google refuses a claim from the future and clocks
 * differ.
 */
const claimSeconds = 3_600;
const backdatedSeconds = 900;
/** A token is not used in its last minute. */
const marginMs = 60_000;
/** Several deliveries may wait for one token: the request is not aborted together with one of them. */
const timeoutMs = 8_000;

/** `scope` limits the tokens, whatever other permissions the account has. */
export const openTokens = (account: ServiceAccount, scope: string, http: GuardedHttp): AccessTokens =>
  keepToken(() => exchange(account, scope, http), marginMs);

/** @throws DeliveryError */
async function exchange(account: ServiceAccount, scope: string, http: GuardedHttp): Promise<Token> {
  const askedAt = Date.now();
  const form = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion: signedClaim(account, scope, Math.floor(askedAt / 1_000)),
  });
  const answer = await http.send(
    {
      method: "POST",
      url: account.tokenUrl,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    },
    AbortSignal.timeout(timeoutMs),
  );
  if (answer.status !== 200) throw refusal(answer);
  const { access_token, expires_in } = JSON.parse(answer.text);
  return { value: access_token, expiresAt: askedAt + expires_in * 1_000 };
}

/** `now` in unix seconds. */
export function signedClaim(account: ServiceAccount, scope: string, now: number): string {
  const header = { alg: "RS256", typ: "JWT", kid: account.privateKeyId };
  const iat = now - backdatedSeconds;
  const claim = { iss: account.email, scope, aud: account.tokenUrl.href, iat, exp: iat + claimSeconds };
  const signed = [header, claim]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), account.privateKey).toString("base64url")}`;
}

/** RFC 6749 §5.2: `invalid_grant` is a key that was deleted, or never was. */
function refusal({ status, text, headers }: Answer): DeliveryError {
  const { error, error_description } = jsonObject(text);
  const reason = `no access token: ${error}: ${error_description}`;
  const refused = [400, 401, 403].includes(status);
  const code = refused ? "DESTINATION_CREDENTIALS_REFUSED" : "DELIVERY_FAILED";
  return failure(code, reason, { status, text: reason, headers });
}
