import { randomBytes, randomUUID } from "node:crypto";
import type { Clock } from "../../kit/clock.ts";
import type { Switches } from "./switches.ts";

const CODE_LIFETIME_MS = 10 * 60_000;
/** One source says that a refresh token lives about 100 days. */
const REFRESH_LIFETIME_MS = 100 * 86_400_000;

/** What one person gave at one consent. */
export interface Grant {
  readonly userId: number;
  readonly scopes: readonly string[];
  readonly at: number;
  isEnded: boolean;
  refreshes: number;
}

interface Code {
  readonly grant: Grant;
  readonly redirectUri: string;
  readonly issuedAt: number;
  isUsed: boolean;
}

interface Access {
  readonly grant: Grant;
  expiresAt: number;
}

interface Refresh {
  readonly grant: Grant;
  readonly issuedAt: number;
  isRotated: boolean;
}

export interface TokenPair {
  readonly grant: Grant;
  readonly access: string;
  /** Absent where the reply carries none. */
  readonly refresh?: string;
}

export type Granted = TokenPair | { readonly refused: string };

const secret = () => randomBytes(24).toString("base64url");

/** The consents at v4: codes, access tokens that expire, and refresh tokens. */
export class Grants {
  readonly #clock: Clock;
  readonly #switches: () => Switches;
  #codes = new Map<string, Code>();
  #access = new Map<string, Access>();
  #refresh = new Map<string, Refresh>();
  #grants: Grant[] = [];

  constructor(clock: Clock, switches: () => Switches) {
    this.#clock = clock;
    this.#switches = switches;
  }

  issueCode(userId: number, scopes: readonly string[], redirectUri: string): string {
    const code = randomUUID();
    const grant: Grant = { userId, scopes, at: this.#clock.now(), isEnded: false, refreshes: 0 };
    this.#grants.push(grant);
    this.#codes.set(code, { grant, redirectUri, issuedAt: this.#clock.now(), isUsed: false });
    return code;
  }

  /** Exchanges a code, which lives ten minutes and works once. A second use ends the grant that it gave. */
  exchange(text: string, redirectUri: string | null): Granted {
    const code = this.#codes.get(text);
    if (!code) return { refused: "The authorization code is unknown" };
    if (code.isUsed) {
      code.grant.isEnded = true;
      return { refused: "The authorization code was used before; its grant is ended" };
    }
    if (this.#clock.now() - code.issuedAt > CODE_LIFETIME_MS) {
      return { refused: "The authorization code is older than ten minutes" };
    }
    if (code.redirectUri !== redirectUri) {
      return { refused: "redirect_uri is not the one that was sent to the authorization endpoint" };
    }
    code.isUsed = true;
    return { grant: code.grant, access: this.#newAccess(code.grant), refresh: this.#newRefresh(code.grant) };
  }

  /** Renews the tokens of a grant. Whether the refresh token changes is decided by switches. */
  renew(text: string): Granted {
    const refresh = this.#refresh.get(text);
    if (!refresh || refresh.grant.isEnded) return { refused: "The refresh token is unknown or revoked" };
    if (this.#clock.now() - refresh.issuedAt > REFRESH_LIFETIME_MS) {
      return { refused: "The refresh token has expired" };
    }
    const { old_refresh_token, refresh_rotation } = this.#switches();
    if (refresh.isRotated && old_refresh_token !== "works") {
      if (old_refresh_token === "ends-grant") refresh.grant.isEnded = true;
      return { refused: "The refresh token was used before" };
    }
    const { grant } = refresh;
    grant.refreshes++;
    const access = this.#newAccess(grant);
    if (refresh_rotation === "never") return { grant, access };
    const isKept =
      refresh_rotation === "repeated" || (refresh_rotation === "sometimes" && grant.refreshes % 2 === 1);
    if (isKept) return { grant, access, ...(refresh_rotation === "repeated" && { refresh: text }) };
    refresh.isRotated = true;
    return { grant, access, refresh: this.#newRefresh(grant) };
  }

  /** Returns the grant of an access token that is valid now. */
  grantOf(token: string): Grant | undefined {
    const access = this.#access.get(token);
    if (!access || access.grant.isEnded || this.#clock.now() >= access.expiresAt) return undefined;
    return access.grant;
  }

  /** Returns the moment of a person's first consent. */
  firstConsent(userId: number): number | undefined {
    return this.#grants.find((grant) => grant.userId === userId)?.at;
  }

  /** Returns the scopes of a person's consents that hold. */
  scopesOf(userId: number): string[] {
    const held = this.#grants.filter((grant) => grant.userId === userId && !grant.isEnded);
    return [...new Set(held.flatMap(({ scopes }) => scopes))].sort();
  }

  /** Makes access tokens expire now: a person's, or everybody's without one. */
  expire(userId?: number): number {
    const found = [...this.#access.values()].filter(
      (access) => isOf(access.grant, userId) && access.expiresAt > this.#clock.now(),
    );
    for (const access of found) access.expiresAt = this.#clock.now();
    return found.length;
  }

  /** Ends a person's grants, or everybody's without one, as the person does at account.polar.com. */
  revoke(userId?: number): number {
    const found = this.#grants.filter((grant) => isOf(grant, userId) && !grant.isEnded);
    for (const grant of found) grant.isEnded = true;
    return found.length;
  }

  clear(): void {
    this.#codes.clear();
    this.#access.clear();
    this.#refresh.clear();
    this.#grants = [];
  }

  #newAccess(grant: Grant): string {
    const token = secret();
    const expiresAt = this.#clock.now() + this.#switches().expires_in * 1000;
    this.#access.set(token, { grant, expiresAt });
    return token;
  }

  #newRefresh(grant: Grant): string {
    const token = secret();
    this.#refresh.set(token, { grant, issuedAt: this.#clock.now(), isRotated: false });
    return token;
  }
}

const isOf = (grant: Grant, userId: number | undefined) => userId === undefined || grant.userId === userId;
