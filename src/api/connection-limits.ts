/** Limits on what a client may hold open, and the answer to what is not HTTP or comes too slowly. */
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
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

/** Fastify's options for these limits; the rest is set on the server itself, by `limitServer`. */
export const limitingOptions = (limits: ConnectionLimits) => ({
  requestTimeout: limits.requestMs,
  connectionTimeout: limits.silenceMs,
  http: {
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: limits.checkMs,
    // Node's own refusal has no body: assertHost says it as a problem.
    requireHostHeader: false,
  },
  clientErrorHandler: refuse,
});

/** Also answers what Node would refuse without a word of ours. */
export function limitServer(server: Server, { connections }: ConnectionLimits): void {
  server.maxConnections = connections;
  server.on("connect", (_request, socket) => part(socket, new SystoleError("ROUTE_NOT_FOUND")));
  server.on("checkExpectation", ({ socket }) =>
    part(socket, notValid("has another Expect than 100-continue")),
  );
}

/** RFC 9112, 3.2. @throws SystoleError REQUEST_INVALID */
export function assertHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion === "1.1" && headers.host === undefined) throw notValid("has no Host");
}

const notValid = (problem: string): SystoleError =>
  new SystoleError("REQUEST_INVALID", { fields: [{ in: "request", field: "", problem }] });

/** Node's own codes that are not simply a request that cannot be read. */
function refusalOf({ code }: NodeJS.ErrnoException): SystoleError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new SystoleError("REQUEST_TOO_SLOW");
  if (code === "HPE_HEADER_OVERFLOW") return new SystoleError("REQUEST_HEADERS_TOO_LARGE");
  return notValid("is not HTTP/1.1");
}

/** For reading the answer: a connection that is closed while bytes are still coming in is reset, answer and all. */
const partingMs = 1_000;

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else part(socket, refusalOf(error));
}

function part(socket: Duplex, error: SystoleError): void {
  socket.end(answerTo(error));
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
