/**
 * Checks of the claim with which a token is asked for: RFC 7523, and Google's own conditions
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest).
 */
import { verify } from "node:crypto";
import type { Account, Accounts } from "./accounts.ts";
import { invalidGrant, Refusal } from "./refusal.ts";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const longestSeconds = 3_600;
const scopes = /^https:\/\/www\.googleapis\.com\/auth\/devstorage\.(read_write|full_control)$/;

/** @throws Refusal */
export function claimant(accounts: Accounts, form: URLSearchParams, audiences: readonly string[]): Account {
  if (form.get("grant_type") !== jwtBearer) throw new Refusal(400, { error: "unsupported_grant_type" });
  const [header = "", claim = "", signature = ""] = form.get("assertion")?.split(".") ?? [];
  const { iss, aud, scope, iat, exp } = decode(claim);
  const account = accounts.find(iss);
  if (account === undefined) throw invalidGrant("Invalid grant: account not found");
  const signed = Buffer.from(`${header}.${claim}`);
  const rs256 = decode(header).alg === "RS256";
  if (!rs256 || !verify("RSA-SHA256", signed, account.publicKey, Buffer.from(signature, "base64url"))) {
    throw invalidGrant("Invalid JWT Signature.");
  }
  if (!audiences.includes(String(aud))) throw invalidGrant("Invalid JWT: Failed audience check.");
  if (!isTimely(Number(iat), Number(exp), Date.now() / 1_000)) {
    throw invalidGrant(
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
    );
  }
  if (!scopes.test(String(scope))) throw new Refusal(400, { error: "invalid_scope" });
  return account;
}

const isTimely = (iat: number, exp: number, now: number): boolean =>
  iat <= now + 60 && exp > now && exp - iat <= longestSeconds;

const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
