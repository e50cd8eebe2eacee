/** Verification of signed addresses, as in https://cloud.google.com/storage/docs/access-control/signed-urls. */
import { createHash, verify } from "node:crypto";
import type { Account, Accounts } from "./accounts.ts";
import { storageRefusal } from "./refusal.ts";

const algorithm = "GOOG4-RSA-SHA256";

export const isSigned = (url: URL): boolean => url.searchParams.has("X-Goog-Signature");

/** Returns the account that signed the address. @throws Refusal */
export function signatory(accounts: Accounts, method: string, url: URL): Account {
  const parameter = (name: string): string => url.searchParams.get(`X-Goog-${name}`) ?? "";
  const [email, ...scope] = parameter("Credential").split("/");
  const account = accounts.find(email);
  const text = [algorithm, parameter("Date"), scope.join("/"), sha256(canonicalRequest(method, url))];
  const signature = Buffer.from(parameter("Signature"), "hex");
  const genuine =
    account !== undefined && verify("RSA-SHA256", Buffer.from(text.join("\n")), account.publicKey, signature);
  if (!genuine) throw storageRefusal(403, "SignatureDoesNotMatch", "Access denied.");
  const expiresAt = instant(parameter("Date")) + Number(parameter("Expires")) * 1_000;
  if (Date.now() > expiresAt) throw storageRefusal(400, "ExpiredToken", "Invalid argument.");
  return account;
}

/** The signed host has no port, since Google's has none. */
function canonicalRequest(method: string, url: URL): string {
  const query = [...url.searchParams]
    .filter(([name]) => name !== "X-Goog-Signature")
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join("&");
  return [method, url.pathname, query, `host:${url.hostname}\n`, "host", "UNSIGNED-PAYLOAD"].join("\n");
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** `20260312T060000Z` */
const instant = (date: string): number =>
  Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
