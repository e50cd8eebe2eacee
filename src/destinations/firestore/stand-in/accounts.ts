/** Service accounts, each with its permissions and a key, and their tokens. */
import { generateKeyPairSync, randomUUID, verify } from "node:crypto";

export interface Account {
  readonly email: string;
  readonly permissions: ReadonlySet<string>;
}

const scope = "https://www.googleapis.com/auth/datastore";
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

export class Accounts {
  readonly #byEmail = new Map<string, Account>();
  readonly #byToken = new Map<string, Account>();
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2_048 });

  /** The key file of a new account. */
  add(permissions: readonly string[], tokenUrl: string): string {
    const email = newEmail();
    this.#byEmail.set(email, { email, permissions: new Set(permissions) });
    return this.#keyFile(email, tokenUrl);
  }

  /** The key file of an account that does not exist (any more). */
  unknownKey(tokenUrl: string): string {
    return this.#keyFile(newEmail(), tokenUrl);
  }

  byToken(authorization: string | undefined): Account | undefined {
    return this.#byToken.get(authorization?.replace(/^Bearer /, "") ?? "");
  }

  /** Makes the tokens that were given out so far invalid. */
  revokeTokens(): void {
    this.#byToken.clear();
  }

  /** A new token for the account that signed the claim; null for a claim that Google refuses. */
  token(form: URLSearchParams): string | null {
    const [header = "", claim = "", signature = ""] = form.get("assertion")?.split(".") ?? [];
    const said = JSON.parse(Buffer.from(claim, "base64url").toString("utf8") || "{}");
    const account = this.#byEmail.get(String(said.iss));
    const signed = Buffer.from(`${header}.${claim}`);
    const genuine = verify("RSA-SHA256", signed, this.#keys.publicKey, Buffer.from(signature, "base64url"));
    const isRight =
      form.get("grant_type") === jwtBearer && said.scope === scope && said.exp * 1_000 > Date.now();
    if (account === undefined || !genuine || !isRight) return null;
    const token = `ya29.${randomUUID()}`;
    this.#byToken.set(token, account);
    return token;
  }

  #keyFile(email: string, tokenUrl: string): string {
    return JSON.stringify({
      type: "service_account",
      project_id: "systole-test",
      private_key_id: randomUUID().replaceAll("-", ""),
      private_key: this.#keys.privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: email,
      token_uri: tokenUrl,
    });
  }
}

const newEmail = (): string => `systole-${randomUUID()}@systole-test.iam.gserviceaccount.com`;
