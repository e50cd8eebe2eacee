/** Authenticates callers of the admin API, and delays answers to wrong tokens. */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import { GuessBrake } from "../../security/guess-brake.ts";
import { hashSecret } from "../../security/secrets.ts";
import { type Actor, actorOf } from "../../store/operators.ts";
import type { Database } from "../../store/tables.ts";
import { header } from "../auth.ts";

declare module "fastify" {
  interface FastifyRequest {
    operator: Actor | null;
  }
}

/** The wait that is asked of callers who must come back later. */
const retryAfterSeconds = 30;

/** The number of operators' tokens that are remembered as right. */
const rememberedTokens = 1_000;

interface Given {
  readonly token: string;
  /** The token's hash, under which it is remembered. */
  readonly name: string;
}

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

  /** @throws SystoleError ADMIN_TOKEN_INVALID, ADMIN_TOKEN_GUESSED */
  async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
    const [, token] = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "") ?? [];
    // Without a token there was no guess.
    if (token === undefined) throw new SystoleError("ADMIN_TOKEN_INVALID");
    const name = hashSecret(token).toString("base64");
    const actor = this.#right.has(name) ? await actorOf(this.#db, token) : null;
    return actor ?? this.#look(request, reply, { token, name });
  }

  /** @throws SystoleError ADMIN_TOKEN_INVALID, ADMIN_TOKEN_GUESSED */
  async #look(request: FastifyRequest, reply: FastifyReply, { token, name }: Given): Promise<Actor> {
    const { ip: address } = request;
    if (!this.#brake.begin(address, Date.now())) {
      reply.header("retry-after", retryAfterSeconds);
      throw new SystoleError("ADMIN_TOKEN_GUESSED");
    }
    try {
      const actor = await actorOf(this.#db, token);
      if (actor !== null) return this.#remembered(name, actor);
      await this.#slowDown(request);
    } finally {
      this.#brake.ended(address);
    }
    throw new SystoleError("ADMIN_TOKEN_INVALID");
  }

  #remembered(name: string, actor: Actor): Actor {
    if (this.#right.size >= rememberedTokens) this.#right.clear();
    this.#right.add(name);
    return actor;
  }

  async #slowDown(request: FastifyRequest): Promise<void> {
    const { ip: address } = request;
    const { failures, waitMs } = this.#brake.failed(address, Date.now());
    // Logged at 8, 16, 32 and so on, so that a guesser does not fill the log.
    if (failures >= 8 && Number.isInteger(Math.log2(failures))) {
      request.log.warn({ address, failures }, "wrong admin tokens");
    }
    if (waitMs === 0) return;
    const { signal } = this.#closing;
    await pause(waitMs, undefined, { signal, ref: false }).catch(() => {});
  }
}
