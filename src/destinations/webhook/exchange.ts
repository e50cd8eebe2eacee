/**
 * One request and the beginning of its answer, in undici's own terms: a stream for each answer and a signal for each
 * request cost as much as all else of them.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

/** Bytes of an answer that are kept. A longer one ends its connection, unless the rest came with them. */
export const keptBytes = 1_024;
/** Time for the rest of an answer: its status alone decides. */
const restMs = 1_000;

export interface BegunAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Its first kilobyte. An answer that breaks off does not change the meaning of its status. */
  readonly text: string;
}

export class Exchange implements Dispatcher.DispatchHandler {
  /** Rejects when no answer begins, with what undici says or the reason for which it was ended. */
  readonly answer: Promise<BegunAnswer>;
  readonly #answered = Promise.withResolvers<BegunAnswer>();
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  #controller: Dispatcher.DispatchController | null = null;
  #head: Pick<BegunAnswer, "status" | "headers"> | null = null;
  #endedFor: Error | null = null;
  #timer: NodeJS.Timeout | undefined;
  #cut: NodeJS.Immediate | undefined;

  constructor() {
    this.answer = this.#answered.promise;
  }

  /** Ends it. A request that still waits for a connection is not sent when it gets one. */
  end(reason: Error): void {
    this.#endedFor ??= reason;
    this.#finish(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#endedFor !== null) controller.abort(this.#endedFor);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Others announce that the answer is still to come.
    if (status < 200) return;
    this.#head = { status, headers };
    this.#timer = setTimeout(() => this.end(new Error("the answer does not end")), restMs);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#kept.push(chunk.subarray(0, Math.max(0, keptBytes - this.#bytes)));
    this.#bytes += chunk.length;
    if (this.#bytes <= keptBytes) return;
    this.#cut ??= setImmediate(() => this.end(new Error("the answer is longer than what is kept")));
  }

  onResponseEnd(): void {
    this.#finish(null);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish(error);
  }

  #finish(error: Error | null): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#cut);
    if (this.#head !== null) {
      this.#answered.resolve({ ...this.#head, text: Buffer.concat(this.#kept).toString("utf8") });
    } else this.#answered.reject(error);
  }
}
