/** Service accounts, each with its permissions and a key. */
import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";

export interface Account {
  readonly email: string;
  readonly publicKey: KeyObject;
  readonly permissions: ReadonlySet<string>;
}

const project = "systole-test";

export class Accounts {
  readonly #byEmail = new Map<string, Account>();
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2_048 });

  /** The key file of a new account. */
  add(permissions: readonly string[], tokenUrl: string): string {
    const email = newEmail();
    const { publicKey } = this.#keys;
    this.#byEmail.set(email, { email, publicKey, permissions: new Set(permissions) });
    return this.#keyFile(email, tokenUrl);
  }

  /** The key file of an account that does not exist (any more). */
  unknownKey(tokenUrl: string): string {
    return this.#keyFile(newEmail(), tokenUrl);
  }

  find(email: unknown): Account | undefined {
    return this.#byEmail.get(String(email));
  }

  #keyFile(email: string, tokenUrl: string): string {
    return JSON.stringify({
      type: "service_account",
      project_id: project,
      private_key_id: randomUUID().replaceAll("-", ""),
      private_key: this.#keys.privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: email,
      client_id: "100000000000000000000",
      auth_uri: "https://accounts.google.com/o/oauth2/auth",
      token_uri: tokenUrl,
      universe_domain: "googleapis.com",
    });
  }
}

const newEmail = (): string => `systole-${randomUUID()}@${project}.iam.gserviceaccount.com`;
