/** Limits on what a client may hold open, and the answer to what is not HTTP or comes too slowly. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { SystoleError } from "../errors.ts";
import { problemOf } from "./errors.ts";

export interface ConnectionLimits {
  /** Until the request line and the headers are here. */
  readonly headersMs: number;
  /** Until the whole request is here, its body included. */
  readonly requestMs: number;
  /** Without a byte in either direction; longer than any answer takes to begin. */
  readonly silenceMs: number;
  /** At the same time; one more is closed unanswered. */
  readonly connections: number;
  /** How often requests that are too slow are looked for. */
  readonly checkMs: number;
}

export const usualLimits: ConnectionLimits = {
  headersMs: 15_000,
  requestMs: 60_000,
  silenceMs: 10 * 60_000,
  connections: 4_000,
  checkMs: 5_000,
};

/** Fastify's options for these limits. `connections` belongs on the server itself, as its `maxConnections`. */
export const limitingOptions = (limits: ConnectionLimits) => ({
  requestTimeout: limits.requestMs,
  connectionTimeout: limits.silenceMs,
  http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.checkMs },
  clientErrorHandler: refuse,
});

/** Node's own codes that are not simply a request that cannot be read. */
function refusalOf({ code }: NodeJS.ErrnoException): SystoleError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new SystoleError("REQUEST_TOO_SLOW");
  if (code === "HPE_HEADER_OVERFLOW") return new SystoleError("REQUEST_HEADERS_TOO_LARGE");
  const fields = [{ in: "request", field: "", problem: "is not HTTP/1.1" }];
  return new SystoleError("REQUEST_INVALID", { fields });
}

/** For reading the answer: a connection that is closed while bytes are still coming in is reset, answer and all. */
const partingMs = 1_000;

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(answerTo(refusalOf(error)));
  setTimeout(() => socket.destroy(), partingMs).unref();
}

function answerTo(error: SystoleError): string {
  const body = JSON.stringify(problemOf(error, ""));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}`,
    "content-type: application/problem+json; charset=utf-8",
    "x-content-type-options: nosniff",
    "connection: close",
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
