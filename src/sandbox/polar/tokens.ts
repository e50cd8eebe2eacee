import { randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";

const CODE_LIFETIME_MS = 10 * 60_000;

interface Code {
  userId: number;
  redirectUri: string | undefined;
  issuedAt: number;
  /** Set once the code was exchanged. */
  token?: string;
}

export type Exchange = { token: string; userId: number } | { refused: string };

/** Authorisation codes and access tokens. There are no refresh tokens: a lost token means linking again. */
export class Tokens {
  readonly #clock: Clock;
  #codes = new Map<string, Code>();
  #userByToken = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issueCode(userId: number, redirectUri: string | undefined): string {
    const code = randomBytes(16).toString("hex");
    this.#codes.set(code, { userId, redirectUri, issuedAt: this.#clock.now() });
    return code;
  }

  /** Exchanges a code, which lives ten minutes and works once. A second use also deletes the token that it gave. */
  exchange(text: string, redirectUri: string | undefined): Exchange {
    const code = this.#codes.get(text);
    if (!code) return { refused: "The authorization code is unknown" };
    if (code.token !== undefined) {
      this.#userByToken.delete(code.token);
      return { refused: "The authorization code was used before; the token it gave is deleted" };
    }
    if (this.#clock.now() - code.issuedAt > CODE_LIFETIME_MS) {
      return { refused: "The authorization code is older than ten minutes" };
    }
    if (code.redirectUri !== undefined && code.redirectUri !== redirectUri) {
      return { refused: "redirect_uri is not the one that was sent to the authorization endpoint" };
    }
    code.token = randomBytes(16).toString("hex");
    this.#userByToken.set(code.token, code.userId);
    return { token: code.token, userId: code.userId };
  }

  userOf(token: string): number | undefined {
    return this.#userByToken.get(token);
  }

  /** Revokes a user's tokens, or everybody's without a user. */
  revoke(userId?: number): number {
    const revoked = [...this.#userByToken].filter(([, owner]) => userId === undefined || owner === userId);
    for (const [token] of revoked) this.#userByToken.delete(token);
    return revoked.length;
  }

  clear(): void {
    this.#codes.clear();
    this.#userByToken.clear();
  }
}
