/** Who calls the admin API, and how long a wrong token waits for its answer. */
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { SystoleError } from "../../errors.ts";
import { GuessBrake } from "../../security/guess-brake.ts";
import { type Actor, actorOf } from "../../store/operators.ts";
import type { Database } from "../../store/tables.ts";
import { header } from "../auth.ts";

declare module "fastify" {
  interface FastifyRequest {
    operator: Actor | null;
  }
}

/** For those who have to come back later. */
const retryAfterSeconds = 30;

export class SignIn {
  readonly #db: Database;
  readonly #brake = new GuessBrake();
  readonly #closing = new AbortController();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Answers those who wait at once. */
  close(): void {
    this.#closing.abort();
  }

  /** @throws SystoleError ADMIN_TOKEN_INVALID, ADMIN_TOKEN_GUESSED */
  async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Actor> {
    const [, token] = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "") ?? [];
    // Nothing was guessed.
    if (token === undefined) throw new SystoleError("ADMIN_TOKEN_INVALID");
    const actor = await actorOf(this.#db, token);
    if (actor !== null) return actor;
    await this.#slowDown(request, reply);
    throw new SystoleError("ADMIN_TOKEN_INVALID");
  }

  /** @throws SystoleError ADMIN_TOKEN_GUESSED */
  async #slowDown(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { ip: address } = request;
    const { failures, waitMs } = this.#brake.failed(address, Date.now());
    // At 8, 16, 32 and so on: a guesser does not fill the log.
    if (failures >= 8 && Number.isInteger(Math.log2(failures))) {
      request.log.warn({ address, failures }, "wrong admin tokens");
    }
    if (waitMs === 0) return;
    if (waitMs === null) {
      reply.header("retry-after", retryAfterSeconds);
      throw new SystoleError("ADMIN_TOKEN_GUESSED");
    }
    const { signal } = this.#closing;
    await pause(waitMs, undefined, { signal, ref: false }).catch(() => {});
    this.#brake.released(address);
  }
}
