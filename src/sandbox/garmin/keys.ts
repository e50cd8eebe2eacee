/** The keys that people make on Garmin's page, and the tokens that are made from them. */
import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";

const dayMs = 86_400_000;
const tokenLifetimeMs = dayMs;

export interface Key {
  readonly text: string;
  readonly userId: number;
  /** Milliseconds since 1970 on the sandbox's clock. */
  readonly endsAt: number;
}

interface Token {
  readonly key: string;
  readonly userId: number;
  readonly endsAt: number;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

export class Keys {
  readonly #clock: Clock;
  readonly #secret = randomBytes(32);
  readonly #keys = new Map<string, Key>();
  readonly #tokens = new Map<string, Token>();
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes a key that lives so many days. Garmin shows it once. */
  make(userId: number, days: number): Key {
    const text = randomBytes(32).toString("base64url");
    const key = { text, userId, endsAt: this.#clock.now() + days * dayMs };
    this.#keys.set(text, key);
    return key;
  }

  /** Exchanges a key for a token of a day, or of what is left of the key; null when the key is wrong or has ended. */
  exchange(text: string): string | null {
    const key = this.#keys.get(text);
    const now = this.#clock.now();
    if (key === undefined || key.endsAt <= now) return null;
    const endsAt = Math.min(now + tokenLifetimeMs, key.endsAt);
    const token = this.#signed(key.userId, now, endsAt);
    this.#tokens.set(token, { key: text, userId: key.userId, endsAt });
    return token;
  }

  /** Returns the person whose key or token a text is, or was before it ended; null for any other text. */
  ownerOf(text: string): number | null {
    return (this.#keys.get(text) ?? this.#tokens.get(text))?.userId ?? null;
  }

  /** Returns the person that a token belongs to; null when it, or its key, is unknown or has ended. */
  personOf(text: string): number | null {
    const token = this.#tokens.get(text);
    const key = token && this.#keys.get(token.key);
    const now = this.#clock.now();
    return token && key && token.endsAt > now && key.endsAt > now ? token.userId : null;
  }

  /** Ends the tokens of one person, or of all, so that their next call needs another exchange. */
  expire(userId?: number): void {
    for (const [text, token] of this.#tokens)
      if (userId === undefined || token.userId === userId) this.#tokens.delete(text);
  }

  /** Ends the keys of one person, or of all. Returns how many ended. */
  revoke(userId?: number): number {
    const now = this.#clock.now();
    const ended = [...this.#keys.values()].filter(
      (key) => key.endsAt > now && (userId === undefined || key.userId === userId),
    );
    for (const key of ended) this.#keys.set(key.text, { ...key, endsAt: now });
    return ended.length;
  }

  clear(): void {
    this.#keys.clear();
    this.#tokens.clear();
  }

  /** A JWT (RFC 7519) with its end. Two of the same second differ by their number. */
  #signed(userId: number, now: number, endsAt: number): string {
    this.#made += 1;
    const claims = {
      sub: String(userId),
      scope: ["PERSONAL_API_READ"],
      iat: Math.floor(now / 1_000),
      exp: Math.floor(endsAt / 1_000),
      jti: String(this.#made),
    };
    const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
    return `${text}.${createHmac("sha256", this.#secret).update(text).digest("base64url")}`;
  }
}
