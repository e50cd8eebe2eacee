/** Codes, access tokens and refresh tokens. A refresh token works once, and is replaced by a new one. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import type { Scope } from "./collections.ts";

const codeLifetimeMs = 10 * 60_000;
export const tokenLifetimeMs = 24 * 3_600_000;

/** What a person has granted. */
export interface Granted {
  readonly userId: string;
  readonly scopes: readonly Scope[];
}

export interface Issued extends Granted {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Code extends Granted {
  readonly redirectUri: string;
  readonly issuedAt: number;
}

const secret = (): string => randomBytes(24).toString("base64url");

export class Tokens {
  readonly #clock: Clock;
  readonly #codes = new Map<string, Code>();
  readonly #access = new Map<string, Granted & { readonly endsAt: number }>();
  readonly #refresh = new Map<string, Granted>();
  /** How often a refresh token was refused because it had been used. */
  reused = 0;
  readonly #used = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issueCode(granted: Granted, redirectUri: string): string {
    const code = secret();
    this.#codes.set(code, { ...granted, redirectUri, issuedAt: this.#clock.now() });
    return code;
  }

  /** Exchanges a code, which works once; null when it is refused. */
  exchange(text: string, redirectUri: string | null): Issued | null {
    const code = this.#codes.get(text);
    this.#codes.delete(text);
    const isGood =
      code !== undefined &&
      code.redirectUri === redirectUri &&
      this.#clock.now() - code.issuedAt <= codeLifetimeMs;
    return isGood ? this.#issue(code) : null;
  }

  refresh(token: string): Issued | null {
    const granted = this.#refresh.get(token);
    if (this.#used.has(token)) this.reused += 1;
    if (granted === undefined) return null;
    this.#refresh.delete(token);
    this.#used.add(token);
    return this.#issue(granted);
  }

  /** Returns what a token opens; null when it is unknown or has ended. */
  grantedBy(token: string): Granted | null {
    const found = this.#access.get(token);
    return found !== undefined && found.endsAt > this.#clock.now() ? found : null;
  }

  /** Ends the access tokens, so that the next call needs a new one. */
  expire(): void {
    this.#access.clear();
  }

  /** Ends the permission that a token belongs to, or a user's, or everybody's. Returns how many tokens ended. */
  revoke(userId?: string): number {
    const isTheirs = (granted: Granted) => userId === undefined || granted.userId === userId;
    const tokens = [...this.#access].filter(([, granted]) => isTheirs(granted));
    for (const [token] of tokens) this.#access.delete(token);
    for (const [token, granted] of this.#refresh) if (isTheirs(granted)) this.#refresh.delete(token);
    return tokens.length;
  }

  clear(): void {
    this.#codes.clear();
    this.#access.clear();
    this.#refresh.clear();
    this.#used.clear();
    this.reused = 0;
  }

  #issue({ userId, scopes }: Granted): Issued {
    const [accessToken, refreshToken] = [secret(), secret()];
    this.#access.set(accessToken, { userId, scopes, endsAt: this.#clock.now() + tokenLifetimeMs });
    this.#refresh.set(refreshToken, { userId, scopes });
    return { userId, scopes, accessToken, refreshToken };
  }
}
