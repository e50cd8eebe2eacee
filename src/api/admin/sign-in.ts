/** Authenticates callers of the admin API by token or by cookie, and delays answers to wrong secrets. */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import { GuessBrake } from "../../security/guess-brake.ts";
import { hashSecret } from "../../security/secrets.ts";
import { type OpenSession, useAccountSession } from "../../store/account-sessions.ts";
import { accountActor } from "../../store/operator-accounts.ts";
import { type Actor, actorOf } from "../../store/operators.ts";
import type { Database } from "../../store/tables.ts";
import { header } from "../auth.ts";
import { assertOwnPage, sessionTokenOf } from "./session-cookie.ts";

declare module "fastify" {
  interface FastifyRequest {
    operator: Actor | null;
    /** The session of a caller with a cookie. */
    accountSession: OpenSession | null;
  }
}

/** The wait that is asked of callers who must come back later. */
const retryAfterSeconds = 30;

/** The number of operators' tokens that are remembered as right. */
const rememberedTokens = 1_000;

const safeMethods = new Set(["GET", "HEAD"]);

export class SignIn {
  readonly #db: Database;
  readonly #brake = new GuessBrake();
  readonly #closing = new AbortController();
  /** Hashes of tokens that were right in this process. A token that was revoked since is looked up, and refused. */
  readonly #right = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Answers the waiting callers at once. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * A token comes before a cookie: a browser adds that by itself.
   * @throws SystoleError ADMIN_TOKEN_INVALID, ADMIN_TOKEN_GUESSED, ACCOUNT_SESSION_ENDED, CSRF_REFUSED
   */
  async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
    const cookie = sessionTokenOf(request);
    if (header(request, "authorization") === null && cookie !== null) return this.#bySession(request, cookie);
    const [, token] = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "") ?? [];
    // Without a token there was no guess.
    if (token === undefined) throw new SystoleError("ADMIN_TOKEN_INVALID");
    return this.#byToken(request, reply, token);
  }

  /**
   * What the check finds; the answer waits, the longer the more wrong secrets came from the caller's address or were tried
   * for the same thing.
   * @throws SystoleError ADMIN_TOKEN_GUESSED
   */
  async guarded<Found>(
    request: FastifyRequest,
    reply: FastifyReply,
    { what, check }: { readonly what: string | null; readonly check: () => Promise<Found | null> },
  ): Promise<Found | null> {
    const { ip: address } = request;
    if (!this.#brake.begin(address, Date.now())) {
      reply.header("retry-after", retryAfterSeconds);
      throw new SystoleError("ADMIN_TOKEN_GUESSED");
    }
    try {
      const found = await check();
      if (found === null) await this.#slowDown(request, what);
      return found;
    } finally {
      this.#brake.ended(address);
    }
  }

  /** A cookie has 256 random bits: nobody guesses it, and nobody who has it waits for those who guess. */
  async #bySession(request: FastifyRequest, cookie: string): Promise<Actor> {
    const session = await useAccountSession(this.#db, cookie);
    if (session === null) throw new SystoleError("ACCOUNT_SESSION_ENDED");
    if (!safeMethods.has(request.method)) assertOwnPage(request, cookie);
    request.accountSession = session;
    return accountActor(session);
  }

  async #byToken(request: FastifyRequest, reply: FastifyReply, token: string): Promise<Actor> {
    const name = hashSecret(token).toString("base64");
    const check = () => actorOf(this.#db, token);
    const known = this.#right.has(name) ? await check() : null;
    if (known !== null) return known;
    const actor = await this.guarded(request, reply, { what: null, check });
    if (actor === null) throw new SystoleError("ADMIN_TOKEN_INVALID");
    if (this.#right.size >= rememberedTokens) this.#right.clear();
    this.#right.add(name);
    return actor;
  }

  async #slowDown(request: FastifyRequest, what: string | null): Promise<void> {
    const { ip: address } = request;
    const now = Date.now();
    const { failures, waitMs } = this.#brake.failed(address, now);
    // Logged at 8, 16, 32 and so on, so that a guesser does not fill the log.
    if (failures >= 8 && Number.isInteger(Math.log2(failures))) {
      request.log.warn({ address, failures }, "wrong admin tokens or passwords");
    }
    const ofThing = what === null ? 0 : this.#brake.failed(what, now).waitMs;
    const longest = Math.max(waitMs, ofThing);
    if (longest === 0) return;
    const { signal } = this.#closing;
    await pause(longest, undefined, { signal, ref: false }).catch(() => {});
  }
}
