/**
 * Records refused notifications: a metric counts each, the log reports them once a minute, and the first ones
 * of every hour are stored. Anyone can cause a refusal without credentials, so the stored rows and log lines
 * must not grow with their number.
 */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { SystoleError } from "../errors.ts";
import { noEnvironment } from "../store/identifiers.ts";
import {
  hourOf,
  keepRefused,
  type RefusedNotification,
  refusedPerHourAndCode,
} from "../store/refused-notifications.ts";
import type { Store } from "../store/store.ts";
import type { Logger } from "../telemetry/log.ts";
import { RefusalLines } from "./refusal-lines.ts";

const keptBytes = 256;

/** A notification as it arrived, before anything is known about it. */
export interface ArrivedNotification {
  readonly providerSlug: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly traceId: string;
}

/** A refused notification; `body` is null if it was refused before it was read. */
export interface Refusal extends Omit<ArrivedNotification, "body"> {
  readonly body: Buffer | null;
  readonly error: SystoleError;
}

export interface RefusalDeps {
  readonly store: Pick<Store, "db">;
  readonly log: Logger;
  readonly count: (provider: string, code: string) => void;
}

export class RefusalLog {
  readonly #deps: RefusalDeps;
  readonly #lines: RefusalLines;
  #hour = 0;
  readonly #tried = new Map<string, number>();

  constructor(deps: RefusalDeps) {
    this.#deps = deps;
    this.#lines = new RefusalLines(deps.log);
  }

  async record(refusal: Refusal): Promise<void> {
    const { code } = refusal.error;
    this.note(refusal.providerSlug, refusal);
    if (this.#mayBeKept(code)) await keepRefused(this.#deps.store.db, refusedNotification(refusal));
  }

  /** Counts a refusal without storing it. */
  note(provider: string, { error: { code }, traceId }: Pick<Refusal, "error" | "traceId">): void {
    this.#deps.count(provider, code);
    this.#lines.add({ provider, code }, traceId);
  }

  close(): void {
    this.#lines.close();
  }

  /**
   * Whether this process may still store one: false once it has used up the hour's share, so the database
   * need not be asked.
   */
  #mayBeKept(code: string): boolean {
    const hour = hourOf(new Date()).getTime();
    if (hour !== this.#hour) this.#tried.clear();
    this.#hour = hour;
    const tried = this.#tried.get(code) ?? 0;
    this.#tried.set(code, tried + 1);
    return tried < refusedPerHourAndCode;
  }
}

/**
 * Returns the row of a refused notification. It belongs to no environment: without a valid signature its
 * owner is unknown.
 */
const refusedNotification = ({
  providerSlug,
  headers,
  body,
  traceId,
  error,
}: Refusal): RefusedNotification => ({
  environmentId: noEnvironment,
  provider: providerSlug,
  state: "refused",
  traceId,
  event: null,
  providerUserId: null,
  fetches: [],
  body: body?.subarray(0, keptBytes) ?? null,
  code: error.code,
  details: { ...error.details, ...factsOf(body, headers) },
});

/** Describes a body. If it was not read, only its length is known, and only if the sender gave it. */
const factsOf = (body: Buffer | null, headers: IncomingHttpHeaders): Record<string, unknown> =>
  body === null
    ? { body_bytes: Number(headers["content-length"]) || null, body_sha256: null }
    : { body_bytes: body.length, body_sha256: createHash("sha256").update(body).digest("hex") };
